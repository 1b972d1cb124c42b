"""Clusters on Spark: components of links across the cluster, the constrained step inside each by the same code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as f

from matching.clusters import agglomeration
from matching.clusters.agglomeration import Clusters, Constraints, Evidence, Pairs, Profiled, Refusal
from matching.clusters.clustering import Cluster
from matching.engines.spark.components import components
from matching.engines.spark.exchange import Exchange, words_of

Batches = Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]
Values = npt.NDArray[Any]
_LINK, _FORBIDDEN, _UNLIKELY, _CARRIED, _DECIDED = range(5)
_PAIR = pa.schema({"one": pa.int32(), "other": pa.int32(), "kind": pa.int8(), "score": pa.float64()})
_PROFILE = pa.schema({"one": pa.int32(), "number": pa.int64(), "once": pa.int64(), "entries": pa.int64()})
_ROW = pa.schema([pa.field("component", pa.int32()), *_PAIR, *[_PROFILE.field(place) for place in (1, 2, 3)]])
_FOUND = pa.schema({"one": pa.int32(), "other": pa.int32(), "refusal": pa.int8()})
_CLUSTER, _CONSTRAINED = 0, -1  # refusals count from 1
_ROWS_AT_ONCE = 500_000


def clustering(exchange: Exchange, con: duckdb.DuckDBPyConnection) -> Cluster:
    """Cluster as :func:`matching.clusters.agglomeration.cluster` does, whole components a task."""

    def cluster(evidence: Evidence, carried: Pairs | None = None) -> Clusters:
        links, forbidden, unlikely = evidence.links, evidence.forbidden, evidence.unlikely
        decided = _decided(evidence.constraints.must)
        kinds = {_LINK: links, _FORBIDDEN: forbidden, _UNLIKELY: unlikely, _CARRIED: carried, _DECIDED: decided}
        pairs = exchange.rows_to_spark(_pair_rows({kind: each for kind, each in kinds.items() if each is not None}))
        profiles = exchange.rows_to_spark(_profile_rows(evidence.profiled))
        joining = pairs.where(f.col("kind").isin(_LINK, _CARRIED, _DECIDED)).select("one", "other")
        rows = _rows_by_component(profiles, pairs, components(exchange, joining))
        found = rows.repartition("component").mapInArrow(_clustering(evidence.constraints), words_of(_FOUND))
        return _read(con, evidence.size, exchange.to_duckdb(found))

    return cluster


def _decided(must: list[tuple[int, int]]) -> Pairs:
    one, other = np.array(must, np.int32).reshape(-1, 2).T
    return Pairs(one, other, np.zeros(len(one)))


def _pair_rows(kinds: dict[int, Pairs]) -> pa.RecordBatchReader:
    tables = [
        pa.table([pairs.left, pairs.right, np.full(len(pairs.left), kind, np.int8), pairs.score], schema=_PAIR)
        for kind, pairs in kinds.items()
    ]
    return pa.concat_tables(tables).to_reader(_ROWS_AT_ONCE)


def _profile_rows(profiled: Profiled) -> pa.RecordBatchReader:
    one = np.arange(len(profiled.entries), dtype=np.int32)
    return pa.table([one, profiled.number, profiled.once, profiled.entries], schema=_PROFILE).to_reader(_ROWS_AT_ONCE)


def _rows_by_component(profiles: DataFrame, pairs: DataFrame, component: DataFrame) -> DataFrame:
    """Every profile with its component, itself where no link touches it, and the pairs inside a component."""
    one, other = component.toDF("one", "component"), component.toDF("other", "component")
    itself = profiles.join(one, "one", "left").withColumn("component", f.coalesce("component", "one"))
    inside = pairs.join(one, "one").join(other, ["other", "component"])
    return itself.unionByName(inside, allowMissingColumns=True).select(*_ROW.names)


def _clustering(constraints: Constraints) -> Batches:
    """Cluster the components of one task. Profiles keep their order, by which ties are decided."""

    def clustered(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        rows = pa.Table.from_batches(batches, _ROW)
        if not rows.num_rows:
            return
        is_profile = rows.column("entries").is_valid()
        profiles = rows.filter(is_profile).sort_by("one")
        profile, *known = (profiles.column(name).to_numpy() for name in _PROFILE.names)
        pairs = rows.filter(rows.column("entries").is_null()).sort_by([("one", "ascending"), ("other", "ascending")])
        found = _cluster(profile, Profiled(*known), pairs, constraints)
        refused = np.array(found.refused, np.int64).reshape(-1, 3)
        yield _batch(profile, profile[found.cluster], np.full(len(profile), _CLUSTER))
        yield _batch(profile[refused[:, 0]], profile[refused[:, 1]], refused[:, 2])
        yield _batch(*(np.array([value]) for value in (found.constrained, 0, _CONSTRAINED)))

    return clustered


def _cluster(profile: Values, known: Profiled, pairs: pa.Table, constraints: Constraints) -> Clusters:
    """Cluster by places among these profiles, which rise."""
    left, right = (
        np.searchsorted(profile, pairs.column(side).to_numpy()).astype(np.int32) for side in ("one", "other")
    )
    every = Pairs(left, right, pairs.column("score").to_numpy())
    kind = pairs.column("kind").to_numpy()
    links, forbidden, unlikely, carried = (
        every.where(kind == each) for each in (_LINK, _FORBIDDEN, _UNLIKELY, _CARRIED)
    )
    return agglomeration.cluster(Evidence(links, forbidden, unlikely, known, constraints.among(profile)), carried)


def _batch(one: Values, other: Values, refusal: Values) -> pa.RecordBatch:
    columns = [one.astype(np.int32), other.astype(np.int32), refusal.astype(np.int8)]
    return pa.record_batch(columns, schema=_FOUND)


def _read(con: duckdb.DuckDBPyConnection, size: int, files: str) -> Clusters:
    found = con.execute("select one, other, refusal from read_parquet(?)", [files]).to_arrow_table()
    one, other, refusal = (column.to_numpy() for column in found.columns)
    cluster = np.empty(size, np.int32)
    cluster[one[refusal == _CLUSTER]] = other[refusal == _CLUSTER]
    is_refused = refusal > 0
    refused = zip(*(column[is_refused].tolist() for column in (one, other, refusal)), strict=True)
    constrained = int(one[refusal == _CONSTRAINED].sum())
    return Clusters(cluster, sorted((left, right, Refusal(why)) for left, right, why in refused), constrained)
