"""``link.quality``: what each step of a linkage has to say about itself, one figure a row."""

from collections.abc import Iterable

import duckdb


def replace(con: duckdb.DuckDBPyConnection, step: str, figures: Iterable[tuple[str, str, float]]) -> None:
    """Put a step's figures (subject, item, value) in the place of its earlier ones."""
    con.execute("create table if not exists link.quality (step varchar, subject varchar, item varchar, value double)")
    con.execute("delete from link.quality where step = ?", [step])
    rows = [[step, subject, item, value] for subject, item, value in figures]
    if rows:
        con.executemany("insert into link.quality values (?, ?, ?, ?)", rows)
