From Claim Require Statement Proof.
Definition audit : Statement.refuted := Proof.t.
Print Assumptions audit.
