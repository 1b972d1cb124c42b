"""Guards of children: siblings, twins, copied numbers, common names.

``name``, ``birth``, ``number`` … are the fields of the children's model; each guard says which it looks at.
"""

from __future__ import annotations

import numpy as np

from matching.comparison.columns import Flags, Floats, Hash, Index, Ints
from matching.comparison.levels import (
    BirthLevel,
    EqualLevel,
    GuardianNameLevel,
    InCommonLevel,
    NumberLevel,
    OwnNumberLevel,
    SharedLevel,
)
from matching.comparison.names import NameLevel
from matching.comparison.numbers import CITIZEN_NO, EMBEDDED_NO, digits_apart
from matching.guards import Effect, Guard, Guarded, Parameters, Scores, Seen

_HOUSEHOLD = Hash("household_key")
_NAMED_FROM = NameLevel.UNKNOWN_CHARACTER
_NUMBERS = (CITIZEN_NO, EMBEDDED_NO)
_NUMBER = {"number": "citizen_number"}
_NAME_AND_BIRTH = {"name": "person_name", "birth": "birth_date"}
_PERSON = {**_NUMBER, **_NAME_AND_BIRTH, "own_number": "own_number", "sex": "exact"}
_FAMILY = {"guardian_no": "in_common", "guardian_name": "guardian_name", "phone": "shared", "address": "shared"}


def _names_agree(seen: Seen) -> Flags:
    name = seen.levels["name"]
    agree: Flags = (name >= _NAMED_FROM) | (name == NameLevel.MISSING)
    return agree


def _names_differ(seen: Seen) -> Flags:
    differ: Flags = ~_names_agree(seen) & (seen.levels["name"] != NameLevel.NEWBORN)
    return differ


def _birth_differs(seen: Seen) -> Flags:
    birth = seen.levels["birth"]
    differs: Flags = (birth != BirthLevel.MISSING) & (birth < BirthLevel.ONE_DIGIT)
    return differs


def number_in_common(seen: Seen) -> Flags:
    """Whether a pair has a citizen's, a certificate's or a department's number in common, verified or not."""
    common: Flags = seen.levels["number"] >= NumberLevel.UNVERIFIED_EQUAL
    common |= seen.levels["own_number"] == OwnNumberLevel.EQUAL
    return common


def in_one_household(seen: Seen) -> Flags:
    """Whether anything a family shares agrees: a guardian's number or name, a phone, an address, a household number."""
    level = seen.levels
    shared: Flags = level["guardian_no"] == InCommonLevel.EQUAL
    shared = shared | (level["guardian_name"] >= GuardianNameLevel.SIMILAR)
    shared |= (level["phone"] >= SharedLevel.EQUAL_SHARED) | (level["address"] >= SharedLevel.EQUAL)
    household = seen.profiles[_HOUSEHOLD]
    shared |= (household[seen.left] == household[seen.right]) & (household[seen.left] != 0)
    return shared


def two_numbers(seen: Seen, _: Parameters) -> Flags:
    """Two different sound citizen numbers, though the nearest be one or two digits apart."""
    citizen_no, embedded_no = seen.profiles[CITIZEN_NO], seen.profiles[EMBEDDED_NO]
    has_sound = (citizen_no != b"") | (embedded_no != b"")
    number = seen.levels["number"]
    near = (number == NumberLevel.WITHIN_TWO) | (number == NumberLevel.ONE_EDIT)
    two: Flags = (number == NumberLevel.DIFFERENT) | (near & has_sound[seen.left] & has_sound[seen.right])
    return two


def numbers_near(seen: Seen, parameters: Parameters) -> Flags:
    """Two different sound numbers a few digits apart, name and birth date agreeing."""
    near = two_numbers(seen, parameters)
    near &= (seen.levels["name"] >= NameLevel.VARIANT) & (seen.levels["birth"] == BirthLevel.EQUAL)
    citizen_no, embedded_no = seen.profiles[CITIZEN_NO], seen.profiles[EMBEDDED_NO]
    number = np.where(citizen_no != b"", citizen_no, embedded_no)
    apart = digits_apart(number[seen.left[near]], number[seen.right[near]])
    near[near] = apart <= parameters["digits_apart_at_most"]
    return near


