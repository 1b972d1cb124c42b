"""The linkage step by step: from ``std`` to children, and the part of it that any table's profiles go through."""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from matching import retraining
from matching.cases import review
from matching.children import identity
from matching.engines.engine import Engine, OneMachine
from matching.model import Model
from matching.periods import last_release
from matching.profiles import collapse
from matching.profiles.collapse import Collapsed

STEPS = ("profiles", "candidate pairs", "scored pairs", "clusters", "review cases", "children")
Progress = Callable[[str, object], None]


def link(
    con: duckdb.DuckDBPyConnection,
    model: Model,
    period: str,
    progress: Progress | None = None,
    retrain: bool = False,
    full: bool = False,
) -> dict[str, object]:
    """Run every step in order; return what each says of itself, by the names in ``STEPS``.

    ``retrain``: estimate a new model version, though one is in force. ``full``: take nothing over from the last
    release.
    """
    asked = "a new model version is trained" if retrain else "asked for" if full else None
    first: dict[str, Callable[[], object]] = {"profiles": lambda: write_profiles(con, model, asked)}
    last: dict[str, Callable[[], object]] = {"children": lambda: identity.write_children(con, model, period)}
    return _run(first, progress) | link_profiles(con, model, progress, period, retrain) | _run(last, progress)


def write_profiles(con: duckdb.DuckDBPyConnection, model: Model, full_because: str | None = None) -> Collapsed:
    """Make the profiles, and decide whether what the last release linked of them is taken over."""
    goes_on = full_because is None and last_release.hindrance(con, model) is None
    collapsed = collapse.write_profiles(con, model, goes_on)
    last_release.choose(con, model, full_because)
    return collapsed


def link_profiles(
    con: duckdb.DuckDBPyConnection,
    model: Model,
    progress: Progress | None = None,
    period: str = "",
    retrain: bool = False,
    engine: Engine | None = None,
) -> dict[str, object]:
    """Run the steps from ``link.profile`` to clusters and cases, which are the same whatever the profiles are of.

    ``engine``: this machine where none is given.
    """
    engine = engine or OneMachine()
    steps: dict[str, Callable[[], object]] = {
        "candidate pairs": lambda: engine.write_candidate_pairs(con, model),
        "scored pairs": lambda: retraining.write_scored_pairs(con, model, period, retrain, engine),
        "clusters": lambda: engine.write_clusters(con, model),
        "review cases": lambda: review.write_cases(con, model),
    }
    return _run(steps, progress)


def _run(steps: dict[str, Callable[[], object]], progress: Progress | None) -> dict[str, object]:
    summaries: dict[str, object] = {}
    for name, step in steps.items():
        summaries[name] = step()
        if progress:
            progress(name, summaries[name])
    return summaries
