"""Two children that somebody holds for one, though the machine never asked: laid out as a case."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from stewardship.casebook import Case, Line, Row, gather, rows_of, shared_keys, sql
from stewardship.facts_shown import Seal

ASKED = "asked"
"""The kind of such a case."""
_NUMBERED_FROM = 10**12
"""Numbers of such cases have thirteen digits, so that none looks like a phone's or a person's; and are negative."""


def between(con: duckdb.DuckDBPyConnection, period: str, one: str, other: str, seal: Seal) -> Case | None:
    """Lay out two children; None where one of them isn't there, or both are one."""
    clusters = con.execute(sql("child_cluster"), {"children": [one, other]}).fetchall()
    by_child = dict(clusters)
    if len(by_child) < 2:
        return None
    number = -_NUMBERED_FROM - int(seal.digest("two children", *sorted((one, other))), 16) % _NUMBERED_FROM
    con.execute("create temp table case_member (case_id bigint, cluster_id integer)")
    con.executemany("insert into case_member values (?, ?)", [(number, cluster) for cluster in by_child.values()])
    gather(con)
    entries = rows_of(con, "from case_entry order by cluster_id, entry_id")
    sides = {"left_cluster": by_child[one], "right_cluster": by_child[other]}
    pairs = rows_of(con, sql("pair_between"), sides)
    ages = dict(con.execute(sql("child_age")).fetchall())
    if not pairs:
        return None
    line = _line(number, pairs[0], len(pairs), entries)
    return Case(period, line, tuple(entries), tuple(pairs), (), (), ages, shared_keys(con))


def _line(number: int, best: Row, pairs: int, entries: Sequence[Row]) -> Line:
    return Line(
        case_id=number,
        kind=ASKED,
        kinds=(ASKED,),
        guards=() if best["guard"] == "none" else (best["guard"],),
        feed_pairs=(),
        band=best["band"] or "leave",
        counties=frozenset(),
        townships=(),
        score=best["score"],
        p_same=best["p_same"],
        pairs=pairs,
        clusters=2,
        entries=len(entries),
        migrants=0,
        statuses_differ=False,
        has_care_record=False,
    )
