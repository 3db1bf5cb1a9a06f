"""Finding proofs.  Untrusted: every result is a certificate for the kernel."""
