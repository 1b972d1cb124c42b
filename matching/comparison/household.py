"""Evidence that two entries come from one household, and the places they name, into levels."""

import numpy as np
import numpy.typing as npt

from matching.comparison.columns import Keys, Levels, Profiles
from matching.comparison.levels import CountyLevel, GuardianNameLevel, GuardianNoLevel, SexLevel, SharedLevel
from matching.comparison.numbers import Index, any_common


def guardian_no_levels(profiles: Profiles, left: Index, right: Index) -> Levels:
    """Guardians' citizen numbers."""
    held = profiles.held["guardian_no_keys"]
    level = np.full(len(left), GuardianNoLevel.DIFFERENT, dtype=np.int8)
    level[any_common(held, left, right)] = GuardianNoLevel.EQUAL
    level[_missing(held, left, right)] = GuardianNoLevel.MISSING
    return level


def guardian_name_levels(profiles: Profiles, left: Index, right: Index) -> Levels:
    """Guardians' names, whoever they are to the child; a newborn's …之子 names the mother."""
    mothers = profiles.key["newborn_of"][:, None]
    held = np.column_stack([profiles.held["guardian_name_keys"], mothers])
    rare = np.where(profiles.crowd["guardian_name_keys"] > 0, np.uint64(0), profiles.held["guardian_name_keys"])
    level = np.full(len(left), GuardianNameLevel.DIFFERENT, dtype=np.int8)
    level[any_common(profiles.held["guardian_sound_keys"], left, right)] = GuardianNameLevel.SIMILAR
    level[any_common(held, left, right)] = GuardianNameLevel.EQUAL_COMMON
    level[any_common(rare, left, right)] = GuardianNameLevel.EQUAL
    level[_missing(held, left, right)] = GuardianNameLevel.MISSING
    return level


def shared_levels(profiles: Profiles, column: str, left: Index, right: Index) -> Levels:
    """Phones or addresses; one that a crowd shares says less, a generic one (blanked already) says nothing."""
    held, crowd = profiles.held[column], profiles.crowd[column]
    level = np.full(len(left), SharedLevel.DIFFERENT, dtype=np.int8)
    if (crowd > 0).any():
        level[any_common(np.where(crowd > 0, held, np.uint64(0)), left, right)] = SharedLevel.EQUAL_SHARED
    level[any_common(np.where(crowd > 0, np.uint64(0), held), left, right)] = SharedLevel.EQUAL
    level[_missing(held, left, right)] = SharedLevel.MISSING
    return level


def county_levels(counties: Keys, left: Index, right: Index) -> Levels:
    """Counties by their hash."""
    level = np.full(len(left), CountyLevel.DIFFERENT, dtype=np.int8)
    level[counties[left] == counties[right]] = CountyLevel.EQUAL
    level[(counties[left] == 0) | (counties[right] == 0)] = CountyLevel.MISSING
    return level


def sex_levels(profiles: Profiles, left: Index, right: Index) -> Levels:
    """Sexes."""
    level = np.full(len(left), SexLevel.DIFFERENT, dtype=np.int8)
    level[profiles.sex[left] == profiles.sex[right]] = SexLevel.EQUAL
    level[(profiles.sex[left] == 0) | (profiles.sex[right] == 0)] = SexLevel.MISSING
    return level


def _missing(held: npt.NDArray[np.uint64], left: Index, right: Index) -> npt.NDArray[np.bool_]:
    has = (held != 0).any(axis=1)
    missing: npt.NDArray[np.bool_] = ~(has[left] & has[right])
    return missing
