"""Pairs compared on Spark; what follows, on patterns and flat arrays, is :mod:`matching.scoring` as on one machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
from pyspark.sql import SparkSession

from matching.comparison.columns import Ints
from matching.comparison.comparisons import Comparisons, of_made
from matching.comparison.pairs import Ends, compare
from matching.engines.spark import shipped
from matching.engines.spark.exchange import Exchange, words_of
from matching.scoring.scored_pairs import Compare

_CODED = pa.schema({"one": pa.int32(), "other": pa.int32(), "code": pa.int64()})
_ROWS_AT_ONCE = 500_000


def comparing(session: SparkSession, exchange: Exchange, folder: Path, con: duckdb.DuckDBPyConnection) -> Compare:
    """Compare as :func:`matching.comparison.pairs.compare` does, the candidates on the nodes.

    They come sorted and none twice. A node gets the comparisons once, a task a stretch of pairs; what comes back is an
    integer a pair, its code. The few random pairs are compared here.
    """

    def compared(comparisons: Comparisons, candidates: Ends, random: Ends) -> tuple[Ints, Ints]:
        together = comparisons.together()
        name = shipped.ship(session, together, folder)

        def coded(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            here = of_made(shipped.comparisons(name))
            for batch in batches:
                one, other = (column.to_numpy() for column in batch.columns)
                (codes,) = compare(here, (one, other))
                yield pa.record_batch([one, other, codes], schema=_CODED)

        left, right = candidates
        pairs = exchange.rows_to_spark(pa.table({"one": left, "other": right}).to_reader(_ROWS_AT_ONCE))
        files = exchange.to_duckdb(pairs.mapInArrow(coded, words_of(_CODED)))
        codes = con.execute("select code from read_parquet(?) order by one, other", [files]).to_arrow_table()
        (drawn,) = compare(of_made(together), random)
        return codes.column(0).to_numpy(), drawn

    return compared
