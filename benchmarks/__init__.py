"""Measurements with the commands that made them. Each prints Markdown; results stand in ``benchmarks/results.md``."""
