"""Cases for the stewards: what the machine can't decide, one component of open pairs a case."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from matching import quality_table, statement
from matching.cases import decisions
from matching.cases.numbers import numbers
from matching.model import Model


@dataclass(frozen=True, slots=True)
class Cases:
    """How many cases of how many pairs, by kind."""

    cases: int
    pairs: int
    by_kind: dict[str, int]


def write_cases(con: duckdb.DuckDBPyConnection, model: Model, secret: str = "") -> Cases:
    """Make ``link.review_pair`` and ``link.review_case``.

    A case is a component of clusters joined by open pairs, its kind the gravest of its pairs'. ``secret``: see
    :func:`matching.cases.numbers.numbers`.
    """
    same, different = decisions.decided_pairs(con)
    decisions.keep_pairs(con, "decided", same + different)
    _write_numbers(con, model)
    statement.run(con, "link/review_pair")
    con.execute("drop table decided")
    con.execute("drop table profile_number")
    _number_cases(con, secret)
    con.execute(
        """
        create or replace table link.review_case as
        select
            case_id,
            arg_min(kind, case kind when 'decision' then 0 when 'contradiction' then 1 when 'guard' then 2
                when 'margin' then 3 else 4 end) as kind,
            count(*)::integer as pairs,
            len(list_distinct(flatten(list([left_cluster, right_cluster]))))::integer as clusters,
            max(score) as score,
            max(p_same) as p_same
        from link.review_pair
        group by case_id
        order by case_id
        """
    )
    rows = con.execute("select kind, count(*) from link.review_case group by kind order by kind").fetchall()
    by_kind = {str(kind): int(many) for kind, many in rows}
    pairs = con.execute("select count(*) from link.review_pair").fetchall()[0][0]
    quality_table.replace(con, "review", [("cases", kind, float(many)) for kind, many in by_kind.items()])
    return Cases(sum(by_kind.values()), pairs, by_kind)


def _write_numbers(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make ``profile_number``: one row a profile's value of what a cluster has one value of."""
    values = " union all ".join(
        f"select profile_id, {column} as number from link.profile where {column} is not null"
        for column in model.clusters.one_value_of
    )
    nothing = "select null::integer as profile_id, null::varchar as number where false"
    con.execute(f"create or replace temp table profile_number as {values or nothing}")


def _number_cases(con: duckdb.DuckDBPyConnection, secret: str) -> None:
    """Add ``case_id`` to ``link.review_pair``."""
    pairs = con.sql(
        "select left_cluster, right_cluster from link.review_pair order by left_profile, right_profile"
    ).to_arrow_table()
    left, right = (pairs.column(place).to_numpy() for place in (0, 1))
    clusters, place = np.unique(np.concatenate([left, right]), return_inverse=True)
    size = len(clusters)
    graph = coo_matrix(
        (np.ones(len(left), dtype=np.int8), (place[: len(left)], place[len(left) :])), shape=(size, size)
    )
    label = connected_components(graph, directed=False)[1] if size else np.zeros(0, dtype=np.int32)
    rows = {"cluster_id": clusters.astype(np.int32), "label": label.astype(np.int32)}
    statement.keep(con, "temp table component", pa.table(rows))
    con.execute(
        "create or replace temp table asked_profile as"
        " select distinct component.label, unnest([pair.left_profile, pair.right_profile]) as profile_id"
        " from link.review_pair as pair join component on component.cluster_id = pair.left_cluster"
    )
    keyed = statement.read(con, "link/case_key")
    found = pa.array(numbers(keyed.column("keys").to_pylist(), secret), pa.int64())
    statement.keep(con, "temp table numbered", pa.table({"label": keyed.column("label"), "case_id": found}))
    con.execute(
        """
        create or replace table link.review_pair as
        select numbered.case_id, pair.*
        from link.review_pair as pair
        join component on component.cluster_id = pair.left_cluster
        join numbered using (label)
        order by case_id, left_profile, right_profile
        """
    )
    for table in ("component", "asked_profile", "numbered"):
        con.execute(f"drop table {table}")
