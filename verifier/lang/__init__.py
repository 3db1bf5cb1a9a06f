"""The language of mathematics: trees, readers (ASCII, LaTeX), writers (ASCII, LaTeX, MathML), exact values.

Standard library only; the kernel builds on it."""
