"""The model file: what is compared, how pairs are found, what agreement is worth, where the machine stops."""

from __future__ import annotations

import math
import re
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from matching import normalisers
from matching.comparison import kinds
from matching.comparison.coding import RAREST
from matching.comparison.spec import FieldSpec
from matching.guards import guard
from matching.guards.names import GUARDS

PROFILE_KEYS = (
    "number_keys",
    "name_keys",
    "name_part_keys",
    "name_rest_keys",
    "birth_keys",
    "born_keys",
    "month_keys",
    "year_keys",
    "sex_keys",
    "county_keys",
    "guardian_no_keys",
    "guardian_sound_keys",
    "phone_keys",
    "address_keys",
)
"""What profiles of children are blocked by; a model with ``columns`` of its own has a key a column."""

Step = str | dict[str, int | str]

_COLUMN = re.compile(r"[a-z][a-z0-9_]*")
_TAKEN = frozenset(
    (
        *("entry_id", "profile_id", "first_id", "entries", "feed", "table_name", "key", "left", "right", "source"),
        *("rules", "pattern", "pairs", "score", "p_same", "p_household", "p_other", "guard", "band"),
    )
)
"""Columns of the linkage's own tables; a model's columns and fields bear other names."""


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
    """How the probabilities are estimated from the data.

    ``sample``: the random pairs ``as_drawn``, or ``without_matches``: what the estimation holds for one thing is taken
    out of what strangers are seen to agree on.
    """

    prior_pairs: float = Field(gt=0)
    random_pairs: int = Field(gt=0)
    rounds_at_most: int = Field(gt=0)
    settled_at: float = Field(gt=0)
    population_at_least: int = Field(gt=1)
    pairs_per_profile: float = Field(gt=0)
    siblings_per_profile: float = Field(default=0.8, gt=0)
    rarest: float = Field(gt=0, lt=1)
    sample: Literal["as_drawn", "without_matches"] = "without_matches"


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


class Sources(_Frozen):
    """Where a row comes from. ``once``: sources that hold a thing once; ``one_row``: that give a thing one row."""

    named_by: tuple[str, ...] = ("table_name",)
    once: tuple[str, ...] = ()
    one_row: tuple[str, ...] = ()


class ClusterBounds(_Frozen):
    """What a cluster may hold. ``one_value_of``: columns that between them have one value in a cluster."""

    entries_at_most: int = Field(gt=1)
    one_value_of: tuple[str, ...] = ()


class TableColumn(_Frozen):
    """A column of the caller's table as it is compared: where it is read from, and its normalisers in order."""

    read: str | tuple[str, ...] = Field(alias="from")
    steps: tuple[Step, ...] = Field(alias="as")

    @property
    def read_from(self) -> tuple[str, ...]:
        """The caller's columns, joined by a space where there are several."""
        return (self.read,) if isinstance(self.read, str) else self.read


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
    keys: tuple[str, ...] = Field(min_length=1)
    at_most: int = Field(gt=1)
    split_by: tuple[str, ...] = Field(min_length=1)


class Blocking(_Frozen):
    """The rules, in the order of their bits in ``link.candidate_pair.rules``.

    ``pairs_a_profile``: what one rule may make, and ``pairs_unsplit`` in all; where it makes more than both its most
    crowded keys are split as if they were over its ``at_most``.
    """

    pairs_at_most: int = Field(gt=0)
    pairs_a_profile: float = Field(default=math.inf, gt=0)
    pairs_unsplit: int = Field(default=0, ge=0)
    rules: tuple[Rule, ...] = Field(min_length=1, max_length=31)

    @model_validator(mode="after")
    def _names_once(self) -> Blocking:
        names = [rule.name for rule in self.rules]
        if len(set(names)) != len(names):
            raise ValueError(f"two blocking rules bear one name: {sorted(names)}")
        return self


