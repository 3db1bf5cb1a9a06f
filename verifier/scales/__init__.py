"""Growth scales: logarithms of monomials as linear forms, and the linear programs over them.

Untrusted: what is found here goes into certificates that the kernel re-checks.  Shared by `prove` (multipliers of the
feasible dual) and `refute` (rays of the primal)."""
