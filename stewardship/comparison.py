"""Cases that a person makes: two children held for one though the machine never asked, or one held for two."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import duckdb

from matching import statement
from stewardship.casebook import Case, EntryKey, Line, Row, gather, rows_of, shared_keys, sql
from stewardship.facts_shown import Seal
from warehouse.stores.comparisons import Comparison

ASKED = "asked"
"""The kind of a case of two children."""
PARTED = "parted"
"""The kind of a case of one child, of whom some entries may be another's."""
VERIFIED = "verified"
"""The kind of a case of two records that the machine linked by itself, drawn to be verified."""
OF_PEOPLE = frozenset({ASKED, PARTED})
_NUMBERED_FROM = 10**12
"""Numbers of such cases have thirteen digits, so that none looks like a phone's or a person's; and are negative."""
_APART = -1
"""Stands for the cluster of the entries that may be another child's."""


class NotParted(ValueError):
    """These entries of a child can't be told from the others; ``why`` is a word of ``words/parts.yml``."""

    def __init__(self, why: str) -> None:
        super().__init__(f"entries can't be told apart: {why}")
        self.why = why


def between(con: duckdb.DuckDBPyConnection, period: str, one: str, other: str, seal: Seal) -> Case | None:
    """Lay out two children; None where one of them isn't there, or both are one."""
    by_child = _clusters(con, (one, other))
    if len(by_child) < 2:
        return None
    number = _number(seal, "two children", *sorted((one, other)))
    _gather(con, number, by_child.values())
    return _laid_out(con, period, number, ASKED, by_child[one], by_child[other])


def within(con: duckdb.DuckDBPyConnection, period: str, child: str, apart: Collection[EntryKey], seal: Seal) -> Case:
    """Lay out one child's entries as if those ``apart`` were another's. Raises :class:`NotParted`."""
    cluster = _clusters(con, (child,)).get(child)
    if cluster is None or not apart:
        raise NotParted("nothing")
    number = _number(seal, "one child", child, *sorted(apart))
    _gather(con, number, [cluster])
    con.executemany(
        f"update case_entry set cluster_id = {_APART} where (feed, table_name, key) = (?, ?, ?)", [*map(list, apart)]
    )
    sides, twice = con.execute(
        "select count(distinct cluster_id), count(distinct profile_id) filter (sides > 1)"
        " from (select cluster_id, profile_id, count(distinct cluster_id) over (partition by profile_id) as sides"
        " from case_entry)"
    ).fetchall()[0]
    if sides < 2:
        raise NotParted("nothing")
    if twice:
        raise NotParted("alike")
    found = _laid_out(con, period, number, PARTED, cluster, _APART)
    if found is None or len({row["cluster_id"] for row in found.entries if _is_named(found, row)}) < 2:
        raise NotParted("no_key")
    facts = statement.text("link/profile_anchor")
    (keeps,) = con.execute(sql("part_keeping_id").replace("$facts", facts), {"child": child}).fetchone() or (cluster,)
    return replace(found, keeps_id=keeps)


def of_link(con: duckdb.DuckDBPyConnection, period: str, link: Row) -> Case:
    """Lay out the two records of a drawn link, without the others of their child."""
    both = [link["left_profile"], link["right_profile"]]
    _gather(con, link["case_id"], [link["cluster_id"]])
    con.execute("delete from case_entry where profile_id not in (?, ?)", both)
    con.execute(f"update case_entry set cluster_id = {_APART} where profile_id = ?", both[1:])
    found = _laid_out(con, period, link["case_id"], VERIFIED, link["cluster_id"], _APART)
    if found is None:
        raise LookupError("a drawn link whose entries have no keys")
    return found


def path(made: Comparison) -> str:
    """Where the case is shown."""
    if made.other is None:
        return f"/children/{made.one}/parts/{-made.case_id}"
    return f"/children/{made.one}/with/{made.other}"


def _is_named(case: Case, row: Row) -> bool:
    """Whether an entry has a key that is one child's alone."""
    return bool(row["key"]) and not row["is_shared"]


def _number(seal: Seal, *what: object) -> int:
    return -_NUMBERED_FROM - int(seal.digest(*what), 16) % _NUMBERED_FROM


def _clusters(con: duckdb.DuckDBPyConnection, children: Sequence[str]) -> Mapping[str, int]:
    return dict(con.execute(sql("child_cluster"), {"children": list(children)}).fetchall())


def _gather(con: duckdb.DuckDBPyConnection, number: int, clusters: Collection[int]) -> None:
    con.execute("create temp table case_member (case_id bigint, cluster_id integer)")
    con.executemany("insert into case_member values (?, ?)", [(number, cluster) for cluster in clusters])
    gather(con)


def _laid_out(
    con: duckdb.DuckDBPyConnection, period: str, number: int, kind: str, left: int, right: int
) -> Case | None:
    """What is gathered as a case; None where no two entries can be named."""
    entries = rows_of(con, "from case_entry order by cluster_id, entry_id")
    pairs = rows_of(con, sql("pair_between"), {"left_cluster": left, "right_cluster": right})
    ages = dict(con.execute(sql("child_age")).fetchall())
    if not pairs:
        return None
    line = _line(number, kind, pairs[0], len(pairs), entries)
    return Case(period, line, tuple(entries), tuple(pairs), (), (), ages, shared_keys(con))


def _line(number: int, kind: str, best: Row, pairs: int, entries: Sequence[Row]) -> Line:
    return Line(
        case_id=number,
        kind=kind,
        kinds=(kind,),
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
