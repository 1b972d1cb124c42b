"""A new model version runs beside the one in force first: what would move is told before it holds."""

from __future__ import annotations

import duckdb

from matching import quality_table, statement
from matching.engines.engine import Engine, OneMachine
from matching.model import Model
from matching.scoring.scored_pairs import ScoredPairs
from matching.training import trained_model

STEP = "retraining"


def write_scored_pairs(
    con: duckdb.DuckDBPyConnection, model: Model, period: str, retrain: bool, engine: Engine | None = None
) -> ScoredPairs:
    """Score the candidate pairs by the version in force; where ``retrain`` asks for it, by a new one.

    What that moves goes into ``link.quality``, step ``retraining``: nothing where no version was in force before.
    """
    engine = engine or OneMachine()
    figures: list[tuple[str, str, float]] = []
    if not retrain:
        scored = engine.write_scored_pairs(con, model, period)
    elif not trained_model.is_any_in_force(con):
        scored = engine.write_scored_pairs(con, model, period, retrain=True)
    else:
        scored, figures = _beside(con, model, period, engine)
    quality_table.replace(con, STEP, figures)
    return scored


def _beside(
    con: duckdb.DuckDBPyConnection, model: Model, period: str, engine: Engine
) -> tuple[ScoredPairs, list[tuple[str, str, float]]]:
    """Link by both versions, the new one last, so that its tables stay.

    Where the model file has other levels by now, the version in force can't be run, and only that is told.
    """
    if odd := trained_model.outgrown(con, model):
        return engine.write_scored_pairs(con, model, period, retrain=True), [("levels", "changed", float(len(odd)))]
    engine.write_scored_pairs(con, model, period)
    engine.write_clusters(con, model)
    con.execute(
        "create or replace temp table held_pair as select left_profile, right_profile, band from link.scored_pair"
    )
    con.execute("create or replace temp table held_cluster as from link.cluster")
    scored = engine.write_scored_pairs(con, model, period, retrain=True)
    engine.write_clusters(con, model)
    moved = [(row["subject"], row["item"], row["value"]) for row in statement.read(con, "link/moved").to_pylist()]
    for table in ("held_pair", "held_cluster"):
        con.execute(f"drop table {table}")
    return scored, moved
