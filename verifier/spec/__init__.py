"""Specification files: what is claimed about which algorithms, under which assumptions."""
