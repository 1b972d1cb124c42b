"""``link.quality``: what each step of a linkage has to say about itself, one figure a row."""

from collections.abc import Sequence

import duckdb
import pyarrow as pa


def replace(con: duckdb.DuckDBPyConnection, step: str, figures: Sequence[tuple[str, str, float]]) -> None:
    """Put a step's figures (subject, item, value) in the place of its earlier ones."""
    con.execute("create table if not exists link.quality (step varchar, subject varchar, item varchar, value double)")
    con.execute("delete from link.quality where step = ?", [step])
    subjects, items, values = zip(*figures, strict=True) if figures else ((), (), ())
    rows = pa.table(
        {
            "subject": pa.array(subjects, pa.string()),
            "item": pa.array(items, pa.string()),
            "value": pa.array(values, pa.float64()),
        }
    )
    con.register("arrow_rows", rows)
    con.execute("insert into link.quality select ?, subject, item, value from arrow_rows", [step])
    con.unregister("arrow_rows")
