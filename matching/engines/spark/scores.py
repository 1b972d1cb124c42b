"""Pairs compared on Spark; what follows, on patterns and flat arrays, is :mod:`matching.scoring` as on one machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
from pyspark.sql import SparkSession

from matching.comparison.columns import Index
from matching.comparison.comparison import Comparison
from matching.comparison.pairs import Compared, compare, pattern_codes, unpacked
from matching.engines.spark import shipped
from matching.engines.spark.exchange import Exchange, words_of
from matching.scoring import Compare

_CODED = pa.schema({"one": pa.int32(), "other": pa.int32(), "code": pa.int64()})
_ROWS_AT_ONCE = 500_000


def comparing(session: SparkSession, exchange: Exchange, folder: Path, con: duckdb.DuckDBPyConnection) -> Compare:
    """Compare as :func:`matching.comparison.pairs.compare` does, on the nodes. Pairs come sorted and none twice.

    A node gets the comparisons once, a task a stretch of pairs; what comes back is an integer a pair, its pattern.
    """

    def compared(comparisons: Mapping[str, Comparison], left: Index, right: Index) -> Compared:
        sizes = {name: len(comparison.spec.level_names) for name, comparison in comparisons.items()}
        rare = [name for name, comparison in comparisons.items() if comparison.spec.frequency]
        name = shipped.ship(session, comparisons, folder)

        def coded(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            here = shipped.comparisons(name)
            for batch in batches:
                one, other = (column.to_numpy() for column in batch.columns)
                yield pa.record_batch([one, other, pattern_codes(compare(here, one, other), sizes)], schema=_CODED)

        pairs = exchange.rows_to_spark(pa.table({"one": left, "other": right}).to_reader(_ROWS_AT_ONCE))
        files = exchange.to_duckdb(pairs.mapInArrow(coded, words_of(_CODED)))
        codes = con.execute("select code from read_parquet(?) order by one, other", [files]).to_arrow_table()
        return unpacked(codes.column(0).to_numpy(), rare, sizes)

    return compared
