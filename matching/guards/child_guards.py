"""Guards of children: siblings, twins, copied numbers, common names.

``name``, ``birth``, ``number`` … are the fields of the children's model; each guard says which it looks at.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from matching.comparison.columns import Flags, Floats, Hash, Index, Places
from matching.comparison.levels import (
    BirthLevel,
    EqualLevel,
    GuardianNameLevel,
    InCommonLevel,
    NameLevel,
    NumberLevel,
    SharedLevel,
    SourceLevel,
)
from matching.comparison.numbers import CITIZEN_NO, EMBEDDED_NO, digits_apart
from matching.guards import twins
from matching.guards.guard import Effect, Guard, Guarded, Parameters, Scores, Seen
from matching.guards.twins import number_in_common

Pairs = npt.NDArray[np.intp]
"""Places of pairs among those seen."""

_HOUSEHOLD = Hash("household_key")
_NAMED_FROM = NameLevel.UNKNOWN_CHARACTER
_NUMBERS = (CITIZEN_NO, EMBEDDED_NO)
_NUMBER = {"number": "citizen_number"}
_NAME_AND_BIRTH = {"name": "person_name", "birth": "birth_date"}
_PERSON = {**_NUMBER, **_NAME_AND_BIRTH, "own_number": "own_number", "sex": "exact"}
_COUNTIES = {"hukou_county": "exact", "residence_county": "exact"}
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


def in_one_household(seen: Seen) -> Flags:
    """Whether anything a family shares agrees: a guardian's number or name, a phone, an address, a household number."""
    level = seen.levels
    shared: Flags = level["guardian_no"] == InCommonLevel.EQUAL
    shared = shared | (level["guardian_name"] >= GuardianNameLevel.SIMILAR)
    shared |= (level["phone"] >= SharedLevel.EQUAL_SHARED) | (level["address"] >= SharedLevel.EQUAL)
    return shared | of_one_household_no(seen)


def of_one_household_no(seen: Seen) -> Flags:
    """One number of a household."""
    household = seen.profiles[_HOUSEHOLD]
    left = household[seen.left]
    same: Flags = (left == household[seen.right]) & (left != 0)
    return same


def two_numbers(seen: Seen, _: Parameters) -> Flags:
    """Two different sound citizen numbers, though the nearest be one or two digits apart."""
    two: Flags = seen.levels["number"] == NumberLevel.DIFFERENT
    near = np.flatnonzero(_a_digit_or_two_apart(seen))
    two[near] = (_sound(seen, seen.left[near]) != b"") & (_sound(seen, seen.right[near]) != b"")
    return two


def _a_digit_or_two_apart(seen: Seen) -> Flags:
    number = seen.levels["number"]
    near: Flags = (number == NumberLevel.WITHIN_TWO) | (number == NumberLevel.ONE_EDIT)
    return near


def _sound(seen: Seen, profiles: Index | Places) -> npt.NDArray[np.bytes_]:
    """The sound number of each profile, empty where it has none."""
    own = seen.profiles[CITIZEN_NO][profiles]
    return np.where(own != b"", own, seen.profiles[EMBEDDED_NO][profiles])


def numbers_near(seen: Seen, parameters: Parameters) -> Flags:
    """Two different sound numbers a few digits apart, name and birth date agreeing."""
    near = two_numbers(seen, parameters) & _name_and_birth_agree(seen)
    apart = digits_apart(_sound(seen, seen.left[near]), _sound(seen, seen.right[near]))
    near[near] = apart <= parameters["digits_apart_at_most"]
    return near


def _name_and_birth_agree(seen: Seen) -> Flags:
    agree: Flags = (seen.levels["name"] >= NameLevel.VARIANT) & (seen.levels["birth"] == BirthLevel.EQUAL)
    return agree


def _two_numbers_of_one_child(seen: Seen) -> Flags:
    """Pairs whose numbers may be a few digits apart, which their levels don't tell."""
    may_be: Flags = _a_digit_or_two_apart(seen) | (seen.levels["number"] == NumberLevel.DIFFERENT)
    return may_be & _name_and_birth_agree(seen)


def twins_alike(seen: Seen, _: Parameters) -> Flags:
    """One birth date, a household or a number in common, and names that aren't spellings of one another.

    A name and its short form may be one child's: no two of a family are called 王涵 and 王梓涵. So may a name with a
    character that couldn't be written, where a number agrees.
    """
    name, birth = seen.levels["name"], seen.levels["birth"]
    held: Flags = (birth >= BirthLevel.ALTERNATIVE) & in_one_household(seen)
    held |= (birth >= BirthLevel.ONE_DIGIT) & number_in_common(seen)
    held &= (name >= NameLevel.DIFFERENT) & (name < NameLevel.SHORT_FORM) & (name != NameLevel.SAME_GIVEN)
    held &= (name != NameLevel.UNKNOWN_CHARACTER) | ~number_in_common(seen)
    held &= (name != NameLevel.NEWBORN) | (seen.levels["tables"] <= SourceLevel.ONE_ROW)
    return held


