"""The Spark engine: a session and a work folder that live as long as one run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path
from types import TracebackType

import duckdb
from pyspark.sql import SparkSession

from matching.candidates.blocking import Found
from matching.clusters import clustering
from matching.clusters.clustering import Clustered
from matching.engines.spark import clusters, pairs, scores
from matching.engines.spark.exchange import Exchange
from matching.engines.spark.place import Place
from matching.engines.spark.session import start
from matching.model import Model
from matching.scoring import scored_pairs
from matching.scoring.scored_pairs import ScoredPairs


class SparkEngine:
    """Pairs are found, compared, guarded and clustered by Spark, in parquet beside the connection's file.

    ``folder`` is made for this engine alone, for its owner alone, and removed by ``close``; what a killed run left in
    it is removed first. The session starts with the first step, which takes some seconds, and is stopped by ``close``.
    """

    def __init__(self, place: Place, folder: Path) -> None:
        self._place = place
        self._folder = folder
        self._numbers = count()

    @cached_property
    def session(self) -> SparkSession:
        """The session that all steps share."""
        if self._folder.exists():
            shutil.rmtree(self._folder)
        self._folder.mkdir(mode=0o700, parents=True)
        return start(self._place, self._folder)

    def write_candidate_pairs(self, con: duckdb.DuckDBPyConnection, model: Model) -> Found:
        """Make ``link.candidate_pair`` from ``link.profile``."""
        with self._step(con, "pairs") as exchange:
            return pairs.write_candidate_pairs(self.session, exchange, con, model)

    def write_scored_pairs(
        self, con: duckdb.DuckDBPyConnection, model: Model, period: str = "", retrain: bool = False
    ) -> ScoredPairs:
        """Make ``link.scored_pair``, ``link.pattern`` and ``link.level_weight`` from ``link.candidate_pair``."""
        with self._step(con, "scores") as exchange:
            compare = scores.comparing(self.session, exchange, self._folder, con)
            return scored_pairs.write_scored_pairs(con, model, period, retrain, compare)

    def write_clusters(self, con: duckdb.DuckDBPyConnection, model: Model) -> Clustered:
        """Make ``link.cluster`` and ``link.refused_pair`` from ``link.scored_pair``."""
        with self._step(con, "clusters") as exchange:
            return clustering.write_clusters(con, model, clusters.clustering(exchange, con))

    def close(self) -> None:
        """Stop the session and remove the folder."""
        if "session" in self.__dict__:
            self.session.stop()
            del self.session
            shutil.rmtree(self._folder)

    def __enter__(self) -> SparkEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _step(self, con: duckdb.DuckDBPyConnection, name: str) -> Iterator[Exchange]:
        """A folder for one step's rows, removed with it; meanwhile DuckDB leaves Java its share of the memory."""
        name = f"{name}-{next(self._numbers)}"  # never twice: Spark remembers what it read under a path
        session, folder = self.session, self._folder / name
        folder.mkdir(mode=0o700)
        exchange = Exchange(session, folder, self._place.exchange and f"{self._place.exchange}/{name}")
        before = con.execute("select current_setting('memory_limit')").fetchall()[0][0]
        con.execute("set memory_limit = ?", [self._place.rest])
        try:
            yield exchange
        finally:
            exchange.close()
            con.execute("set memory_limit = ?", [before])
