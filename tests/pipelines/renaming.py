"""Two releases compared row for row, newly minted ids aside."""

from pathlib import Path
from typing import Any

import duckdb

Release = tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]


def release(links: Path, status: Path) -> Release:
    """Links and statuses with each child named by its entries instead of its id; file and line left out."""
    con = duckdb.connect()
    con.execute(f"create view link as select * from '{links}'")
    con.execute(f"create view status as select * from '{status}'")
    con.execute(
        """
        create view child as
        select child_id, md5(string_agg(concat_ws('|', feed, "table", key), ';' order by feed, "table", key)) as named
        from link where child_id <> '' group by child_id
        """
    )
    linked = con.sql(
        'select feed, "table", key, named, how, score from link left join child using (child_id) order by all'
    ).fetchall()
    judged = con.sql(
        "select named, status.* exclude (child_id) from status left join child using (child_id) order by all"
    ).fetchall()
    return linked, judged


def published(childindex, home: Path, period: str, out: Path) -> Release:
    """Export a published period by the command and read it."""
    out.mkdir(exist_ok=True)
    for name in ("links", "status"):
        file = out / f"{name}.parquet"
        done = childindex("export", name, "--home", home, "--period", period, "--out", file)
        assert done.returncode == 0, done.stderr
    return release(out / "links.parquet", out / "status.parquet")
