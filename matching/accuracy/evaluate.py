"""How good the links are against a truth: pairs, clusters, siblings merged, by feed pair and by group."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import duckdb

from matching import statement
from policy.period import Period

_Z = 1.959964  # two-sided 95 %
_RULE_OF_THREE = 3.0


class TruthError(ValueError):
    """The truth can't be read; the message names the file and what is missing."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its nominal 95 % interval; pairs of one child stand or fall together, so children are the sample."""

    right: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share; 1 of nothing."""
        return self.right / self.of if self.of else 1.0


@dataclass(frozen=True, slots=True)
class Quality:
    """Precision and recall of pairs."""

    precision: Share
    recall: Share

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        p, r = self.precision.value, self.recall.value
        return 2 * p * r / (p + r) if p + r else 0.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Links of one period against the truth.

    ``pairs``: pairs of children's entries. ``clusters``: whole children. ``exact``: the same pairs by exact matching
    (citizen number, else name, sex and birth date as delivered). ``merged``: pairs of different children in one
    cluster; ``siblings``: those who share a guardian's number, name or phone; ``twins``: siblings born the same day.
    ``by_tables``: by the two tables of a pair; ``by_group``: by the children's ethnic group.
    ``unmatched``: rows of the truth that are no entry (repeats, quarantined); ``ambiguous``: whose key two rows bear.
    """

    entries: int
    children: int
    pairs: Quality
    clusters: Quality
    exact: Quality
    merged: int
    siblings: int
    twins: int
    by_tables: dict[str, Quality]
    by_group: dict[str, Quality]
    unmatched: int
    ambiguous: int


def evaluate(con: duckdb.DuckDBPyConnection, links: Path, children: Path | None = None) -> Evaluation:
    """Compare ``link.entry_child`` with a truth of ``feed, table, key, child[, file, row]``, child empty for adults.

    ``children``: ``child, born, …, ethnic``, for figures by ethnic group and to leave out who has come of age.
    Makes temporary tables only; raises :class:`TruthError`.
    """
    _read_truth(con, links)
    ethnic = _read_groups(con, children)
    statement.run(con, "evaluate/judged", {"as_of": _as_of(con)})
    unmatched, ambiguous = con.execute(
        "select count(*) filter (entry_id is null), count(*) filter (bearers > 1) from truth_entry where child <> ''"
    ).fetchall()[0]
    entries, many = con.execute(
        "select count(*), count(distinct child) from judged where child not like 'adult %'"
    ).fetchall()[0]
    statement.run(con, "evaluate/merged")
    merged, siblings, twins = con.execute(
        "select count(*), count(*) filter (is_sibling), count(*) filter (is_sibling and born_together)"
        " from merged_children"
    ).fetchall()[0]
    return Evaluation(
        entries,
        many,
        _pairs(con, "found"),
        _whole(con),
        _pairs(con, "exact"),
        merged,
        siblings,
        twins,
        _by_tables(con),
        _by_group(con) if ethnic else {},
        unmatched,
        ambiguous,
    )


def _read_truth(con: duckdb.DuckDBPyConnection, links: Path) -> None:
    """Make ``truth_entry``: each row of the truth with its entry, if there is one."""
    if not links.is_file():
        raise TruthError(
            f"{links}: no such truth file. Expected the CSV feed,table,key,child[,file,row] of the period."
        )
    con.execute(
        "create or replace temp table truth as select * from read_csv(?, all_varchar = true, header = true)",
        [str(links)],
    )
    found = {row[0] for row in con.execute("describe truth").fetchall()}
    if missing := {"feed", "table", "key", "child"} - found:
        raise TruthError(f"{links}: lacks the columns {sorted(missing)}; found {sorted(found)}. Is it the links file?")
    name = "evaluate/truth_by_row" if {"file", "row"} <= found else "evaluate/truth_by_key"
    statement.run(con, name)


def _read_groups(con: duckdb.DuckDBPyConnection, children: Path | None) -> bool:
    if children is None:
        con.execute("create or replace temp table truth_child (child varchar, born date, ethnic varchar)")
        return False
    if not children.is_file():
        raise TruthError(f"{children}: no such truth file. Expected the CSV child,born,…,ethnic of the period.")
    con.execute(
        "create or replace temp table truth_child as"
        " select child, try_cast(born as date) as born, ethnic from read_csv(?, all_varchar = true, header = true)",
        [str(children)],
    )
    return True


def _as_of(con: duckdb.DuckDBPyConnection) -> str:
    """The reference date of the period that was linked."""
    found = con.execute("select period from link.child_event limit 1").fetchall()
    return Period.parse(found[0][0]).as_of.isoformat() if found else "9999-12-31"


def _quality(
    con: duckdb.DuckDBPyConnection, right: str, predicted: str, true: str, by_found: str, by_child: str
) -> Quality:
    """Both shares from per-cluster (``by_found``) and per-child (``by_child``) relations of pair counts."""
    return Quality(_share(con, by_found, right, predicted), _share(con, by_child, right, true))


