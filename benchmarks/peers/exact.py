"""Exact matching: one number, else the same name, sex and birth date. What a bureau does without a linkage engine.

The settings name the columns: of the number, then of the person, `number:name,sex,born`.
"""

from __future__ import annotations

from benchmarks.peers.engine import Clock, task


def main() -> None:
    """Link by exact equality; every pair of a cluster is a link."""
    asked, clock = task(), Clock()
    con = asked.connect()
    number, person = asked.settings.split(":")
    columns = person.split(",")
    with clock.phase("read", is_linkage=False):
        con.execute("create table entry as select * from read_parquet(?)", [str(asked.entries)])
    with clock.phase("match"):
        known = " and ".join(f"{column} is not null" for column in columns)
        of_person = f"case when {known} then concat_ws('|', 'p', {', '.join(columns)}) end"
        of_number = f"'n' || {number}" if number else "null"
        con.execute(
            "create table cluster as select unique_id,"
            f" coalesce({of_number}, {of_person}, 'e' || unique_id) as cluster_id from entry"
        )
    con.execute(
        "create view pair as select l.unique_id as left_id, r.unique_id as right_id, 1 as score, true as is_link"
        " from cluster as l join cluster as r on r.cluster_id = l.cluster_id and l.unique_id < r.unique_id"
    )
    asked.leave(con, "pair", "cluster", clock, "equal")


if __name__ == "__main__":
    main()
