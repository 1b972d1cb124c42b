"""Numbers of cases, made of what they are about: a period that is run again gives its cases the numbers they had."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

_DIGITS = 9
"""To be read out, and less than any entry's number."""


def numbers(keys_of_cases: Sequence[Sequence[str]], secret: str, digits: int = _DIGITS) -> list[int]:
    """A number for each case, by the least of its entries' natural keys.

    A case that gains or loses entries keeps its number while that one stays. Cases that share it (members of one
    household without numbers of their own) are told apart by their other keys' order, those whose numbers meet by the
    next free one. ``secret``: the site's, so that nobody guesses a key, a citizen number perhaps, back from a number.
    """
    ordered = sorted(range(len(keys_of_cases)), key=lambda place: sorted(keys_of_cases[place]))
    first, many = 10 ** (digits - 1), 9 * 10 ** (digits - 1)
    found, taken = [0] * len(keys_of_cases), set[int]()
    before, rank = "", 0
    for place in ordered:
        least = min(keys_of_cases[place])
        rank = rank + 1 if least == before else 0
        before = least
        digest = hmac.digest(secret.encode(), f"case|{rank}|{least}".encode(), hashlib.sha256)
        offset = int.from_bytes(digest[:8]) % many
        while offset in taken:
            offset = (offset + 1) % many
        taken.add(offset)
        found[place] = first + offset
    return found
