"""Finding counterexamples.  Untrusted: every result is a certificate for the kernel."""