def twins(seen: Seen, _: Parameters) -> Flags:
    """One birth date and household, names that aren't variants of one another, no number in common."""
    held: Flags = (seen.levels["birth"] == BirthLevel.EQUAL) & in_one_household(seen)
    held &= _names_differ(seen) & ~number_in_common(seen) & (seen.levels["name"] != NameLevel.SAME_GIVEN)
    return held


def sex_and_birth(seen: Seen, _: Parameters) -> Flags:
    """Sex and birth date both differ."""
    differs: Flags = seen.levels["sex"] == EqualLevel.DIFFERENT
    return differs & _birth_differs(seen)


def number_shared(seen: Seen, _: Parameters) -> Flags:
    """One number, name and birth date both different."""
    same: Flags = seen.levels["number"] >= NumberLevel.UNVERIFIED_EQUAL
    return same & _names_differ(seen) & _birth_differs(seen)


def twin_number(seen: Seen, _: Parameters) -> Flags:
    """A number in common and two names, the birth dates not differing."""
    held = number_in_common(seen) & _names_differ(seen) & ~_birth_differs(seen)
    held &= seen.levels["name"] <= NameLevel.ONE_DIFFERENT
    return held


def common_name(seen: Seen, parameters: Parameters) -> Flags:
    """Name and birth date alone, where strangers who share both are to be expected."""
    level = seen.levels
    alone = ~in_one_household(seen) & ~number_in_common(seen) & (level["number"] < NumberLevel.ONE_EDIT)
    alone &= (level["guardian_name"] < GuardianNameLevel.SIMILAR) & (level["birth"] >= BirthLevel.ONE_DIGIT)
    return alone & (_strangers_alike(seen) > parameters["strangers_at_most"])


def _strangers_alike(seen: Seen) -> Floats:
    """How many strangers in these deliveries are expected to share the left profile's name and birth date."""
    name = seen.comparisons["name"].commonness()[NameLevel.EQUAL].by_profile[seen.left]
    born_on = seen.comparisons["birth"].commonness()[BirthLevel.EQUAL].by_profile[seen.left]
    alike: Floats = seen.profiles.size * name * born_on
    return alike


def settle_twin_number(seen: Seen, scores: Scores, guarded: Guarded) -> None:
    """A number in common and two names is a child whose name was changed or mistyped, so the guard is taken off.

    Unless one of the two is also linked by its name to an entry that can't be the other child: then a sibling's number
    was copied.
    """
    asked = np.flatnonzero(guarded.held_by("twin_number"))
    near = _Edges(_linked(scores, guarded) & (seen.levels["name"] >= _NAMED_FROM), seen.left, seen.right)
    far = _Edges(guarded.has(Effect.FORBID) | (scores.score <= scores.conflict_below), seen.left, seen.right)
    guarded.replace(asked[~_have_third(asked, near, far, seen.left, seen.right)], "none")


def settle_twins(seen: Seen, scores: Scores, guarded: Guarded) -> None:
    """Ask the entries around a pair whether there is a twin; take TWINS off where there is none.

    Two who have no number in common have one after all, when one shares its number with an entry that bears the
    other's name and is linked to it. And a name that a single entry bears is a name typed wrong: ``lone_name``.
    """
    left, right = seen.left, seen.right
    asked = np.flatnonzero(guarded.held_by("twins"))
    linked = _linked(scores, guarded)
    named = _Edges(linked & (seen.levels["name"] >= _NAMED_FROM), left, right)
    numbered = _Edges(linked & number_in_common(seen) & guarded.held_by("none"), left, right)
    has_number = _have_third(asked, numbered, named, left, right)
    guarded.replace(asked[has_number], "none")
    asked = asked[~has_number & (seen.levels["sex"][asked] != EqualLevel.DIFFERENT)]
    guarded.replace(asked[_is_lone_name(asked, seen, named)], "lone_name")


