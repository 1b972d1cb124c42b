"""The bounds of the gates, read strictly out of bounds.yml: an unknown key is an error, not a rule that never runs."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ColumnEmptied(_Strict):
    """When a column counts as emptied; see bounds.yml."""

    filled_last_at_least: float
    left_at_most: float
    values_due_at_least: float


class DeliveryBounds(_Strict):
    """A delivery against the last period's."""

    rows_gained_at_most: float
    of_events: frozenset[str]
    chance_spread: float
    column_emptied: ColumnEmptied
    filled_less_at_most: float
    county_silent_rows: int


class RowBounds(_Strict):
    """Faults in rows, all of which only warn."""

    faulty_more_at_most: float
    quarantined_at_most: float
    repeated_at_most: float
    distribution_stability_at_most: float
    chance_multiple: float


class ReleaseBounds(_Strict):
    """A release against the published one."""

    ids_kept_at_least: float
    ids_kept_expected: float
    ids_kept_children_at_least: int
    children_changed_at_most: float
    children_changed_warned: float
    entries_per_child_changed_at_most: float
    largest_cluster_grown_at_most: float
    largest_cluster_at_least: int
    minted_at_most: float
    minted_warned: float
    migrants_changed_warned: float
    cases_a_child_warned: float


class ExpectationBounds(_Strict):
    """Bounds of rendered suites where a spec says nothing."""

    names_blank_at_most: float
    key_blank_at_most: float
    key_repeated_at_most: float
    earliest_date: date
    may_lie_ahead: frozenset[str]


class Bounds(_Strict):
    """All of bounds.yml."""

    deliveries: DeliveryBounds
    rows: RowBounds
    release: ReleaseBounds
    expectations: ExpectationBounds


@cache
def load(path: Path | None = None) -> Bounds:
    """Our bounds, or those of ``path``, which must state them all. Raises ``ValidationError`` naming the key."""
    text = (
        path.read_text(encoding="utf-8")
        if path
        else (resources.files("quality") / "bounds.yml").read_text(encoding="utf-8")
    )
    return Bounds.model_validate(yaml.safe_load(text))
