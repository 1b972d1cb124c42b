"""Which counties of the site are watched, when each was looked at last, and when it is due again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from pipelines.site import Site
from policy.rule_file import Whole
from policy.rules import Holding
from policy.rules import load as load_rules
from warehouse.stores import watches
from warehouse.stores.engine import open_stores
from warehouse.stores.watches import Watched


@dataclass(frozen=True, slots=True)
class Standing:
    """One watched county. ``last``: its newest watch, None where it was never looked at; ``clause`` says who asks."""

    county: str
    last: Watched | None
    every_days: int
    due_on: date
    clause: str


def standing(site: Site, home: Path, on: date) -> Sequence[Standing]:
    """Every watched county of a site as it stands on a day."""
    rules, stores = load_rules(), open_stores(site.stores_url or home / "stores")
    last = {each.watch.county: each for each in watches.read(stores)}
    return [_of(rules.holding("watched", county, on), county, last.get(county), on) for county in site.watched]


def _of(rule: Holding, county: str, last: Watched | None, on: date) -> Standing:
    stated = rule.stated["every_days"].value
    assert isinstance(stated, Whole)
    due_on = on if last is None else last.watch.watched_on + timedelta(days=stated.value)
    return Standing(county, last, stated.value, due_on, rule.clause)