def sex_and_birth(seen: Seen, _: Parameters) -> Flags:
    """Sex and birth date both differ.

    Not where one name is known in one family or under one number: no two of its children bear one name, and one of the
    two was typed wrong in each entry. What that is worth the score says.
    """
    differs: Flags = (seen.levels["sex"] == EqualLevel.DIFFERENT) & _birth_differs(seen)
    one_name = seen.levels["name"] >= NameLevel.VARIANT
    return differs & ~(one_name & (number_in_common(seen) | in_one_household(seen)))


def number_shared(seen: Seen, _: Parameters) -> Flags:
    """One number, name and birth date both different."""
    same: Flags = seen.levels["number"] >= NumberLevel.UNVERIFIED_EQUAL
    return same & _names_differ(seen) & _birth_differs(seen)


def twin_number(seen: Seen, _: Parameters) -> Flags:
    """A number in common and two names, and no birth date beside the number's own: as well a sibling's, copied."""
    held = number_in_common(seen) & _names_differ(seen) & ~_birth_differs(seen)
    held &= seen.levels["name"] <= NameLevel.ONE_DIFFERENT
    return held


def common_name(seen: Seen, parameters: Parameters) -> Flags:
    """Name and birth date alone, or a name where no birth date is known, and strangers who share it to be expected."""
    alone = _name_and_birth_alone(seen)
    index = np.flatnonzero(alone)
    alone[index] = _strangers_alike(seen, index) > parameters["strangers_at_most"]
    return alone


def _name_and_birth_alone(seen: Seen) -> Flags:
    level = seen.levels
    alone = ~in_one_household(seen) & ~number_in_common(seen) & (level["number"] < NumberLevel.ONE_EDIT)
    alone &= level["guardian_name"] < GuardianNameLevel.SIMILAR
    alone &= (level["birth"] >= BirthLevel.ONE_DIGIT) | (level["birth"] == BirthLevel.MISSING)
    return alone


def another_name(seen: Seen, _: Parameters) -> Flags:
    """Names with nothing in common but a surname, and neither a number nor a household in common: no machine's link."""
    name = seen.levels["name"]
    other: Flags = (name == NameLevel.DIFFERENT) | (name == NameLevel.SAME_SURNAME)
    other &= ~number_in_common(seen) & ~in_one_household(seen)
    return other


def _strangers_alike(seen: Seen, index: Pairs) -> Floats:
    """How many strangers in these deliveries are expected to share the left profile's name and known birth date."""
    left, level, birth = seen.left[index], seen.levels["name"][index], seen.levels["birth"][index]
    common = seen.comparisons.commonness("name")
    name = common[NameLevel.EQUAL].by_profile[left]
    for known_at, known in common.items():
        name = np.where(level == known_at, known.by_profile[left], name)
    born_on = seen.comparisons.commonness("birth")[BirthLevel.EQUAL].by_profile[left]
    alike: Floats = seen.counted * name * np.where(birth == BirthLevel.MISSING, 1.0, born_on)
    return alike


def of_one_county(seen: Seen, scores: Scores, guarded: Guarded, parameters: Parameters) -> None:
    """Let go of pairs whose county agrees, where that leaves no stranger to be expected."""
    index = np.flatnonzero(guarded.held_by("common_name"))
    share = np.ones(len(index))
    for county in _COUNTIES:
        agrees = seen.levels[county][index] == EqualLevel.EQUAL
        share[agrees] = np.minimum(share[agrees], scores.chance[county][EqualLevel.EQUAL])
    alike = _strangers_alike(seen, index) * share
    guarded.replace(index[alike <= parameters["strangers_at_most"]], "none")


CHILD_GUARDS = {
    "two_numbers": Guard(
        Effect.FORBID, two_numbers, one_by_one=_a_digit_or_two_apart, fields=_NUMBER, columns=_NUMBERS
    ),
    "numbers_near": Guard(
        Effect.ALWAYS_ASK,
        numbers_near,
        one_by_one=_two_numbers_of_one_child,
        fields=_NUMBER | _NAME_AND_BIRTH,
        columns=_NUMBERS,
        parameters=frozenset({"digits_apart_at_most"}),
    ),
    "twins": Guard(
        Effect.FORBID,
        twins_alike,
        beside=(of_one_household_no,),
        settle=twins.settle,
        fields=_PERSON | _FAMILY | {"tables": "source"},
        columns=(_HOUSEHOLD, *twins.COLUMNS),
        parameters=twins.PARAMETERS,
    ),
    "sex_and_birth": Guard(
        Effect.FORBID, sex_and_birth, beside=(of_one_household_no,), fields=_PERSON | _FAMILY, columns=(_HOUSEHOLD,)
    ),
    "number_shared": Guard(Effect.ALWAYS_ASK, number_shared, fields=_PERSON),
    "twin_number": Guard(Effect.ASK, twin_number, fields=_PERSON),
    "common_name": Guard(
        Effect.ASK,
        common_name,
        beside=(of_one_household_no,),
        one_by_one=_name_and_birth_alone,
        settle=of_one_county,
        fields=_PERSON | _FAMILY | _COUNTIES,
        columns=(_HOUSEHOLD,),
        parameters=frozenset({"strangers_at_most"}),
        looks_around=False,
    ),
    "another_name": Guard(
        Effect.ASK, another_name, beside=(of_one_household_no,), fields=_PERSON | _FAMILY, columns=(_HOUSEHOLD,)
    ),
    "one_child": Guard(Effect.EXCUSE, None),
}
