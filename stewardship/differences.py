"""How two delivered values of one field relate, and which of their characters differ. A cell's state, not evidence.

The machine's own word for a pair is its level in ``link.pattern``; this is what a person sees at a glance, also for
records and fields that the machine didn't compare.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from rapidfuzz.distance import OSA, Indel, Levenshtein

Kind = Literal["name", "citizen_no", "number", "phone", "date", "place", "address", "word"]


class State(StrEnum):
    """Five states, told apart by shape and text as well as by colour."""

    EQUAL = "equal"
    SIMILAR = "similar"
    DIFFERENT = "different"
    MISSING = "missing"
    INVALID = "invalid"


_BEST_FIRST = (State.EQUAL, State.SIMILAR, State.DIFFERENT)
_UNSEEN = re.compile(r"[\s·•・‧.．\-—_/]+")
_ADDRESSES_ALIKE_FROM = 0.75


def fold(text: str) -> str:
    """Half width, upper case, without spaces, dots and strokes."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).upper()


_folded_letter = lru_cache(maxsize=10_000)(fold)


def state(left: Collection[str], right: Collection[str], kind: Kind) -> State:
    """The best that any of the one side's values has with any of the other's. Values are folded."""
    if not left or not right:
        return State.MISSING
    found = {_state(one, other, kind) for one in left for other in right}
    return next(each for each in _BEST_FIRST if each in found)


def differing(text: str, other: str) -> frozenset[int]:
    """Places in ``text`` whose character is another one, or none, in ``other``; width, case and spaces don't count."""
    mine, theirs = ([(place, _folded_letter(letter)) for place, letter in enumerate(each)] for each in (text, other))
    seen = [(place, letter) for place, letter in mine if letter]
    edits = Levenshtein.editops([letter for _, letter in seen], [letter for _, letter in theirs if letter])
    return frozenset(seen[edit.src_pos][0] for edit in edits if edit.tag != "insert")


def _state(left: str, right: str, kind: Kind) -> State:
    if left == right:
        return State.EQUAL
    return State.SIMILAR if _ALIKE[kind](left, right) else State.DIFFERENT


def _names_alike(left: str, right: str) -> bool:
    """One character of three or more is another, the same characters in another order, or one name begins the other."""
    shorter, longer = sorted((left, right), key=len)
    one_off = OSA.distance(left, right) == 1 and len(longer) >= 3
    return one_off or sorted(left) == sorted(right) or (len(shorter) >= 2 and longer.startswith(shorter))


def _dates_alike(left: str, right: str) -> bool:
    """Month and year or day and month agree, or one digit is off, or day and month have changed places."""
    swapped = left[:4] == right[:4] and left[4:6] == right[6:] and left[6:] == right[4:6]
    return swapped or left[:6] == right[:6] or left[4:] == right[4:] or OSA.distance(left, right) == 1


def _places_alike(left: str, right: str) -> bool:
    """Counties of the same prefecture."""
    return left[:4] == right[:4]


def _addresses_alike(left: str, right: str) -> bool:
    return Indel.normalized_similarity(left, right) >= _ADDRESSES_ALIKE_FROM or left in right or right in left


def _edits_at_most(many: int) -> Callable[[str, str], bool]:
    return lambda left, right: OSA.distance(left, right) <= many


_ALIKE: Mapping[Kind, Callable[[str, str], bool]] = {
    "name": _names_alike,
    "citizen_no": _edits_at_most(2),
    "number": _edits_at_most(1),
    "phone": _edits_at_most(1),
    "date": _dates_alike,
    "place": _places_alike,
    "address": _addresses_alike,
    "word": _edits_at_most(0),
}
