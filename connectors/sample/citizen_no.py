"""Citizen identity numbers (GB 11643-1999) by the hundred thousand.

A number is held as the integer of its first 17 digits; 0 is no number. The check character is by ISO 7064 MOD 11-2.
"""

from __future__ import annotations

import numpy as np

from connectors.sample.dates import compact_number
from connectors.sample.streams import Ints, Texts, mixed

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = np.frombuffer(b"10X98765432", dtype=np.uint8)


def assign(prefix: Ints, born: Ints, sex: Ints, salt: int) -> Ints:
    """Give each person a number of ``prefix`` (six digits), birth day and sex (1 male, 2 female), none twice.

    Sequence numbers are handed out within a county, day and sex from a starting point of its own, as registrars do;
    twins of one sex so get neighbouring numbers.
    """
    group = prefix * 10**9 + compact_number(born) * 10 + sex
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    lengths = np.diff(np.r_[starts, len(ordered)])
    rank = np.arange(len(ordered)) - np.repeat(starts, lengths)
    if len(lengths) and int(lengths.max()) > 500:
        raise ValueError(
            f"{int(lengths.max())} children of one sex born on one day in one county, and there are 500 numbers a day. "
            "Ask for fewer children or a larger jurisdiction."
        )
    sequence = np.empty(len(group), dtype=np.int64)
    sequence[order] = ((mixed(ordered, salt) + rank) % 500) * 2
    return prefix * 10**11 + compact_number(born) * 1000 + sequence + (sex % 2)


def written(numbers: Ints) -> Texts:
    """Write numbers out with their check character; 0 gives an empty text."""
    digits = np.empty((len(numbers), 18), dtype=np.uint8)
    rest = numbers.copy()
    total = np.zeros(len(numbers), dtype=np.int64)
    for place in range(16, -1, -1):
        rest, digit = np.divmod(rest, 10)
        digits[:, place] = digit + 48
        total += digit * _WEIGHTS[place]
    digits[:, 17] = _CHECK[total % 11]
    found = digits.view("S18").ravel().astype("U18").astype(object)
    found[numbers == 0] = ""
    return found
