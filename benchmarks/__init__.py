"""Measurements with the commands that made them. Each prints Markdown; results are kept in ``benchmarks/results.md``."""
