"""Pairs of profiles into patterns: one level a field, and how rare the agreeing name is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.comparison import dates, household, numbers, persons
from matching.comparison.columns import Ints, Levels, Profiles
from matching.comparison.levels import FIELDS, TableLevel
from matching.comparison.names import NameLevel
from matching.comparison.numbers import Index
from matching.model import Model

RAREST = 7
"""Name rarity runs from -RAREST to RAREST: how many times two rarer than agreeing names are on the whole."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What chance makes of names and birth dates: by profile and on the whole, by key column."""

    by_profile: dict[str, npt.NDArray[np.float64]]
    overall: dict[str, float]


@dataclass(frozen=True, slots=True)
class Compared:
    """Levels of every pair by field, and the name's rarity; all arrays as long as there are pairs."""

    levels: dict[str, Levels]
    rarity: Levels


def agreement(profiles: Profiles, model: Model) -> Agreement:
    """Count how often strangers share a name, its sound, its variants, a birth date."""
    population = max(profiles.size, model.estimation.population_at_least)
    a_child = 1 + 2 * model.estimation.pairs_per_profile
    columns = {name: profiles.key[name] for name in ("name_key", "sound_key", "variant_key")}
    columns["born_on"] = (profiles.born_on - profiles.born_on.min(initial=0) + 1).astype(np.uint64)
    by_profile = {name: persons.chance(keys, a_child, population) for name, keys in columns.items()}
    overall = {
        name: float(values[values > 0].mean()) if (values > 0).any() else 0.0 for name, values in by_profile.items()
    }
    return Agreement(by_profile, overall)


def compare(
    compare_names: persons.CompareNames,
    profiles: Profiles,
    chances: Agreement,
    model: Model,
    left: Index,
    right: Index,
) -> Compared:
    """Levels of each pair (left[i], right[i])."""
    number = numbers.number_levels(profiles, left, right)
    levels = {
        "name": persons.name_levels(compare_names, profiles, left, right),
        "birth": dates.birth_levels(profiles, number, left, right),
        "sex": household.sex_levels(profiles, left, right),
        "number": number,
        "own_number": numbers.own_number_levels(profiles, left, right),
        "guardian_no": household.guardian_no_levels(profiles, left, right),
        "guardian_name": household.guardian_name_levels(profiles, left, right),
        "phone": household.shared_levels(profiles, "phone_keys", left, right),
        "address": household.shared_levels(profiles, "address_keys", left, right),
        "hukou_county": household.county_levels(profiles.key["hukou_county_key"], left, right),
        "residence_county": household.county_levels(profiles.key["residence_county_key"], left, right),
        "tables": table_levels(profiles, model, left, right),
    }
    return Compared({field: levels[field] for field in FIELDS}, _rarity(chances, levels["name"], left, right))


def table_levels(profiles: Profiles, model: Model, left: Index, right: Index) -> Levels:
    """What kind of table the two come from."""
    kind = np.full(len(profiles.table_names), TableLevel.REPEATING, dtype=np.int8)
    for names, level in (
        (model.guards.once_per_period, TableLevel.ONCE),
        (model.guards.one_row_a_person, TableLevel.ONE_ROW),
    ):
        kind[[name in names for name in profiles.table_names]] = level
    return np.where(profiles.table[left] == profiles.table[right], kind[profiles.table[left]], TableLevel.OTHER).astype(
        np.int8
    )


def random_pairs(size: int, many: int) -> tuple[Index, Index]:
    """Pairs drawn at random, the same for the same number of profiles; none of a profile with itself."""
    if size < 2:
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32)
    generator = np.random.default_rng(size)
    left = generator.integers(0, size, many, dtype=np.int32)
    right = generator.integers(0, size - 1, many, dtype=np.int32)
    right += right >= left
    return left, right


def _rarity(chances: Agreement, name: Levels, left: Index, right: Index) -> Levels:
    """Log2 of how much rarer this name is than agreeing names are on the whole, rounded; 0 where names don't agree."""
    rarity = np.zeros(len(name), dtype=np.float64)
    for level, column in (
        (NameLevel.EQUAL, "name_key"),
        (NameLevel.VARIANT, "variant_key"),
        (NameLevel.SAME_SOUND, "sound_key"),
        (NameLevel.NEAR_SOUND, "sound_key"),
    ):
        index = np.flatnonzero(name == level)
        own = np.maximum(chances.by_profile[column][left[index]], chances.by_profile[column][right[index]])
        with np.errstate(divide="ignore"):
            rarity[index] = np.where(own > 0, np.log2(chances.overall[column] / np.where(own > 0, own, 1.0)), 0.0)
    clipped: npt.NDArray[np.float64] = np.clip(np.rint(rarity), -RAREST, RAREST)
    return clipped.astype(np.int8)


def pack(compared: Compared) -> Ints:
    """One integer a pattern of levels and rarity."""
    code = (compared.rarity + RAREST).astype(np.int64)
    for field, levels in FIELDS.items():
        code = code * len(levels) + compared.levels[field]
    return code


def unpack(codes: Ints) -> Compared:
    """The levels and rarity of patterns made by :func:`pack`."""
    found: dict[str, Levels] = {}
    rest = codes.copy()
    for field, levels in reversed(FIELDS.items()):
        found[field] = (rest % len(levels)).astype(np.int8)
        rest //= len(levels)
    return Compared({field: found[field] for field in FIELDS}, (rest - RAREST).astype(np.int8))
