"""How good the links are, without a truth: precision and recall of pairs of entries, with 95 % intervals.

What may be amiss is gathered as cases, each with a probability and the pairs of entries that hang on it: two clusters
that may be one child, two parts of a cluster that may be two, an entry that no blocking rule brought to its own. Every
case is drawn many times, which gives shares and intervals of any subgroup. docs/linkage.md says what they rest on.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.special import expit, logit

from matching import statement
from matching.accuracy import unblocked
from matching.accuracy.unblocked import Uncaught
from matching.cases import decisions
from matching.clusters import clustering
from matching.model import Model

Floats = npt.NDArray[np.float64]
_BEYOND_DOUBT = 0.9999
"""Probability from which a link holds its two profiles in one core."""
_LEAST = 0.0001
"""Cases less likely than this are left out."""
_ONE_PASSES_IN = 10.0
"""Of so many numbers typed wrong one passes for sound: the check digit has eleven values."""
_DONORS = 1000
"""At most so many profiles of a source stand for those of it that no rule could compare."""
_MODEL_ERROR = 0.5
"""Standard deviation, in natural log odds, of what a run's probabilities may all be off by together: odds may be 1.6
times too high or too low, as much as different ways of summing up one pair of clusters differ."""
_DRAWS = 1000
_DRAWN_TOGETHER = 100
_KINDS = ("missed", "wrong", "lost", "unseen")
_INTERVAL = (0.025, 0.975)
_SEED = 3
_TEMPORARY = (
    *("likely_pair", "single_source", "profile_source", "profile_core", "core_pair", "cluster_number"),
    *(
        "judged",
        "judged_different",
        "cluster_group",
        "cluster_part",
        "apart",
        "doubtful",
        "caught",
        "caught_once",
        "unseen",
    ),
    *("estimated_case", "case_pairs", "found_pairs"),
)


@dataclass(frozen=True, slots=True)
class Estimated:
    """A share of all pairs with its interval; ``lost`` is the share of true pairs that no rule compared."""

    precision: float
    precision_low: float
    precision_high: float
    recall: float
    recall_low: float
    recall_high: float
    lost: float


@dataclass(frozen=True, slots=True)
class Shift:
    """What all probabilities are off by, in natural log odds: mean and standard deviation."""

    mean: float = 0.0
    deviation: float = _MODEL_ERROR


def shift_by(p_same: Floats, is_same: npt.NDArray[np.bool_]) -> Shift:
    """The shift that pairs judged blindly speak for, by one step after another of Newton's from no shift at all."""
    at = 0.0
    information = 1 / _MODEL_ERROR**2
    for _ in range(50):
        likely = expit(logit(np.clip(p_same, 1e-9, 1 - 1e-9)) + at)
        information = 1 / _MODEL_ERROR**2 + float((likely * (1 - likely)).sum())
        step = (float((is_same - likely).sum()) - at / _MODEL_ERROR**2) / information
        at += float(np.clip(step, -1.0, 1.0))
        if abs(step) < 1e-9:
            break
    return Shift(at, information**-0.5)


def write_estimated_quality(con: duckdb.DuckDBPyConnection, model: Model, as_of: str | None = None) -> Estimated:
    """Make ``link.estimated_quality`` from the clusters and scored pairs.

    ``as_of``: the day on which children's ages are counted; subgroups of children are left out without it.
    """
    _write_parts(con, model)
    _write_groups(con, as_of)
    statement.run(con, "estimated/cluster_part")
    lost = _write_cases(con, model)
    statement.run(con, "estimated/case_pairs")
    statement.run(con, "estimated/found_pairs")
    rows = _estimates(con, lost, _shift(con))
    statement.keep(con, "table link.estimated_quality", rows)
    for table in _TEMPORARY:
        con.execute(f"drop table {table}")
    return _of_all(rows)


