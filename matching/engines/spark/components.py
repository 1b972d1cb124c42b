"""Connected components on Spark: forests in arrays first, then stars in turns until nothing changes.

What goes round is one edge a profile at most. Large and small stars in turns: Kiveris and others, Connected Components
in MapReduce and Beyond (SoCC 2014); the number of rounds grows with the logarithm of the largest component.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as f
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from matching.engines.spark.exchange import Exchange

ONE_TASK = 5_000_000
"""So many edges are still one task's work: 100 MB."""
_EDGES = "one int, other int"
_SCHEMA = pa.schema({"one": pa.int32(), "other": pa.int32()})


def components(exchange: Exchange, edges: DataFrame, one_task: int = ONE_TASK) -> DataFrame:
    """Rows (profile, component) of the profiles that the edges (one, other) touch; a component is its least profile."""
    forest = exchange.kept(edges.mapInArrow(_forest, _EDGES))
    is_small = forest.count() <= one_task
    stars = exchange.kept(forest.coalesce(1).mapInArrow(_forest, _EDGES) if is_small else _settled(exchange, forest))
    centres = stars.select("other").distinct()
    return stars.union(centres.select("other", "other")).toDF("profile", "component")


def _forest(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """An edge (profile, least of its component) for each profile of a task's edges that isn't the least."""
    held = [batch for batch in batches if batch.num_rows]
    if not held:
        return
    one, other = (np.concatenate([batch.column(name).to_numpy() for batch in held]) for name in ("one", "other"))
    profiles, place = np.unique(np.concatenate([one, other]), return_inverse=True)
    size = len(profiles)
    ends = (place[: len(one)], place[len(one) :])
    _, label = connected_components(coo_matrix((np.ones(len(one), np.int8), ends), shape=(size, size)), directed=False)
    _, first = np.unique(label, return_index=True)
    least = profiles[first[label]]
    kept = least != profiles
    yield pa.record_batch([pa.array(profiles[kept]), pa.array(least[kept])], schema=_SCHEMA)


def _settled(exchange: Exchange, edges: DataFrame) -> DataFrame:
    """Stars whose centre is the least of each component."""
    before = None
    while True:
        edges = exchange.kept(_small_stars(_large_stars(edges)))
        now = edges.agg(f.count("*"), f.bit_xor(f.xxhash64("one", "other"))).collect()[0]
        if now == before:
            return edges
        before = now


def _large_stars(edges: DataFrame) -> DataFrame:
    """Tie each profile's larger neighbours to the least of it and its neighbours."""
    both = edges.union(edges.select("other", "one"))
    least = f.least(f.col("one"), f.min("other").over(Window.partitionBy("one")))
    tied = both.select("other", least.alias("least"), (f.col("other") > f.col("one")).alias("is_larger"))
    return tied.where("is_larger").select(f.col("other").alias("one"), f.col("least").alias("other")).distinct()


def _small_stars(edges: DataFrame) -> DataFrame:
    """Tie each profile and its smaller neighbours to the least of these; edges come larger end first."""
    least = f.min("other").over(Window.partitionBy("one"))
    tied = edges.select("one", "other", least.alias("least"))
    neighbours = tied.where("other <> least").select("other", "least")
    return neighbours.union(tied.select("one", "least")).toDF("one", "other").distinct()
