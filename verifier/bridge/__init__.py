"""Certificates as theorems of Rocq (Coq), and their steps as SMT problems: export, run, read back."""
