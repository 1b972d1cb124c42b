"""Scored pairs and people's decisions into clusters of profiles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching import agglomeration, continuity, decisions, quality_table, statement
from matching.agglomeration import Clusters, Constraints, Evidence, Pairs, Profiled, Refusal
from matching.guard_names import GUARDS
from matching.guards import Effect
from matching.model import Model

Cluster = Callable[[Evidence, Pairs | None], Clusters]
"""What :func:`matching.agglomeration.cluster` does; another engine may do it elsewhere."""


@dataclass(frozen=True, slots=True)
class Clustered:
    """How many clusters of how many profiles; components that needed the constrained step; links refused, by reason."""

    profiles: int
    clusters: int
    constrained: int
    refused: dict[str, int]


def write_clusters(con: duckdb.DuckDBPyConnection, model: Model, cluster: Cluster = agglomeration.cluster) -> Clustered:
    """Make ``link.cluster`` and ``link.refused_pair``.

    Reads ``link.profile``, ``link.scored_pair`` and, where there are any, ``prior.decision``, whose newest judgement of
    a pair holds, and ``prior.known_anchor``.
    ``cluster_id`` is the least profile of the cluster.
    """
    must, must_not = decisions.decided_pairs(con)
    excused = _pairs(con, "guard = 'once_per_period' and score + worth >= ?", model.bands.link_from)
    evidence = Evidence(
        _pairs(con, "band = 'link'"),
        _pairs(con, "band = 'forbid' or list_contains(?::varchar[], guard)", _always_asking(model)),
        _pairs(con, "band <> 'forbid' and score + worth <= ?", model.bands.conflict_below),
        _profiled(con, model),
        Constraints(
            model.clusters.entries_at_most,
            model.bands.margin,
            must,
            must_not,
            frozenset(zip(excused.left.tolist(), excused.right.tolist(), strict=True)),
        ),
    )
    found = cluster(evidence, _carried(con, model))
    _write(con, found.cluster, found.refused)
    refused = {reason.name.lower(): sum(1 for _, _, why in found.refused if why is reason) for reason in Refusal}
    summary = Clustered(evidence.size, len(np.unique(found.cluster)), found.constrained, refused)
    figures = [("clusters", "all", float(summary.clusters)), ("clusters", "constrained", float(summary.constrained))]
    figures += [("refused", why, float(many)) for why, many in refused.items()]
    quality_table.replace(con, "clustering", figures + _found_alone(con, model))
    return summary


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


def _found_alone(con: duckdb.DuckDBPyConnection, model: Model) -> list[tuple[str, str, float]]:
    """By blocking rule: how many linked pairs inside clusters it found, and how many no other rule found."""
    rows = con.execute(
        """
        select rules, count(*)
        from link.scored_pair as pair
        join link.cluster as l on l.profile_id = pair.left_profile
        join link.cluster as r on r.profile_id = pair.right_profile and r.cluster_id = l.cluster_id
        where pair.band = 'link'
        group by rules
        """
    ).fetchall()
    figures = []
    for place, rule in enumerate(model.rule_names):
        found = sum(many for rules, many in rows if rules & 1 << place)
        alone = sum(many for rules, many in rows if rules == 1 << place)
        figures += [(rule, "links found", float(found)), (rule, "links found alone", float(alone))]
    return figures


def _profiled(con: duckdb.DuckDBPyConnection, model: Model) -> Profiled:
    """A profile's one value of what a cluster has one value of, as a code; none where its own values differ."""
    columns = ", ".join(model.clusters.one_value_of)
    one = f"case when least({columns}) = greatest({columns}) then least({columns}) end" if columns else "null"
    rows = con.execute(
        f"""
        with profile as (
            select
                profile_id, entries, list_position($once::varchar[], {source_name(model)}) as once, {one} as number
            from link.profile
        )
        select
            case when number is null then 0 else dense_rank() over (order by number nulls last) end as number,
            coalesce(once, 0) as once, entries
        from profile
        order by profile_id
        """,
        {"once": list(model.sources.once)},
    ).to_arrow_table()
    return Profiled(*(rows.column(place).to_numpy().astype(np.int64) for place in range(3)))


def source_name(model: Model) -> str:
    """SQL over ``link.profile`` for the name of the source that a profile comes from."""
    return " || '.' || ".join(model.sources.named_by)


def _pairs(con: duckdb.DuckDBPyConnection, where: str, *values: object) -> Pairs:
    rows = con.execute(
        f"select left_profile, right_profile, score + worth from link.scored_pair where {where}"
        " order by left_profile, right_profile",
        list(values),
    ).to_arrow_table()
    return Pairs(
        rows.column(0).to_numpy().astype(np.int32),
        rows.column(1).to_numpy().astype(np.int32),
        rows.column(2).to_numpy().astype(np.float64),
    )


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
