"""What of an identifier is shown before somebody asks for it, with a reason, one field at a time."""

from __future__ import annotations

import re
from typing import Literal

Masking = Literal["number", "phone", "address", "word"]
HIDDEN = "*"
_BLANK = re.compile(r"\s")


def masked(text: str, kind: Masking) -> str:
    """Hide most of ``text``, character by character, so that places in it stay places in the shown text.

    A number keeps its place and its end (110101********1234), a phone its first three and last four digits, an address
    the words of its county, a word (a name of someone else) its first character. Short values are hidden whole.
    """
    keep_before, keep_behind = _kept(text, kind)
    hidden_to = len(text) - keep_behind
    return "".join(
        letter if place < keep_before or place >= hidden_to or _BLANK.match(letter) else HIDDEN
        for place, letter in enumerate(text)
    )


def _kept(text: str, kind: Masking) -> tuple[int, int]:
    """How many characters stay in front and behind."""
    long = len(text)
    if kind == "number":
        return (6 + text[:1].isalpha(), 4) if long >= 15 else (2, 2) if long >= 8 else (0, 0)
    if kind == "phone":
        return (3, 4) if long >= 11 else (0, 2) if long >= 7 else (0, 0)
    if kind == "address":
        return (min(_county_end(text), long - 4) if long > 4 else 0, 0)
    return (1, 0) if long > 1 else (0, 0)


def _county_end(text: str) -> int:
    """Where the county's name ends, as far as the text itself says: what comes behind tells where somebody lives."""
    ends = [found.end() for found in re.finditer(r"[省市县区旗盟州]", text[:16])]
    return max(ends, default=2)
