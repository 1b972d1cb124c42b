"""What no score may overrule: pairs the machine must not link, or not without a person."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from matching.comparison.columns import Flags, Levels, Profiles
from matching.comparison.levels import (
    BirthLevel,
    GuardianNameLevel,
    GuardianNoLevel,
    NumberLevel,
    OwnNumberLevel,
    SexLevel,
    SharedLevel,
    TableLevel,
)
from matching.comparison.names import NameLevel
from matching.comparison.numbers import Index, digits_apart
from matching.comparison.pairs import Agreement, Compared
from matching.model import Model


class Band(IntEnum):
    """What becomes of a pair. FORBID: never one child, whatever links them to others."""

    FORBID = 0
    LEAVE = 1
    REVIEW = 2
    LINK = 3


class Guard(IntEnum):
    """Which guard spoke; the first in this order that holds. NONE: the score alone."""

    NONE = 0
    TWO_NUMBERS = 1
    NUMBERS_NEAR = 2
    TWINS = 3
    SEX_AND_BIRTH = 4
    NUMBER_SHARED = 5
    TWIN_NUMBER = 6
    ONCE_PER_PERIOD = 7
    COMMON_NAME = 8
    LONE_NAME = 9


Floats = npt.NDArray[np.float64]

_FORBIDDEN = (Guard.TWO_NUMBERS, Guard.TWINS, Guard.SEX_AND_BIRTH)
_REVIEWED = (Guard.NUMBERS_NEAR, Guard.NUMBER_SHARED, Guard.TWIN_NUMBER, Guard.ONCE_PER_PERIOD, Guard.COMMON_NAME)


def guards(
    model: Model, profiles: Profiles, chances: Agreement, compared: Compared, left: Index, right: Index
) -> Levels:
    """The guard that holds for each pair, or NONE."""
    level = compared.levels
    names_agree = (level["name"] >= NameLevel.UNKNOWN_CHARACTER) | (level["name"] == NameLevel.MISSING)
    names_differ = ~names_agree & (level["name"] != NameLevel.NEWBORN)
    birth_differs = (level["birth"] != BirthLevel.MISSING) & (level["birth"] < BirthLevel.ONE_DIGIT)
    born_together = level["birth"] == BirthLevel.EQUAL
    one_household = in_one_household(profiles, compared, left, right)
    number_common = number_in_common(compared)
    two_numbers = level["number"] == NumberLevel.DIFFERENT
    two_numbers |= _sound_and_near(profiles, level["number"], left, right)
    near = two_numbers & (level["name"] >= NameLevel.VARIANT) & born_together
    near[near] = _near_numbers(profiles, left[near], right[near], model.guards.digits_apart_at_most)
    alone = ~one_household & ~number_common & (level["number"] < NumberLevel.ONE_EDIT)
    alone &= (level["guardian_name"] < GuardianNameLevel.SIMILAR) & (level["birth"] >= BirthLevel.ONE_DIGIT)
    named_together = _strangers_alike(profiles, chances, left) > model.guards.common_name_strangers

    holds: dict[Guard, Flags] = {
        Guard.COMMON_NAME: alone & named_together,
        Guard.ONCE_PER_PERIOD: level["tables"] == TableLevel.ONCE,
        Guard.TWIN_NUMBER: number_common & names_differ & ~birth_differs & (level["name"] <= NameLevel.ONE_DIFFERENT),
        Guard.NUMBER_SHARED: (level["number"] >= NumberLevel.UNVERIFIED_EQUAL) & names_differ & birth_differs,
        Guard.SEX_AND_BIRTH: (level["sex"] == SexLevel.DIFFERENT) & birth_differs,
        Guard.TWINS: born_together
        & one_household
        & names_differ
        & ~number_common
        & (level["name"] != NameLevel.SAME_GIVEN),
        Guard.TWO_NUMBERS: two_numbers,
        Guard.NUMBERS_NEAR: near,
    }
    found = np.full(len(left), Guard.NONE, dtype=np.int8)
    for guard, where in holds.items():
        found[where] = guard
    return found


def bands(model: Model, score: Floats, guard: Levels) -> Levels:
    """Band of each pair by its score and guard. Guards that ask for a person speak where the score would link."""
    band = np.full(len(score), Band.LEAVE, dtype=np.int8)
    band[score >= model.bands.review_from] = Band.REVIEW
    band[score >= model.bands.link_from] = Band.LINK
    for asks in _REVIEWED:
        band[(guard == asks) & (band == Band.LINK)] = Band.REVIEW
    band[np.isin(guard, (Guard.NUMBERS_NEAR, Guard.NUMBER_SHARED))] = Band.REVIEW
    band[np.isin(guard, _FORBIDDEN)] = Band.FORBID
    band[(guard == Guard.LONE_NAME) & (score >= model.bands.link_from - model.guards.lone_name_worth)] = Band.LINK
    return band


def settle_by_others(
    model: Model, profiles: Profiles, compared: Compared, score: Floats, guard: Levels, left: Index, right: Index
) -> Levels:
    """Ask the entries around a pair whether there is a twin; take TWIN_NUMBER and TWINS off where there is none.

    TWIN_NUMBER: a number in common and two names is a child whose name was changed or mistyped, unless one of the two
    is also linked by its name to an entry that can't be the other child: then a sibling's number was copied.
    TWINS: two who have no number in common have one after all, when one shares its number with an entry that bears the
    other's name and is linked to it. And a name that a single entry bears is a name typed wrong: LONE_NAME.
    """
    level = compared.levels
    linked = (score >= model.bands.link_from) & ~np.isin(guard, _FORBIDDEN)
    named = linked & (level["name"] >= NameLevel.UNKNOWN_CHARACTER)
    apart = np.isin(guard, _FORBIDDEN) | (score <= model.bands.conflict_below)
    settled = guard.copy()
    asked = np.flatnonzero(guard == Guard.TWIN_NUMBER)
    is_twin = _have_third(asked, _Edges(named, left, right), _Edges(apart, left, right), left, right)
    settled[asked[~is_twin]] = Guard.NONE
    numbered = linked & number_in_common(compared) & (settled == Guard.NONE)
    asked = np.flatnonzero(guard == Guard.TWINS)
    has_number = _have_third(asked, _Edges(numbered, left, right), _Edges(named, left, right), left, right)
    settled[asked[has_number]] = Guard.NONE
    asked = asked[~has_number & (level["sex"][asked] != SexLevel.DIFFERENT)]
    settled[asked[_is_lone_name(asked, profiles, _Edges(named, left, right), left, right)]] = Guard.LONE_NAME
    return settled


def _is_lone_name(asked: npt.NDArray[np.int64], profiles: Profiles, named: _Edges, left: Index, right: Index) -> Flags:
    """For which twins' pairs one entry alone bears its name, and several bear the other, none from that entry's table.

    A twin would be known to more than one department, and to those that know the other. So it is a name typed wrong.
    """
    lone = np.zeros(len(asked), dtype=bool)
    for one, other in ((left[asked], right[asked]), (right[asked], left[asked])):
        start = np.searchsorted(named.source, other)
        many = np.searchsorted(named.source, other, side="right") - start
        bears_alone = np.searchsorted(named.source, one) == np.searchsorted(named.source, one, side="right")
        place = np.repeat(np.arange(len(asked)), many)
        step = np.arange(len(place)) - np.repeat(np.cumsum(many) - many, many)
        same_table = profiles.table[named.target[start[place] + step]] == profiles.table[one[place]]
        in_table = profiles.table[one] == profiles.table[other]
        np.logical_or.at(in_table, place, same_table)
        lone |= bears_alone & (profiles.entries[one] == 1) & (many > 0) & ~in_table
    return lone


def number_in_common(compared: Compared) -> Flags:
    """Whether a pair has a citizen's, a certificate's or a department's number in common, verified or not."""
    level = compared.levels
    common: Flags = (level["number"] >= NumberLevel.UNVERIFIED_EQUAL) | (level["own_number"] == OwnNumberLevel.EQUAL)
    return common


