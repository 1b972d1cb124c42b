"""Whether somebody was given leave to see full identifiers of some counties' children for a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import sqlalchemy as sa

from stewardship.access import scope
from warehouse.stores import grants
from warehouse.stores.actors import Actor
from warehouse.stores.grants import Grant


def opens(engine: sa.Engine, by: Actor, counties: Iterable[str | None], jurisdiction: str) -> Grant | None:
    """The grant that opens identifiers of a child of these counties now; None where there is none."""
    known = list(counties)
    found = grants.holding(engine, by.username)
    return next((each for each in found if scope.sees(replace(by, counties=each.counties), known, jurisdiction)), None)
