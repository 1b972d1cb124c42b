"""Tables of cases that a steward can add a line to."""

import csv
from pathlib import Path

_CASES = Path(__file__).parents[2] / "cases" / "normalize"


def cases(name: str) -> list[dict[str, str]]:
    """Rows of one table of cases; lines that begin with # are comments."""
    lines = (_CASES / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))
