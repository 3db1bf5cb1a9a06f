# The Rocq side of the repository; everything else is Python (see README.md).
.PHONY: proofs
proofs:
	$(MAKE) -C proofs all
