From Coq Require Import ZArith List Lia.
From Aalp Require Import TacticsZ.
From Claim Require Import Statement.
Open Scope Z_scope.

Lemma inhabited : Statement.inhabited.
Proof. exists 1, 1, 1. unfold domain. lia. Qed.

Lemma upper : Statement.upper.
Proof.
  exists 2. split; [lia|]. intros b k l (Hb & Hk & Hl & Hbk). unfold lhs, rhs.
  dominate_Z [b; k; l] [at_least 1 1; at_least 1 2]
    [Step 1 [2; 1; 1] [Target 1 1 [2; 2; 2]] [1; 1]%N]
    [(1, [2; 2; 2]); (-1, [2; 1; 1])].
Qed.

Lemma lower : Statement.lower.
Proof.
  exists 1. split; [lia|]. intros b k l (Hb & Hk & Hl & Hbk). unfold lhs, rhs.
  dominate_Z [b; k; l] (@nil fact) (@nil step) [(1, [2; 1; 1])].
Qed.

Theorem t : claim.
Proof. exact (conj inhabited (conj upper lower)). Qed.
