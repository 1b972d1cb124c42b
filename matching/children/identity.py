"""Clusters meet the register of issued ids: a child keeps its id, a new one gets one, merges and splits are told."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from matching import quality_table, statement
from matching.children import cluster_anchors, entry_children, kept_children
from matching.children.cluster_anchors import Anchors
from matching.children.kept_children import KeptChildren
from matching.comparison.columns import Flags, Index
from matching.model import Model
from matching.periods import last_release

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_LETTER_OF_BYTE = _ALPHABET.encode("ascii") * 8
_CHARACTERS = 13
_CAUSES = {
    "continue": "its facts are known from an earlier period",
    "mint": "no earlier period knows its facts",
    "merge": "its entries are now linked to those of an older id",
    "split": "its entries are no longer linked to those that founded the id",
}
_FOUNDED_AT = 4
"""Least weight of anchors for a merge or a split to be told: a number, a key; not a name and birth date."""


@dataclass(frozen=True, slots=True)
class Identified:
    """How many children continue, are new, were merged into another, were split off."""

    children: int
    events: dict[str, int]


@dataclass(frozen=True, slots=True)
class Overlap:
    """What speaks for a cluster being a known child; ``age`` 1 is the oldest; ids of one period are of one age.

    ``entries``: how many the known child had in the last earlier period.
    """

    cluster: int
    child: str
    weight: int
    age: int
    entries: int = 0


@dataclass(frozen=True, slots=True)
class Assignment:
    """Known child by cluster; known children merged into (child, survivor); clusters split off (cluster, founder)."""

    continued: dict[int, str]
    merged: list[tuple[str, str]]
    split: list[tuple[int, str]]


def assign(overlaps: list[Overlap]) -> Assignment:
    """Give each known child to at most one cluster and each cluster at most one known child.

    The pair with most evidence goes first, the older child before the younger, the lesser cluster before the greater.
    A known child that finds no cluster of its own is merged into the one that holds most of its facts; the oldest of
    the merged gives the id, among equally old ones the one that had most entries, then the one with most evidence.
    """
    order = sorted(overlaps, key=lambda each: (-each.weight, each.age, each.child, each.cluster))
    first = {each.child: (each.age, -each.entries) for each in overlaps}
    continued: dict[int, str] = {}
    taken: dict[str, int] = {}
    for each in order:
        if each.cluster not in continued and each.child not in taken:
            continued[each.cluster] = each.child
            taken[each.child] = each.cluster
    merged: list[tuple[str, str]] = []
    split: list[tuple[int, str]] = []
    into: dict[str, int] = {}
    for each in order:
        if each.weight < _FOUNDED_AT:
            continue
        if each.child not in taken and each.child not in into:
            into[each.child] = each.cluster
        elif each.child in taken and each.cluster not in continued:
            split.append((each.cluster, each.child))
    gathered: dict[int, list[str]] = {}
    for child, cluster in into.items():
        gathered.setdefault(cluster, [continued[cluster]]).append(child)
    for cluster, children in sorted(gathered.items()):
        survivor = min(children, key=lambda child: (first[child], children.index(child)))
        continued[cluster] = survivor
        merged += [(child, survivor) for child in sorted(children) if child != survivor]
    first_split = dict(reversed(split))
    return Assignment(continued, merged, sorted(first_split.items()))


def mint(many: int) -> pa.StringArray:
    """New child ids: random, never made of a fact about a child."""
    letters = np.frombuffer(secrets.token_bytes(many * _CHARACTERS).translate(_LETTER_OF_BYTE), dtype=np.uint8)
    text = np.full((many, 1 + _CHARACTERS), ord("c"), dtype=np.uint8)
    text[:, 1:] = letters.reshape(many, _CHARACTERS)
    ends = np.arange(many + 1, dtype=np.int32) * (1 + _CHARACTERS)
    return pa.StringArray.from_buffers(many, pa.py_buffer(ends), pa.py_buffer(text))


@statement.with_arrays
def write_children(con: duckdb.DuckDBPyConnection, model: Model, period: str) -> Identified:
    """Make ``link.entry_child``, ``link.child_event`` and ``link.anchor`` for ``period``.

    Reads ``link.cluster`` and the register in ``prior``. The ids of new children are random; everything else is the
    same for the same deliveries and register.
    """
    kept = kept_children.find(con) if last_release.is_used(con) else None
    cluster = (
        con.execute("select cluster_id from link.cluster order by profile_id").to_arrow_table().column(0).to_numpy()
    )
    anchors = cluster_anchors.find(con, cluster, kept)
    clusters = _clusters(cluster, kept)
    found, earlier = _assigned(con, anchors)
    is_new = ~np.isin(clusters, np.array([*found.continued], dtype=np.int32))
    children = _children(clusters, is_new, found)
    is_known = np.isin(clusters, np.array(earlier, dtype=np.int32))
    counted = _write_events(con, clusters, children, is_new, found, period, kept)
    cluster_anchors.write(con, anchors, clusters, children, kept)
    of_clusters = _cluster_children(clusters, children, is_known, kept)
    del cluster, anchors, clusters, children
    last_release.drop(con)
    statement.give_back()
    entry_children.write(con, of_clusters)
    quality_table.replace(con, "identity", [("events", kind, float(many)) for kind, many in counted.items()])
    return Identified(of_clusters.num_rows, counted)


def _clusters(cluster: Index, kept: KeptChildren | None) -> Index:
    """The clusters in order, but those whose child is kept. ``cluster``: by profile, the least in it."""
    is_least = cluster == np.arange(len(cluster))
    if kept is not None:
        is_least &= kept.is_open
    return np.flatnonzero(is_least).astype(np.int32)


def _assigned(con: duckdb.DuckDBPyConnection, anchors: Anchors) -> tuple[Assignment, list[int]]:
    """Which known child each cluster is, and the clusters that periods before this one knew."""
    con.register("entry_anchor", anchors.table())
    _write_ages(con)
    statement.run(con, "link/overlap")
    con.unregister("entry_anchor")
    rows = con.execute("select cluster_id, child_id, weight, age, entries, is_earlier from overlap").fetchall()
    for table in ("known_child", "overlap"):
        con.execute(f"drop table {table}")
    return assign([Overlap(*row[:5]) for row in rows]), [row[0] for row in rows if row[5]]


def _children(clusters: Index, is_new: Flags, found: Assignment) -> pa.Array:
    """The child of each cluster: a new one, or the known one that goes on in it."""
    known = pa.array([found.continued[cluster] for cluster in clusters[~is_new].tolist()], pa.string())
    new = int(np.count_nonzero(is_new))
    place = np.empty(len(clusters), dtype=np.int64)
    place[is_new] = np.arange(new)
    place[~is_new] = np.arange(new, len(clusters))
    return pa.concat_arrays([mint(new), known]).take(pa.array(place))


def _write_ages(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``known_child``: how old a known child's id is and how many entries the child had last.

    The age is by the period of issue, the entries are those of the last earlier period, where ``prior`` has them.
    """
    age = (
        "select child_id, dense_rank() over (order by min(period)) as age from prior.issued_child group by child_id"
        if statement.has_table(con, "prior", "issued_child")
        else "select child_id, min(priority) as age from prior.known_anchor group by child_id"
    )
    last = (
        "prior.child"
        if statement.has_table(con, "prior", "child")
        else "(select null::varchar as child_id, 0 as entries)"
    )
    con.execute(
        f"create or replace temp table known_child as with age as ({age})"
        " select child_id, age.age, coalesce(last.entries, 0) as entries"
        f" from age left join {last} as last using (child_id)"
    )


