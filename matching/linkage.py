"""The linkage from ``std`` to children, step by step, for those who want it whole."""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from matching import blocking, clustering, collapse, identity, review, scoring
from matching.model import Model

STEPS = ("profiles", "candidate pairs", "scored pairs", "clusters", "review cases", "children")


def link(
    con: duckdb.DuckDBPyConnection, model: Model, period: str, progress: Callable[[str, object], None] | None = None
) -> dict[str, object]:
    """Run every step in order; return what each says of itself, by the names in ``STEPS``."""
    steps: tuple[Callable[[], object], ...] = (
        lambda: collapse.write_profiles(con, model),
        lambda: blocking.write_candidate_pairs(con, model),
        lambda: scoring.write_scored_pairs(con, model),
        lambda: clustering.write_clusters(con, model),
        lambda: review.write_cases(con, model),
        lambda: identity.write_children(con, model, period),
    )
    summaries: dict[str, object] = {}
    for name, step in zip(STEPS, steps, strict=True):
        summaries[name] = step()
        if progress:
            progress(name, summaries[name])
    return summaries
