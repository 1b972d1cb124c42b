"""The model file: what is compared, how pairs are found, what agreement is worth, where the machine stops."""

from __future__ import annotations

from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from matching.comparison.levels import FIELDS

KeyColumn = Literal[
    "number_keys",
    "name_keys",
    "name_part_keys",
    "birth_keys",
    "year_keys",
    "sex_keys",
    "county_keys",
    "guardian_no_keys",
    "guardian_sound_keys",
    "phone_keys",
    "address_keys",
]


class ModelError(ValueError):
    """The model file can't be used; the message names the file and the key."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BasedOn(_Frozen):
    """Where the weights come from."""

    data: str
    command: str | None
    estimated_on: str | None


class Estimation(_Frozen):
    """How the probabilities are estimated from the deliveries."""

    prior_pairs: float = Field(gt=0)
    random_pairs: int = Field(gt=0)
    rounds_at_most: int = Field(gt=0)
    settled_at: float = Field(gt=0)
    population_at_least: int = Field(gt=1)
    pairs_per_profile: float = Field(gt=0)
    siblings_per_profile: float = Field(gt=0)
    rarest: float = Field(gt=0, lt=1)


class Bands(_Frozen):
    """Thresholds on the score, in log2 odds of *the same child* against both alternatives."""

    link_from: float
    review_from: float
    margin: float = Field(ge=0)
    conflict_below: float

    @model_validator(mode="after")
    def _in_order(self) -> Bands:
        if not self.conflict_below < self.review_from < self.link_from:
            raise ValueError("bands must rise: conflict_below < review_from < link_from")
        return self


class Guards(_Frozen):
    """Parameters of the guards table; the guards themselves are in :mod:`matching.guards`."""

    digits_apart_at_most: int = Field(ge=0)
    common_name_strangers: float = Field(gt=0)
    lone_name_worth: float = Field(ge=0)
    cluster_entries_at_most: int = Field(gt=1)
    once_per_period: tuple[str, ...]
    one_row_a_person: tuple[str, ...]


class Continuity(_Frozen):
    """When an entry is held for a child known from an earlier period, and what that is worth in log2 odds."""

    anchors_from: int = Field(gt=0)
    ahead_by: int = Field(gt=0)
    worth: float = Field(ge=0)


class Sharing(_Frozen):
    """How many different children's names may stand at one phone or address."""

    family_at_most: int = Field(gt=0)
    generic_from: int = Field(gt=1)


class Rule(_Frozen):
    """One way for two profiles to become a candidate pair: they agree on one value of every key."""

    name: str = Field(pattern=r"^[a-z_]+$")
    keys: tuple[KeyColumn, ...] = Field(min_length=1)
    at_most: int = Field(gt=1)
    split_by: tuple[KeyColumn, ...] = Field(min_length=1)


class Blocking(_Frozen):
    """The rules, in the order of their bits in ``link.candidate_pair.rules``."""

    pairs_at_most: int = Field(gt=0)
    rules: tuple[Rule, ...] = Field(min_length=1, max_length=31)

    @model_validator(mode="after")
    def _names_once(self) -> Blocking:
        names = [rule.name for rule in self.rules]
        if len(set(names)) != len(names):
            raise ValueError(f"two blocking rules bear one name: {sorted(names)}")
        return self


class Level(_Frozen):
    """How often a level is seen in each class, as stated; ``other`` None: counted in the deliveries."""

    same: float = Field(gt=0, le=1)
    household: float = Field(gt=0, le=1)
    other: float | None = Field(default=None, gt=0, le=1)


class Model(_Frozen):
    """One version of the linkage model."""

    version: str
    based_on: BasedOn
    estimation: Estimation
    bands: Bands
    guards: Guards
    continuity: Continuity
    sharing: Sharing
    blocking: Blocking
    fields: dict[str, dict[str, Level]]

    @model_validator(mode="after")
    def _knows_every_level(self) -> Model:
        if list(self.fields) != list(FIELDS):
            raise ValueError(f"fields must be {list(FIELDS)} in this order, found {list(self.fields)}")
        for field, levels in FIELDS.items():
            expected = {level.name.lower() for level in levels if level.name != "MISSING"}
            if set(self.fields[field]) != expected:
                odd = sorted(expected ^ set(self.fields[field]))
                raise ValueError(f"fields.{field} must state each of its levels once; missing or unknown: {odd}")
            for side in ("same", "household"):
                total = sum(getattr(level, side) for level in self.fields[field].values())
                if abs(total - 1) > 0.02:
                    raise ValueError(f"fields.{field}: the probabilities of `{side}` add up to {total:.4f}, not 1")
        return self

    @cached_property
    def rule_names(self) -> tuple[str, ...]:
        """Names of the blocking rules, by bit."""
        return tuple(rule.name for rule in self.blocking.rules)


def load(path: Path | None = None) -> Model:
    """Read and check a model file; without ``path`` the children's own.

    Raises :class:`ModelError` naming the file and what is wrong in it.
    """
    source = path or resources.files("matching") / "model.yml"
    try:
        return Model.model_validate(yaml.safe_load(source.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as fault:
        raise ModelError(f"{path or 'matching/model.yml'}: not a linkage model. {fault}") from fault
