"""Reports that left the bureau, as their readers have them: what a new one is held against."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from reporting.pack import disclosure, figures, recovery
from reporting.pack.figures import Measured
from reporting.pack.recovery import Told
from reporting.pack.seal import canonical
from warehouse.stores import seals


def protected(
    engine: sa.Engine, name: str, period: str, place: str, counted: Sequence[Measured]
) -> tuple[list[Measured], str]:
    """A report's figures as they may leave, and the canonical text of the counts behind them.

    The same counts of one report leave in one form, whatever left since.
    """
    alone = recovery.tell(place, period, [disclosure.protect(each) for each in counted], counted)
    counts = canonical(name, period, place, [], list(alone.counted.values()))
    out: list[Told] = []
    for seal in seals.released(engine):
        assert seal.counts is not None
        shown, behind = (list(_figures(text)) for text in (seal.figures, seal.counts))
        if (seal.pack, seal.period, seal.jurisdiction, seal.counts) == (name, period, place, counts):
            return shown, counts
        out.append(recovery.tell(seal.jurisdiction, seal.period, shown, behind))
    told = recovery.protect_together(alone, out, figures.registry().alike)
    return list(told.shown.values()), counts


def _figures(text: str) -> Iterator[Measured]:
    """Figures of a canonical text; one that is counted otherwise by now can't be held against today's."""
    known = {each.name: each for each in figures.registry().figures}
    told: dict[str, dict[str, Any]] = json.loads(text)["figures"]
    for name, each in told.items():
        figure = known.get(name)
        if figure and (figure.version, list(figure.columns)) == (each["version"], each["columns"]):
            yield Measured(figure, [tuple(row) for row in each["rows"]])