class _Edges:
    """Chosen pairs in both directions, sorted, to be looked up by their first profile or as a pair."""

    def __init__(self, chosen: Flags, left: Index, right: Index) -> None:
        index = np.flatnonzero(chosen)
        self.code = np.sort(np.concatenate([_code(left[index], right[index]), _code(right[index], left[index])]))
        self.source, self.target = (self.code >> 32).astype(np.int32), (self.code & 0xFFFFFFFF).astype(np.int32)

    def holds(self, code: npt.NDArray[np.int64]) -> Flags:
        """Which of these pairs are among the chosen."""
        if not len(self.code):
            return np.zeros(len(code), dtype=bool)
        at = np.minimum(np.searchsorted(self.code, code), len(self.code) - 1)
        found: Flags = self.code[at] == code
        return found


def _have_third(asked: npt.NDArray[np.int64], near: _Edges, far: _Edges, left: Index, right: Index) -> Flags:
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


def _code(left: Index, right: Index) -> npt.NDArray[np.int64]:
    """One integer a pair."""
    return left.astype(np.int64) << 32 | right.astype(np.int64)


def in_one_household(profiles: Profiles, compared: Compared, left: Index, right: Index) -> Flags:
    """Whether anything a family shares agrees: a guardian's number or name, a phone, an address, a household number."""
    level = compared.levels
    shared: Flags = level["guardian_no"] == GuardianNoLevel.EQUAL
    shared = shared | (level["guardian_name"] >= GuardianNameLevel.SIMILAR)
    shared |= (level["phone"] >= SharedLevel.EQUAL_SHARED) | (level["address"] >= SharedLevel.EQUAL)
    household = profiles.key["household_key"]
    shared |= (household[left] == household[right]) & (household[left] != 0)
    return shared


def _sound_and_near(profiles: Profiles, number: Levels, left: Index, right: Index) -> Flags:
    """Both have a sound number, none in common, though the nearest are one or two digits apart."""
    has_sound = (profiles.citizen_no != b"") | (profiles.embedded_no != b"")
    near = (number == NumberLevel.WITHIN_TWO) | (number == NumberLevel.ONE_EDIT)
    both: Flags = near & has_sound[left] & has_sound[right]
    return both


def _near_numbers(profiles: Profiles, left: Index, right: Index, at_most: int) -> Flags:
    number = np.where(profiles.citizen_no != b"", profiles.citizen_no, profiles.embedded_no)
    near: Flags = digits_apart(number[left], number[right]) <= at_most
    return near


def _strangers_alike(profiles: Profiles, chances: Agreement, left: Index) -> npt.NDArray[np.float64]:
    """How many strangers in these deliveries are expected to share the left profile's name and birth date."""
    name, born_on = chances.by_profile["name_key"][left], chances.by_profile["born_on"][left]
    alike: npt.NDArray[np.float64] = profiles.size * name * born_on
    return alike
