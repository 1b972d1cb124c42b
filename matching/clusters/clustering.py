"""Scored pairs and people's decisions into clusters of profiles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching import quality_table, statement
from matching.cases import decisions
from matching.clusters import agglomeration, continuity
from matching.clusters.agglomeration import NO_PAIRS, Clusters, Constraints, Evidence, Pairs, Profiled, Refusal
from matching.guards.guard import Effect
from matching.guards.names import GUARDS
from matching.model import Model

_KINDS = ("is_link", "is_forbidden", "is_unlikely", "is_excused")
_READ_AT_ONCE = 1_000_000
Cluster = Callable[[Evidence, Pairs | None], Clusters]
"""What :func:`matching.clusters.agglomeration.cluster` does; another engine may do it elsewhere."""


@dataclass(frozen=True, slots=True)
class Clustered:
    """How many clusters of how many profiles; components that needed the constrained step; links refused, by reason."""

    profiles: int
    clusters: int
    constrained: int
    refused: dict[str, int]


@statement.with_arrays
def write_clusters(con: duckdb.DuckDBPyConnection, model: Model, cluster: Cluster = agglomeration.cluster) -> Clustered:
    """Make ``link.cluster`` and ``link.refused_pair``.

    Reads ``link.profile``, ``link.scored_pair`` and, where there are any, ``prior.decision``, whose newest judgement of
    a pair holds, and ``prior.known_anchor``.
    ``cluster_id`` is the least profile of the cluster.
    """
    must, must_not = decisions.decided_pairs(con)
    said = _said(con, model)
    evidence = Evidence(
        said.links,
        said.forbidden,
        said.unlikely,
        _profiled(con, model),
        Constraints(
            model.clusters.entries_at_most,
            model.bands.margin,
            must,
            must_not,
            frozenset(zip(said.excused.left.tolist(), said.excused.right.tolist(), strict=True)),
        ),
    )
    found = cluster(evidence, _carried(con, model))
    _write(con, found.cluster, found.refused)
    refused = {reason.name.lower(): sum(1 for _, _, why in found.refused if why is reason) for reason in Refusal}
    heads = int((found.cluster == np.arange(evidence.size)).sum())
    summary = Clustered(evidence.size, heads, found.constrained, refused)
    figures = [("clusters", "all", float(summary.clusters)), ("clusters", "constrained", float(summary.constrained))]
    figures += [("refused", why, float(many)) for why, many in refused.items()]
    inside = found.cluster[evidence.links.left] == found.cluster[evidence.links.right]
    quality_table.replace(con, "clustering", figures + _found_alone(model, said.rules[inside]))
    return summary


@dataclass(frozen=True, slots=True)
class _Said:
    """What the scored pairs say: pairs in order. ``rules``: those that found each link."""

    links: Pairs
    forbidden: Pairs
    unlikely: Pairs
    excused: Pairs
    rules: npt.NDArray[np.uint32]


def _said(con: duckdb.DuckDBPyConnection, model: Model) -> _Said:
    """Read once, a part at a time: most pairs say something, few say two things."""
    bands = {"link_from": model.bands.link_from, "conflict_below": model.bands.conflict_below}
    query = con.execute(statement.text("link/said_pair"), bands | {"always_asking": _always_asking(model)})
    found: dict[str, list[Pairs]] = {name: [] for name in _KINDS}
    rules = []
    for part in query.to_arrow_reader(_READ_AT_ONCE):
        column = {name: part.column(name).to_numpy(zero_copy_only=False) for name in part.schema.names}
        every = Pairs(column["left_profile"], column["right_profile"], column["weighed"])
        for name, pairs in found.items():
            pairs.append(every.where(column[name]))
        rules.append(column["rules"][column["is_link"]])
    links, forbidden, unlikely, excused = (_together(found.pop(name)) for name in _KINDS)
    return _Said(links, forbidden, unlikely, excused, np.concatenate([np.zeros(0, np.uint32), *rules]))


def _together(parts: list[Pairs]) -> Pairs:
    """Pairs of all parts, in their order."""
    columns = zip(*((each.left, each.right, each.score) for each in [NO_PAIRS, *parts]), strict=True)
    return Pairs(*(np.concatenate(column) for column in columns))


def _always_asking(model: Model) -> list[str]:
    """Guards that keep a pair apart until a person decides."""
    return [name for name in model.guards if GUARDS[name].effect is Effect.ALWAYS_ASK]


def _carried(con: duckdb.DuckDBPyConnection, model: Model) -> Pairs | None:
    """Pairs that an earlier period held for one child, each worth what the model says; None where there was none."""
    if not statement.has_table(con, "prior", "known_anchor"):
        return None
    continuity.write_carried_pairs(con, model)
    rows = con.execute("select left_profile, right_profile from carried_pair").to_arrow_table()
    con.execute("drop table carried_pair")
    left, right = (rows.column(place).to_numpy().astype(np.int32) for place in range(2))
    return Pairs(left, right, np.full(len(left), model.continuity.worth))


def _found_alone(model: Model, rules: npt.NDArray[np.uint32]) -> list[tuple[str, str, float]]:
    """By blocking rule: how many linked pairs inside clusters it found, and how many no other rule found."""
    figures = []
    for place, rule in enumerate(model.rule_names):
        bit = np.uint32(1 << place)
        found, alone = np.count_nonzero(rules & bit), np.count_nonzero(rules == bit)
        figures += [(rule, "links found", float(found)), (rule, "links found alone", float(alone))]
    return figures


def _profiled(con: duckdb.DuckDBPyConnection, model: Model) -> Profiled:
    """A profile's one value of what a cluster has one value of, as a code; none where its own values differ."""
    columns = ", ".join(model.clusters.one_value_of)
    one = f"case when least({columns}) = greatest({columns}) then least({columns}) end" if columns else "null"
    query = (
        f"select profile_id, entries, coalesce(list_position($once::varchar[], {source_name(model)}), 0) as once,"
        f" ({one})::varchar as number from link.profile order by profile_id"
    )
    rows = con.execute(query, {"once": list(model.sources.once)}).to_arrow_table()
    number = rows.column("number").combine_chunks().dictionary_encode().indices.fill_null(-1).to_numpy()
    once, entries = (rows.column(name).to_numpy().astype(np.int64) for name in ("once", "entries"))
    return Profiled(number.astype(np.int64) + 1, once, entries)


def source_name(model: Model) -> str:
    """SQL over ``link.profile`` for the name of the source that a profile comes from."""
    return " || '.' || ".join(model.sources.named_by)


def _write(
    con: duckdb.DuckDBPyConnection, cluster: npt.NDArray[np.int32], refused: list[tuple[int, int, Refusal]]
) -> None:
    tables = {
        "cluster": pa.table(
            {"profile_id": pa.array(np.arange(len(cluster), dtype=np.int32)), "cluster_id": pa.array(cluster)}
        ),
        "refused_pair": pa.table(
            {
                "left_profile": pa.array([left for left, _, _ in refused], pa.int32()),
                "right_profile": pa.array([right for _, right, _ in refused], pa.int32()),
                "reason": pa.array([why.name.lower() for _, _, why in refused], pa.string()),
            }
        ),
    }
    for name, rows in tables.items():
        statement.keep(con, f"table link.{name}", rows)
