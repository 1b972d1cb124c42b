"""Clusters meet the register of issued ids: a child keeps its id, a new one gets one, merges and splits are told."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching import anchors as facts
from matching import entry_children, kept_children, last_release, quality_table, statement
from matching.kept_children import KeptChildren
from matching.model import Model

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_LETTER_OF_BYTE = _ALPHABET.encode("ascii") * 8
_CHARACTERS = 13
_CONTINUES = "its facts are known from an earlier period"
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


def mint(many: int) -> list[str]:
    """New child ids: random, never made of a fact about a child."""
    letters = secrets.token_bytes(many * _CHARACTERS).translate(_LETTER_OF_BYTE).decode("ascii")
    return ["c" + letters[at : at + _CHARACTERS] for at in range(0, len(letters), _CHARACTERS)]


def write_children(con: duckdb.DuckDBPyConnection, model: Model, period: str) -> Identified:
    """Make ``link.entry_child``, ``link.child_event`` and ``link.anchor`` for ``period``.

    Reads ``link.cluster`` and the register in ``prior``. The ids of new children are random; everything else is the
    same for the same deliveries and register.
    """
    kept = kept_children.find(con) if last_release.is_used(con) else None
    anchors = _anchors(con, kept)
    statement.keep(con, "temp table entry_anchor", anchors)
    _write_ages(con)
    statement.run(con, "link/overlap")
    rows = con.execute("select cluster_id, child_id, weight, age, entries, is_earlier from overlap").fetchall()
    found = assign([Overlap(*row[:5]) for row in rows])
    earlier = {cluster for cluster, *_, is_earlier in rows if is_earlier}
    clusters = _clusters(con, kept).tolist()
    new = [cluster for cluster in clusters if cluster not in found.continued]
    issued = dict(zip(new, mint(len(new)), strict=True))
    child = {**issued, **found.continued}
    of_clusters = _cluster_children(clusters, child, earlier, kept)
    events = _events(found, issued)
    _write_events(con, events, period, kept)
    ids = pa.array([child[cluster] for cluster in clusters], pa.string())
    place = np.searchsorted(np.array(clusters, dtype=np.int32), anchors.column("cluster_id").to_numpy())
    children = pa.DictionaryArray.from_arrays(pa.array(place.astype(np.int32)), ids)
    con.execute("create or replace table link.anchor (anchor ubigint, child_id varchar using compression uncompressed)")
    statement.add(con, "link.anchor", pa.table({"anchor": anchors.column("anchor"), "child_id": children}))
    del anchors, children
    if kept is not None:
        _keep_anchors(con, kept)
    last_release.drop(con)
    statement.give_back()
    entry_children.write(con, of_clusters)
    for table in ("entry_anchor", "known_child", "overlap"):
        con.execute(f"drop table {table}")
    counted = {
        kind: sum(1 for _, event, _, _ in events if event == kind) for kind in ("continue", "mint", "merge", "split")
    }
    counted["continue"] += len(kept.clusters) if kept is not None else 0
    quality_table.replace(con, "identity", [("events", kind, float(many)) for kind, many in counted.items()])
    return Identified(len(clusters) + (len(kept.clusters) if kept is not None else 0), counted)


def _clusters(con: duckdb.DuckDBPyConnection, kept: KeptChildren | None) -> npt.NDArray[np.int32]:
    """The clusters in order, but those whose child is kept."""
    cluster = con.execute("select cluster_id from link.cluster order by profile_id").to_arrow_table().column(0)
    found: npt.NDArray[np.int32] = np.unique(cluster.to_numpy()[kept.is_open] if kept else cluster.to_numpy())
    return found


def _anchors(con: duckdb.DuckDBPyConnection, kept: KeptChildren | None) -> pa.Table:
    """Facts that tell which child a cluster is in another period, in the order of the anchors, with the fact's weight.

    An anchor that stands at two clusters tells them apart no more: left out, and put into ``link.shared_anchor``.
    Of ``kept`` children no facts are looked at, but for those that stand at others too.
    """
    facts.write_once(con)
    held = con.execute("select profile_id, weight, anchor from link.profile_anchor").to_arrow_table()
    facts.drop(con)
    cluster = (
        con.execute("select cluster_id from link.cluster order by profile_id").to_arrow_table().column(0).to_numpy()
    )
    anchor = held.column("anchor").to_numpy()
    order = np.argsort(anchor)
    anchor = anchor[order]
    start = np.flatnonzero(np.append(True, anchor[1:] != anchor[:-1])) if len(anchor) else order
    of_cluster = cluster[held.column("profile_id").to_numpy()[order]]
    weight = held.column("weight").to_numpy()[order]
    least = np.minimum.reduceat(of_cluster, start) if len(start) else of_cluster
    alone = least == np.maximum.reduceat(of_cluster, start) if len(start) else least == least
    _write_shared(con, held.take(pa.array(order[~np.repeat(alone, np.diff(start, append=len(anchor)))])))
    if kept is not None:
        alone &= kept.is_open[least]
    weight = np.maximum.reduceat(weight, start) if len(start) else weight
    return pa.table(
        {"cluster_id": least[alone], "weight": weight[alone].astype(np.int32), "anchor": anchor[start][alone]}
    )


def _write_shared(con: duckdb.DuckDBPyConnection, rows: pa.Table) -> None:
    """Make ``link.shared_anchor``."""
    con.register("arrow_rows", rows)
    con.execute(
        "create or replace table link.shared_anchor as"
        " select anchor, profile_id, max(weight) as weight from arrow_rows group by all order by all"
    )
    con.unregister("arrow_rows")


def _keep_anchors(con: duckdb.DuckDBPyConnection, kept: KeptChildren) -> None:
    """Add the anchors of the kept children to ``link.anchor``."""
    con.register("arrow_rows", pa.table({"child_id": kept.children}))
    con.execute(
        "create or replace temp table changed_child as select distinct child_id"
        f" from {last_release.CATALOG}.link.entry_child anti join arrow_rows using (child_id)"
    )
    con.unregister("arrow_rows")
    con.execute(
        "insert into link.anchor select anchor, child_id"
        f" from {last_release.CATALOG}.link.anchor anti join changed_child using (child_id)"
    )
    con.execute("drop table changed_child")


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


def _cluster_children(
    clusters: list[int], child: dict[int, str], earlier: set[int], kept: KeptChildren | None
) -> pa.Table:
    """One row a cluster: its child, and whether an earlier period knew it."""
    rows = pa.table(
        {
            "cluster_id": pa.array(clusters, pa.int32()),
            "child_id": pa.array([child[cluster] for cluster in clusters], pa.string()),
            "is_known": pa.array([cluster in earlier for cluster in clusters], pa.bool_()),
        }
    )
    if kept is not None:
        known = pa.array(np.ones(len(kept.clusters), dtype=bool))
        columns = {"cluster_id": kept.clusters, "child_id": kept.children, "is_known": known}
        rows = pa.concat_tables([rows, pa.table(columns)])
    return rows


def _events(found: Assignment, issued: dict[int, str]) -> list[tuple[str, str, str | None, str]]:
    split = dict(found.split)
    events: list[tuple[str, str, str | None, str]] = []
    events += [(child, "continue", None, _CONTINUES) for child in found.continued.values()]
    events += [
        (child, "merge", other, "its entries are now linked to those of an older id") for child, other in found.merged
    ]
    for cluster, child in issued.items():
        events.append((child, "mint", None, "no earlier period knows its facts"))
        if cluster in split:
            events.append(
                (child, "split", split[cluster], "its entries are no longer linked to those that founded the id")
            )
    return events


def _write_events(
    con: duckdb.DuckDBPyConnection,
    events: list[tuple[str, str, str | None, str]],
    period: str,
    kept: KeptChildren | None,
) -> None:
    columns = list(zip(*events, strict=True)) or [(), (), (), ()]
    names = ("child_id", "event", "other_child_id", "cause")
    rows = pa.table({name: pa.array(list(column), pa.string()) for name, column in zip(names, columns, strict=True)})
    con.register("arrow_rows", rows)
    con.execute(
        "create or replace table link.child_event as select *, $period as period from arrow_rows order by all",
        {"period": period},
    )
    con.unregister("arrow_rows")
    if kept is not None:
        many = len(kept.clusters)
        same = [pa.repeat(word, many) for word in ("continue", pa.scalar(None, pa.string()), _CONTINUES, period)]
        statement.add(con, "link.child_event", pa.table([kept.children, *same], names=[*names, "period"]))
