"""The linkage as a library: a table and a model file in, scored pairs, clusters and cases out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from matching import linkage
from matching.candidates.blocking import Found
from matching.engines.engine import Engine
from matching.model import Model, load
from matching.profiles.table import FEED, write_table

Table = Any
"""A pandas data frame, an Arrow table, a DuckDB relation, or any other relation DuckDB can be given."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What a linkage found, in Arrow tables. Keys are the model's key column as text, else places of rows.

    ``pairs``: one row a candidate pair of rows (rows alike in every column meet once, by the first of them):
    ``left``, ``right``, their sources, a level and a part for each field, ``score`` (log2 odds), ``p_same``, ``guard``,
    ``band``. Parts say what each field adds to the score against the likelier alternative; the rest is the prior.
    ``clusters``: one row a row of the table: ``key``, ``source``, ``cluster``.
    ``cases``: one row a pair that a person should decide: ``case``, ``left``, ``right``, ``kind``, ``guard``, …
    ``weights``: one row a level. ``plan``: one row a blocking rule: what it counted, made, left unmade.
    ``figures``: what each step says of itself, whether the estimation settled and levels nobody showed among it.
    """

    pairs: pa.Table
    clusters: pa.Table
    cases: pa.Table
    weights: pa.Table
    plan: pa.Table
    figures: pa.Table


def link(
    table: Table | Mapping[str, Table],
    model: Path | str | Model,
    *,
    decisions: Table | None = None,
    threads: int | None = None,
    memory: str | None = None,
    engine: Engine | None = None,
) -> Linked:
    """Link the rows of a table, or of several, by the name of their source.

    ``decisions``: what people said of pairs, ``left``, ``right``, ``judgement`` (same, different) and, where keys alone
    don't name a row, ``left_source``, ``right_source``; of two about one pair the later row holds. ``memory``: DuckDB's
    bound, ``4GB`` say; it spills beyond. ``engine``: who makes pairs, scores and clusters, such as
    :func:`matching.engines.spark.open_engine`'s; the caller closes it. Raises ``ModelError`` and ``TableError``.
    """
    how = model if isinstance(model, Model) else load(Path(model))
    with duckdb.connect() as con:
        if threads:
            con.execute("set threads = ?", [threads])
        if memory:
            con.execute("set memory_limit = ?", [memory])
        if isinstance(table, Mapping):
            how = how.model_copy(update={"source": _register_all(con, table, how)})
        else:
            _register(con, "caller_table", table)
        tabled = write_table(con, "caller_table", how)
        if decisions is not None:
            _write_decisions(con, decisions)
        found = linkage.link_profiles(con, how, engine=engine)["candidate pairs"]
        assert isinstance(found, Found)
        figures = con.execute("from link.quality order by step, subject, item").to_arrow_table()
        return Linked(
            con.execute(_pairs_query(how)).to_arrow_table(),
            con.execute(_CLUSTERS).to_arrow_table(),
            con.execute(_CASES).to_arrow_table(),
            con.execute("from link.level_weight").to_arrow_table(),
            _plan(found),
            pa.concat_tables([_unread(tabled.unread, figures.schema), figures]),
        )


_CLUSTERS = """
select entry.key, entry.table_name as source, cluster.cluster_id as cluster
from std.entry as entry
join link.entry_profile using (entry_id)
join link.cluster as cluster using (profile_id)
order by entry.entry_id
"""
_CASES = """
select
    pair.case_id as case, l.key as left, r.key as right, l.table_name as left_source, r.table_name as right_source,
    pair.kind, pair.guard, pair.score, pair.p_same
from link.review_pair as pair
join std.entry as l on l.entry_id = pair.left_entry_id
join std.entry as r on r.entry_id = pair.right_entry_id
order by pair.case_id, pair.left_entry_id, pair.right_entry_id
"""


def _pairs_query(model: Model) -> str:
    """SQL for the scored pairs with each field's part, by the keys of their first rows."""
    is_sibling = "pattern.p_household > pattern.p_other" if "household" in model.classes else "false"
    parts, joins = [], []
    for name, field in model.fields.items():
        rarity = f" + pattern.{name}_rarity" if field.frequency else ""
        stranger = f"weight_{name}.against_other{rarity}"
        sibling = f"weight_{name}.against_household" if "household" in model.classes else stranger
        parts.append(f"round(case when {is_sibling} then {sibling} else {stranger} end, 4) as {name}_part")
        joins.append(
            f"join link.level_weight as weight_{name}"
            f" on weight_{name}.field = '{name}' and weight_{name}.level = pattern.{name}"
        )
    levels = [f"pattern.{name}" for name in model.fields]
    return (
        "select l.key as left, r.key as right, l.table_name as left_source, r.table_name as right_source,"
        f" {', '.join(levels + parts)}, pair.score, pattern.p_same, pair.guard, pair.band"
        " from link.scored_pair as pair join link.pattern as pattern using (pattern)"
        " join link.profile as l on l.profile_id = pair.left_profile"
        " join link.profile as r on r.profile_id = pair.right_profile"
        f" {' '.join(joins)} order by pair.left_profile, pair.right_profile"
    )


def _register(con: duckdb.DuckDBPyConnection, name: str, table: Table) -> None:
    """Give DuckDB a table under a name; a relation of another connection is carried over by Arrow."""
    con.register(name, table.to_arrow_table() if isinstance(table, duckdb.DuckDBPyRelation) else table)


def _register_all(con: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], model: Model) -> str:
    """Put several tables below one another by column names; return the name of the column that tells them apart."""
    column = model.source or "source"
    parts = []
    for place, (source, table) in enumerate(tables.items()):
        _register(con, f"caller_table_{place}", table)
        label = source.replace("'", "''")
        parts.append(f"select '{label}' as {column}, * from caller_table_{place}")
    con.execute(f"create temp view caller_table as {' union all by name '.join(parts)}")
    return column


def _write_decisions(con: duckdb.DuckDBPyConnection, decisions: Table) -> None:
    _register(con, "caller_decision", decisions)
    named = {row[0] for row in con.execute("describe caller_decision").fetchall()}
    left, right = (f"{side}_source" if f"{side}_source" in named else f"'{FEED}'" for side in ("left", "right"))
    con.execute("create schema prior")
    con.execute(
        "create table prior.decision as select"
        f" '{FEED}' as left_feed, {left}::varchar as left_table, \"left\"::varchar as left_key,"
        f" '{FEED}' as right_feed, {right}::varchar as right_table, \"right\"::varchar as right_key,"
        " judgement, row_number() over () as decided_at from caller_decision"
    )


def _plan(found: Found) -> pa.Table:
    names = ("rule", "keys", "pairs", "largest", "split_keys", "split_pairs", "skipped_pairs")
    return pa.table({name: [getattr(count, name) for count in found.rules] for name in names})


def _unread(unread: Mapping[str, int], schema: pa.Schema) -> pa.Table:
    rows = [
        {"step": "table", "subject": name, "item": "values of which nothing is left", "value": float(many)}
        for name, many in unread.items()
    ]
    return pa.Table.from_pylist(rows, schema)