def _cluster_children(clusters: Index, children: pa.Array, is_known: Flags, kept: KeptChildren | None) -> pa.Table:
    """One row a cluster: its child, and whether an earlier period knew it."""
    rows = pa.table({"cluster_id": clusters, "child_id": children, "is_known": is_known})
    if kept is None:
        return rows
    held = pa.table({"cluster_id": kept.clusters, "child_id": kept.children, "is_known": kept.is_known})
    return pa.concat_tables([rows, held])


def _write_events(
    con: duckdb.DuckDBPyConnection,
    clusters: Index,
    children: pa.Array,
    is_new: Flags,
    found: Assignment,
    period: str,
    kept: KeptChildren | None,
) -> dict[str, int]:
    """Make ``link.child_event``; how many events there are of each kind."""
    merged, into = zip(*found.merged, strict=True) if found.merged else ((), ())
    split, founders = zip(*found.split, strict=True) if found.split else ((), ())
    came_off = children.take(pa.array(np.searchsorted(clusters, np.array(split, dtype=np.int32))))
    told = {
        "continue": (pa.array([*found.continued.values()], pa.string()), None),
        "mint": (children.filter(pa.array(is_new)), None),
        "merge": (pa.array(merged, pa.string()), pa.array(into, pa.string())),
        "split": (came_off, pa.array(founders, pa.string())),
    }
    rows = pa.concat_tables([_events(kind, child, other) for kind, (child, other) in told.items()])
    con.register("arrow_rows", rows)
    con.execute(
        "create or replace table link.child_event as select *, $period as period from arrow_rows order by all",
        {"period": period},
    )
    con.unregister("arrow_rows")
    counted = {kind: len(child) for kind, (child, _) in told.items()}
    if kept is not None:
        same = _events("continue", kept.children, None)
        statement.add(con, "link.child_event", same.append_column("period", pa.repeat(period, same.num_rows)))
        counted["continue"] += same.num_rows
    return counted


def _events(kind: str, child: pa.Array | pa.ChunkedArray, other: pa.Array | None) -> pa.Table:
    """Events of one kind. One row a child."""
    many = len(child)
    columns = {
        "child_id": child,
        "event": pa.repeat(kind, many),
        "other_child_id": pa.nulls(many, pa.string()) if other is None else other,
        "cause": pa.repeat(_CAUSES[kind], many),
    }
    return pa.table(columns)