def _write_parts(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make the temporary tables that cases are made from: pairs, sources, cores, numbers and what people said."""
    statement.run(con, "estimated/likely_pair")
    single = [*model.sources.once, *model.sources.one_row]
    statement.keep(con, "temp table single_source", pa.table({"source": pa.array(single, pa.string())}))
    con.execute(
        "create or replace temp table profile_source as"
        f" select profile_id, {clustering.source_name(model)} as source, entries from link.profile"
    )
    numbers = " union ".join(
        f"select cluster_id, {column} as number from link.cluster join link.profile using (profile_id)"
        f" where {column} is not null"
        for column in model.clusters.one_value_of
    )
    nothing = "select null::integer as cluster_id, null::varchar as number where false"
    con.execute(f"create or replace temp table cluster_number as {numbers or nothing}")
    same, different = decisions.decided_pairs(con)
    decisions.keep_pairs(con, "judged", different)
    statement.run(con, "estimated/judged_different")
    _write_cores(con, same)


def _write_cores(con: duckdb.DuckDBPyConnection, same: list[tuple[int, int]]) -> None:
    """Make ``profile_core`` and ``core_pair``; what a person joined is beyond doubt."""
    rows = con.execute(
        "select left_profile, right_profile, p_same from likely_pair"
        " join link.cluster as l on l.profile_id = left_profile"
        " join link.cluster as r on r.profile_id = right_profile and r.cluster_id = l.cluster_id"
    ).to_arrow_table()
    left, right, p_same = (rows.column(place).to_numpy() for place in range(3))
    size = con.execute("select count(*) from link.cluster").fetchall()[0][0]
    sure = p_same >= _BEYOND_DOUBT
    decided = np.array(same, dtype=np.int32).reshape(-1, 2)
    one = np.concatenate([left[sure], decided[:, 0]])
    other = np.concatenate([right[sure], decided[:, 1]])
    graph = coo_matrix((np.ones(len(one), dtype=np.int8), (one, other)), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    _, first = np.unique(label, return_index=True)
    core = first[label].astype(np.int32)
    statement.keep(
        con, "temp table core_of", pa.table({"profile_id": np.arange(size, dtype=np.int32), "core_id": core})
    )
    statement.run(con, "estimated/profile_core")
    con.execute("drop table core_of")
    apart = core[left] != core[right]
    ends = core[left[apart]], core[right[apart]]
    pairs = {"one": np.minimum(*ends), "other": np.maximum(*ends), "p_same": p_same[apart]}
    statement.keep(con, "temp table core_pair", pa.table(pairs))


def _write_groups(con: duckdb.DuckDBPyConnection, as_of: str | None) -> None:
    if as_of is None:
        con.execute(
            "create or replace temp table cluster_group (cluster_id integer, dimension varchar, subgroup varchar)"
        )
    else:
        statement.run(con, "estimated/child_group", {"as_of": as_of})


def _write_cases(con: duckdb.DuckDBPyConnection, model: Model) -> Uncaught:
    """Make ``estimated_case``: one row a case, numbered from 0, with its probability and the two parts it is about."""
    statement.run(con, "estimated/apart", {"least": _LEAST, "passes": _ONE_PASSES_IN})
    statement.run(con, "estimated/doubtful")
    found = unblocked.write_uncaught(con, model)
    statement.run(con, "estimated/estimated_case", {"least": _LEAST, "donors": _DONORS})
    return found


def _shift(con: duckdb.DuckDBPyConnection) -> Shift:
    """What stewards' blind samples say: decisions marked ``is_blind``, where the stores mark any."""
    marked = con.execute(
        "select count(*) from information_schema.columns"
        " where table_catalog = current_database()"
        " and (table_schema, table_name, column_name) = ('prior', 'decision', 'is_blind')"
    ).fetchall()[0][0]
    if not marked:
        return Shift()
    with decisions.named_entries(con):
        rows = statement.read(con, "estimated/blind_sample")
    p_same, is_same = (rows.column(place).to_numpy(zero_copy_only=False) for place in range(2))
    return shift_by(p_same.astype(float), is_same.astype(bool))


def _estimates(con: duckdb.DuckDBPyConnection, lost: Uncaught, shift: Shift) -> pa.Table:
    """One row a measure and subgroup."""
    kinds, likely = _columns(con, "select kind, p from estimated_case order by case_no")
    found = con.execute("select dimension, subgroup, pairs from found_pairs").fetchall()
    hanging = con.execute("select case_no, dimension, subgroup, pairs from case_pairs order by all").to_arrow_table()
    held = {(dimension, subgroup): float(pairs) for dimension, subgroup, pairs in found}
    names = sorted(held.keys() | set(zip(*(hanging.column(place).to_pylist() for place in (1, 2)), strict=True)))
    place_of = {name: place for place, name in enumerate(names)}
    row = [place_of[name] for name in zip(*(hanging.column(place).to_pylist() for place in (1, 2)), strict=True)]
    weights = csr_matrix(
        (hanging.column(3).to_numpy().astype(np.float32), (row, hanging.column(0).to_numpy())),
        shape=(len(names), len(likely)),
    )
    drawn = {
        kind: _drawn(weights[:, kinds == kind], likely[kinds == kind].astype(float), lost, shift, kind)
        for kind in _KINDS
    }
    whole = np.array([held.get(name, 0.0) for name in names])[:, None]
    wrong = np.minimum(drawn["wrong"], whole)
    right = whole - wrong
    lost_pairs = drawn["lost"] + drawn["unseen"]
    true = right + drawn["missed"] + lost_pairs
    shares = {"precision": _share(right, whole), "recall": _share(right, true)}
    pairs = {"precision": whole[:, 0], "recall": true.mean(axis=1)}
    amiss = {"precision": wrong.mean(axis=1), "recall": (true - right).mean(axis=1)}
    return pa.concat_tables(
        pa.table(
            {
                "dimension": [dimension for dimension, _ in names],
                "subgroup": [subgroup for _, subgroup in names],
                "measure": [measure] * len(names),
                "estimate": share.mean(axis=1),
                "low": np.minimum(np.quantile(share, _INTERVAL[0], axis=1), share.mean(axis=1)),  # a rare case
                "high": np.maximum(
                    np.quantile(share, _INTERVAL[1], axis=1), share.mean(axis=1)
                ),  # moves the mean alone
                "pairs": pairs[measure],
                "amiss": amiss[measure],
                "lost_to_blocking": lost_pairs.mean(axis=1) if measure == "recall" else np.zeros(len(names)),
            }
        )
        for measure, share in shares.items()
    )


def _drawn(weights: csr_matrix, likely: Floats, lost: Uncaught, shift: Shift, kind: str) -> Floats:
    """Pairs amiss by subgroup and draw. All cases of a draw share its shift; ``wrong`` shifts against ``missed``."""
    generator = np.random.default_rng((_SEED, _KINDS.index(kind)))
    shifts = generator.normal(-shift.mean if kind == "wrong" else shift.mean, shift.deviation, _DRAWS)
    rates = np.exp(shifts)
    if kind == "lost":
        once, twice = generator.poisson(lost.once, _DRAWS), generator.poisson(lost.twice, _DRAWS)
        rates *= lost.rate(once.astype(float), twice.astype(float))
    odds = logit(np.clip(likely, 1e-9, 1 - 1e-9)).astype(np.float32)
    made = []
    for at in range(0, _DRAWS, _DRAWN_TOGETHER):
        part = slice(at, at + _DRAWN_TOGETHER)
        if kind in ("lost", "unseen"):
            happened = generator.poisson(likely[:, None] * rates[part])
        else:
            chance = expit(odds[:, None] + shifts[part].astype(np.float32))
            happened = generator.random(chance.shape, dtype=np.float32) < chance
        made.append(weights @ happened.astype(np.float32))
    drawn: Floats = np.concatenate(made, axis=1).astype(np.float64)
    return drawn


def _share(part: Floats, whole: Floats) -> Floats:
    """Shares; 1 of nothing."""
    part, whole = np.broadcast_arrays(part, whole)
    share: Floats = np.divide(part, whole, out=np.ones(part.shape), where=whole > 0)
    return share


def _columns(con: duckdb.DuckDBPyConnection, query: str) -> tuple[npt.NDArray[np.object_], Floats]:
    rows = con.execute(query).to_arrow_table()
    return rows.column(0).to_numpy(zero_copy_only=False), rows.column(1).to_numpy()


def _of_all(rows: pa.Table) -> Estimated:
    """The figures of all pairs."""
    of = {row["measure"]: row for row in rows.to_pylist() if row["dimension"] == "all"}
    precision, recall = of["precision"], of["recall"]
    return Estimated(
        precision["estimate"],
        precision["low"],
        precision["high"],
        recall["estimate"],
        recall["low"],
        recall["high"],
        recall["lost_to_blocking"] / recall["pairs"] if recall["pairs"] else 0.0,
    )