class Model(_Frozen):
    """One version of a linkage model.

    ``classes``: ``household`` may be left out. ``columns``: of any table; a model without them is one of profiles of
    children. ``guards``: the first that holds speaks.
    """

    version: str
    based_on: BasedOn
    classes: tuple[str, ...] = ("same", "other")
    columns: dict[str, TableColumn] = {}
    key: str | None = None
    source: str | None = None
    estimation: Estimation
    bands: Bands
    sources: Sources = Sources()
    guards: dict[str, dict[str, float]] = {}
    clusters: ClusterBounds
    continuity: Continuity = Continuity(anchors_from=4, ahead_by=4, worth=10.0)
    sharing: Sharing = Sharing(family_at_most=5, generic_from=16)
    blocking: Blocking
    fields: dict[str, FieldSpec] = Field(min_length=1)

    @model_validator(mode="after")
    def _holds_together(self) -> Model:
        if self.classes not in (("same", "other"), ("same", "household", "other")):
            raise ValueError(f"classes: [same, other] or [same, household, other], found {list(self.classes)}")
        odd = [name for name in [*self.columns, *self.fields] if not _COLUMN.fullmatch(name) or name in _TAKEN]
        if odd:
            raise ValueError(f"names of columns and fields: a-z, 0-9, _ and none of {sorted(_TAKEN)}; found {odd}")
        kinds.check(self.fields)
        guard.check(GUARDS, self.guards, {name: field.kind for name, field in self.fields.items()})
        for name, column in self.columns.items():
            normalisers.check(name, column.steps)
        self._check_keys()
        for side in set(self.classes) - {"other"}:
            for name, field in self.fields.items():
                _check_shares(name, field, side)
        if math.prod(self.sizes.values()) * (2 * RAREST + 1) ** len(self.rare_fields) >= 2**62:
            raise ValueError("fields: more levels, or fields with `frequency`, than a pattern can hold; leave some out")
        return self

    def _check_keys(self) -> None:
        known = tuple(f"{name}_keys" for name in self.columns) or PROFILE_KEYS
        for rule in self.blocking.rules:
            odd = sorted(set(rule.keys + rule.split_by) - set(known))
            if odd:
                raise ValueError(f"blocking rule {rule.name}: {odd} are none of the keys {list(known)}")
        read = {name for field in self.fields.values() for name in field.of}
        read |= {other for field in self.fields.values() for other in field.crossed_with}
        read |= set(self.clusters.one_value_of)
        if self.columns and read - set(self.columns):
            raise ValueError(f"columns: {sorted(read - set(self.columns))} are compared, but none of {[*self.columns]}")

    @property
    def sizes(self) -> dict[str, int]:
        """How many levels each field has, missing among them."""
        return {name: len(field.level_names) for name, field in self.fields.items()}

    @property
    def rare_fields(self) -> tuple[str, ...]:
        """Fields whose values' frequency counts."""
        return tuple(name for name, field in self.fields.items() if field.frequency)

    @cached_property
    def rule_names(self) -> tuple[str, ...]:
        """Names of the blocking rules, by bit."""
        return tuple(rule.name for rule in self.blocking.rules)


def _check_shares(name: str, field: FieldSpec, side: str) -> None:
    """Each level's share stated, adding up to one; or for the class of one thing none, which takes the default."""
    stated = [share for level in field.levels.values() if (share := getattr(level, side)) is not None]
    if not stated and side == "same":
        return
    if len(stated) != len(field.levels):
        raise ValueError(f"fields.{name}: `{side}` must be stated for every level, found {len(stated)}")
    if abs(sum(stated) - 1) > 0.02:
        raise ValueError(f"fields.{name}: the probabilities of `{side}` add up to {sum(stated):.4f}, not 1")


def load(path: Path | None = None) -> Model:
    """Read and check a model file; without ``path`` the children's own.

    Raises :class:`ModelError` naming the file and what is wrong in it.
    """
    source = path or resources.files("matching") / "model.yml"
    try:
        return Model.model_validate(yaml.safe_load(source.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as fault:
        raise ModelError(f"{path or 'matching/model.yml'}: not a linkage model. {fault}") from fault