def _share(con: duckdb.DuckDBPyConnection, relation: str, right: str, of: str) -> Share:
    """Ratio of two sums over independent units (clusters or children), its variance by linearisation."""
    hits, total, units = con.execute(
        f"select coalesce(sum({right}), 0)::bigint, coalesce(sum({of}), 0)::bigint, count(*) filter ({of} > 0)"
        f" from {relation}"
    ).fetchall()[0]
    if not total:
        return Share(0, 0, 0.0, 1.0)
    share = hits / total
    squares = con.execute(f"select sum(({right} - ? * {of}) ** 2) from {relation}", [share]).fetchall()[0][0]
    if squares == 0:
        edge = _RULE_OF_THREE / max(units, 3)
        return Share(hits, total, max(share - edge, 0.0), min(share + edge, 1.0))
    half = _Z * sqrt(squares) / total
    return Share(hits, total, max(share - half, 0.0), min(share + half, 1.0))


def _cells(by: str) -> str:
    """Pairs right by unit: entries of one child in one cluster, gathered over clusters or children ``by``."""
    return f"""(
        with cell as (select child, cluster, count(*) as n from judged_now group by all),
             unit as (select {by} as unit, sum(n * (n - 1) // 2) as right_pairs, sum(n) as n from cell group by all)
        select unit, right_pairs, n * (n - 1) // 2 as all_pairs from unit
    )"""


def _pairs(con: duckdb.DuckDBPyConnection, column: str) -> Quality:
    con.execute(f"create or replace temp table judged_now as select child, {column} as cluster from judged")
    return _quality(con, "right_pairs", "all_pairs", "all_pairs", _cells("cluster"), _cells("child"))


def _whole(con: duckdb.DuckDBPyConnection) -> Quality:
    """A cluster is right when it holds all entries of one child and nothing else."""
    con.execute(
        """
        create or replace temp table whole as
        with cell as (select child, found, count(*) as n from judged group by all),
             child as (select child, sum(n) as n from cell group by child),
             cluster as (select found, sum(n) as n from cell group by found)
        select cell.child, cell.found, (cell.n = child.n and cell.n = cluster.n)::integer as is_whole
        from cell join child using (child) join cluster using (found)
        """
    )
    by = "(select {} as unit, max(is_whole) as right_pairs, 1 as all_pairs from whole group by all)"
    return _quality(con, "right_pairs", "all_pairs", "all_pairs", by.format("found"), by.format("child"))


def _by_tables(con: duckdb.DuckDBPyConnection) -> dict[str, Quality]:
    """By the tables of the two entries, in alphabetical order: a child's education beside its health entries, say."""
    con.execute(
        """
        create or replace temp table table_cell as
        select child, found, source, count(*) as n from judged group by all
        """
    )
    sources = [row[0] for row in con.execute("select distinct source from judged order by source").fetchall()]
    found: dict[str, Quality] = {}
    for place, one in enumerate(sources):
        for other in sources[place:]:
            unit = "n * (n - 1) // 2" if one == other else "n * m"
            relation = """(
                with cell as (
                    select child, found, sum(n) filter (source = '{one}') as n, sum(n) filter (source = '{other}') as m
                    from table_cell group by child, found
                ),
                unit as (
                    select {by} as unit, sum(coalesce({pairs}, 0)) as right_pairs,
                        coalesce(sum(n), 0) as n, coalesce(sum(m), 0) as m
                    from cell group by all
                )
                select unit, right_pairs, {pairs} as all_pairs from unit
            )"""
            parts = {"one": one, "other": other, "pairs": unit}
            quality = _quality(
                con,
                "right_pairs",
                "all_pairs",
                "all_pairs",
                relation.format(by="found", **parts),
                relation.format(by="child", **parts),
            )
            if quality.recall.of or quality.precision.of:
                found[f"{one} × {other}"] = quality
    return found


def _by_group(con: duckdb.DuckDBPyConnection) -> dict[str, Quality]:
    """By ethnic group: recall over the group's children, precision over clusters that hold any of them."""
    groups = [
        row[0]
        for row in con.execute("select distinct ethnic from truth_child where ethnic <> '' order by ethnic").fetchall()
    ]
    found: dict[str, Quality] = {}
    for group in groups:
        con.execute(
            "create or replace temp table group_child as select child from truth_child where ethnic = ?", [group]
        )
        con.execute(
            "create or replace temp table judged_now as select child, found as cluster from judged"
            " where found in (select found from judged semi join group_child using (child))"
        )
        precision = _share(con, _cells("cluster"), "right_pairs", "all_pairs")
        con.execute(
            "create or replace temp table judged_now as select child, found as cluster from judged"
            " semi join group_child using (child)"
        )
        found[group] = Quality(precision, _share(con, _cells("child"), "right_pairs", "all_pairs"))
    return found
