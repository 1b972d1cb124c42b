"""Our own engine: the product's steps on the invented deliveries, or `matching.link` with a model file on any table.

The steps start from `std`, which holds what `entry.parquet` holds, before it was laid flat. The children's ids (step 8)
are timed apart: peers stop at clusters.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from time import perf_counter, process_time

import duckdb
import pyarrow as pa

from benchmarks.peers.engine import MEMORY, THREADS, Clock, Phase, Task, task
from matching import link, linkage, model

_OF_CLUSTERS = """
create view found_pair as
select "left"::bigint as left_id, "right"::bigint as right_id, score, false as is_link from linked_pair
where band <> 'forbid'
union all
select l.key::bigint, r.key::bigint, 1000, true from linked_cluster as l
join linked_cluster as r on r.cluster = l.cluster and l.key::bigint < r.key::bigint
"""  # rows alike in every column are never a pair of the library's, so its links are read off its clusters
_MODELS = Path(__file__).parents[1] / "models"


def main() -> None:
    """`--settings children` runs the product's steps; any other name `benchmarks/models/NAME.yml`."""
    asked = task()
    if asked.settings == "children":
        _children(asked)
    else:
        _any_table(asked)


def _children(asked: Task) -> None:
    con, clock = asked.connect(), Clock()
    with clock.phase("read", is_linkage=False):
        shutil.copyfile(asked.folder / "std.duckdb", asked.out / "steps.duckdb")
        con.execute(f"attach '{asked.out / 'steps.duckdb'}' as steps")
        con.execute("use steps")
    last = [perf_counter(), process_time()]

    def done(name: str, _: object) -> None:
        now = [perf_counter(), process_time()]
        clock.phases.append(Phase(name, now[0] - last[0], now[1] - last[1], is_linkage=name != "children"))
        last[:] = now

    used = model.load()
    linkage.link(con, used, "2026H1", done)
    for view in ("pair", "cluster"):
        con.execute(Path(__file__).with_name(f"our_{view}.sql").read_text(encoding="utf-8"))
    asked.leave(con, "found_pair", "found_cluster", clock, f"log2 odds {used.bands.link_from:g}, margin, guards")
    con.close()
    (asked.out / "steps.duckdb").unlink()


def _any_table(asked: Task) -> None:
    """The library on any table, by a model file; entries of several sources are given as a table each."""
    con, clock = asked.connect(), Clock()
    how = model.load(_MODELS / f"{asked.settings}.yml")
    with clock.phase("read", is_linkage=False):
        con.execute("create table entry as select * from read_parquet(?)", [str(asked.entries)])
        sources = [row[0] for row in con.execute("select distinct source_dataset from entry order by all").fetchall()]
        tables = {source: _of_source(con, source, how.key or "unique_id") for source in sources}
    with clock.phase("link"):
        linked = link(tables if len(tables) > 1 else tables[sources[0]], how, threads=THREADS, memory=MEMORY)
    con.register("linked_pair", linked.pairs)
    con.register("linked_cluster", linked.clusters)
    con.execute(_OF_CLUSTERS)
    con.execute(
        "create view found_cluster as select key::bigint as unique_id, cluster as cluster_id from linked_cluster"
    )
    asked.leave(con, "found_pair", "found_cluster", clock, f"log2 odds {how.bands.link_from:g}")


def _of_source(con: duckdb.DuckDBPyConnection, source: str, key: str) -> pa.Table:
    """One source's entries as the library gets them, ``unique_id`` under the name that the model's key has."""
    query = "select unique_id::varchar as key_of_entry, * exclude (unique_id, source_dataset) from entry"
    found = con.execute(f"{query} where source_dataset = ? order by unique_id", [source]).to_arrow_table()
    return found.rename_columns([key, *found.column_names[1:]])


if __name__ == "__main__":
    main()
