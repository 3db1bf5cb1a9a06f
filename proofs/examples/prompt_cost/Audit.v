From Claim Require Statement Proof.
Definition audit : Statement.claim := Proof.t.
Print Assumptions audit.
