"""What an engine is: the three steps of the linkage whose work grows with pairs, from table to table."""

from __future__ import annotations

from typing import Protocol

import duckdb

from matching.candidates import blocking
from matching.candidates.blocking import Found
from matching.children import kept_children
from matching.clusters import clustering
from matching.clusters.clustering import Clustered
from matching.model import Model
from matching.periods import last_release
from matching.scoring import scored_pairs
from matching.scoring.scored_pairs import ScoredPairs


class Engine(Protocol):
    """Makes the tables of ``link`` from ``candidate_pair`` to ``refused_pair`` in the connection's file.

    Whatever the engine, the same input gives the same rows under the same names; later rooms don't notice.
    """

    def write_candidate_pairs(self, con: duckdb.DuckDBPyConnection, model: Model) -> Found:
        """Make ``link.candidate_pair`` from ``link.profile``."""

    def write_scored_pairs(
        self, con: duckdb.DuckDBPyConnection, model: Model, period: str = "", retrain: bool = False
    ) -> ScoredPairs:
        """Make ``link.scored_pair``, ``link.pattern`` and ``link.level_weight`` from ``link.candidate_pair``."""

    def write_clusters(self, con: duckdb.DuckDBPyConnection, model: Model) -> Clustered:
        """Make ``link.cluster`` and ``link.refused_pair`` from ``link.scored_pair``."""

    def close(self) -> None:
        """Give back what the engine holds."""


def _write_clusters(con: duckdb.DuckDBPyConnection, model: Model) -> Clustered:
    write = kept_children.write_clusters if last_release.is_used(con) else clustering.write_clusters
    return write(con, model)


class OneMachine:
    """DuckDB and numpy in this process."""

    def write_candidate_pairs(self, con: duckdb.DuckDBPyConnection, model: Model) -> Found:
        """Make ``link.candidate_pair`` from ``link.profile``."""
        return blocking.write_candidate_pairs(con, model)

    def write_scored_pairs(
        self, con: duckdb.DuckDBPyConnection, model: Model, period: str = "", retrain: bool = False
    ) -> ScoredPairs:
        """Make ``link.scored_pair``, ``link.pattern`` and ``link.level_weight`` from ``link.candidate_pair``."""
        return scored_pairs.write_scored_pairs(con, model, period, retrain)

    def write_clusters(self, con: duckdb.DuckDBPyConnection, model: Model) -> Clustered:
        """Make ``link.cluster`` and ``link.refused_pair`` from ``link.scored_pair``."""
        return _write_clusters(con, model)

    def close(self) -> None:
        """Nothing is held."""
