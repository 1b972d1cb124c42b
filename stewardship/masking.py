"""What of an identifier is shown before somebody asks for it, with a reason, one field at a time."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from policy import divisions

Masking = Literal["number", "phone", "address", "word"]
HIDDEN = "*"
_BLANK = re.compile(r"\s")
_LONGEST_NAME = 20
_OLD_NUMBER = 15  # digits of a citizen number issued before 1999: its birth date has six


def masked(text: str, kind: Masking) -> str:
    """Hide most of ``text``, character by character, so that places in it stay places in the shown text.

    A number keeps its place and its end (110101********1234), a phone its first three and last four digits, an address
    the names of its county and of what lies above (estates are called 区, villages 州, too), a word (a name of someone
    else) its first character. Short values are hidden whole.
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
        own = 3 if long == _OLD_NUMBER and text.isdecimal() else 4  # what stands behind the birth date
        return (6 + text[:1].isalpha(), own) if long >= _OLD_NUMBER else (2, 2) if long >= 8 else (0, 0)
    if kind == "phone":
        return (3, 4) if long >= 11 else (0, 2) if long >= 7 else (0, 0)
    if kind == "address":
        return (min(_county_end(text), long - 4) if long > 4 else 0, 0)
    return (1, 0) if long > 1 else (0, 0)


def _county_end(text: str) -> int:
    """Where the county's name ends, of an address that begins with places' full names: what follows tells a home."""
    names, end = _names(), 0
    while long := next((long for long in range(_LONGEST_NAME, 1, -1) if text[end : end + long] in names), 0):
        end += long
    return min(end, len(text))


@cache
def _names() -> frozenset[str]:
    """Names of provinces, prefectures and counties of every year."""
    return frozenset(record.name for record in divisions.load().records)
