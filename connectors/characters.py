"""Characters that Python's gb18030 codec, built on the table of 2000, still gives as private-use code points.

The bytes are sound and their characters known: ``gb18030_2022.csv`` holds the evidenced ones, one a row. Every other
private-use character (a department's own font) is kept as it came, for the normaliser to judge.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

_ASSIGNED = re.compile("[\ue78d-\ue864]")


@cache
def _table() -> dict[str, str]:
    text = (files("connectors") / "gb18030_2022.csv").read_text(encoding="utf-8")
    return {
        chr(int(row["private_use"], 16)): chr(int(row["character"], 16)) for row in csv.DictReader(text.splitlines())
    }


def modernise(text: str) -> str:
    """Give text that was decoded from GB18030 the characters of the 2022 table."""
    if not _ASSIGNED.search(text):
        return text
    table = _table()
    return _ASSIGNED.sub(lambda found: table.get(found.group(), found.group()), text)