def _linked(scores: Scores, guarded: Guarded) -> Flags:
    return (scores.score >= scores.link_from) & ~guarded.has(Effect.FORBID)


def _is_lone_name(asked: Ints, seen: Seen, named: _Edges) -> Flags:
    """For which twins' pairs one entry alone bears its name, and several bear the other, none from that entry's table.

    A twin would be known to more than one department, and to those that know the other. So it is a name typed wrong.
    """
    table, entries, left, right = seen.profiles.table, seen.profiles.entries, seen.left, seen.right
    lone = np.zeros(len(asked), dtype=bool)
    for one, other in ((left[asked], right[asked]), (right[asked], left[asked])):
        start = np.searchsorted(named.source, other)
        many = np.searchsorted(named.source, other, side="right") - start
        bears_alone = np.searchsorted(named.source, one) == np.searchsorted(named.source, one, side="right")
        place = np.repeat(np.arange(len(asked)), many)
        step = np.arange(len(place)) - np.repeat(np.cumsum(many) - many, many)
        same_table = table[named.target[start[place] + step]] == table[one[place]]
        in_table = table[one] == table[other]
        np.logical_or.at(in_table, place, same_table)
        lone |= bears_alone & (entries[one] == 1) & (many > 0) & ~in_table
    return lone


class _Edges:
    """Chosen pairs in both directions, sorted, to be looked up by their first profile or as a pair."""

    def __init__(self, chosen: Flags, left: Index, right: Index) -> None:
        index = np.flatnonzero(chosen)
        self.code = np.sort(np.concatenate([_code(left[index], right[index]), _code(right[index], left[index])]))
        self.source, self.target = (self.code >> 32).astype(np.int32), (self.code & 0xFFFFFFFF).astype(np.int32)

    def holds(self, code: Ints) -> Flags:
        """Which of these pairs are among the chosen."""
        if not len(self.code):
            return np.zeros(len(code), dtype=bool)
        at = np.minimum(np.searchsorted(self.code, code), len(self.code) - 1)
        found: Flags = self.code[at] == code
        return found


def _have_third(asked: Ints, near: _Edges, far: _Edges, left: Index, right: Index) -> Flags:
    """For which asked pairs there is a third profile, ``near`` to one of the two and ``far`` to the other."""
    have = np.zeros(len(asked), dtype=bool)
    for one, other in ((left[asked], right[asked]), (right[asked], left[asked])):
        start = np.searchsorted(near.source, one)
        many = np.searchsorted(near.source, one, side="right") - start
        place = np.repeat(np.arange(len(asked)), many)
        step = np.arange(len(place)) - np.repeat(np.cumsum(many) - many, many)
        third = near.target[start[place] + step]
        np.logical_or.at(have, place, far.holds(_code(third, other[place])))
    return have


def _code(left: Index, right: Index) -> Ints:
    """One integer a pair."""
    return left.astype(np.int64) << 32 | right.astype(np.int64)


CHILD_GUARDS = {
    "two_numbers": Guard(Effect.FORBID, two_numbers, fields=_NUMBER, columns=_NUMBERS),
    "numbers_near": Guard(
        Effect.ALWAYS_ASK,
        numbers_near,
        fields=_NUMBER | _NAME_AND_BIRTH,
        columns=_NUMBERS,
        parameters=frozenset({"digits_apart_at_most"}),
    ),
    "twins": Guard(Effect.FORBID, twins, settle_twins, fields=_PERSON | _FAMILY, columns=(_HOUSEHOLD,)),
    "sex_and_birth": Guard(Effect.FORBID, sex_and_birth, fields=_PERSON),
    "number_shared": Guard(Effect.ALWAYS_ASK, number_shared, fields=_PERSON),
    "twin_number": Guard(Effect.ASK, twin_number, settle_twin_number, fields=_PERSON),
    "common_name": Guard(
        Effect.ASK,
        common_name,
        fields=_PERSON | _FAMILY,
        columns=(_HOUSEHOLD,),
        parameters=frozenset({"strangers_at_most"}),
    ),
    "lone_name": Guard(Effect.EXCUSE, None, parameters=frozenset({"worth"})),
}
