"""Candidate pairs into scored pairs: levels, pattern, class probabilities, guard, band."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching import quality_table
from matching.comparison.columns import Levels, read_profiles
from matching.comparison.levels import FIELDS
from matching.comparison.names import NameTable
from matching.comparison.pairs import Compared, agreement, compare, pack, random_pairs, unpack
from matching.estimate import Scored, Weights, chance_levels, estimate, score
from matching.guards import Band, Guard, bands, guards, settle_by_others
from matching.model import Model

_BATCH = 1_000_000


@dataclass(frozen=True, slots=True)
class ScoredPairs:
    """How many pairs came into which band, and whether the estimation settled."""

    pairs: int
    patterns: int
    by_band: dict[str, int]
    rounds: int
    settled: bool
    unseen_levels: tuple[str, ...]


def write_scored_pairs(con: duckdb.DuckDBPyConnection, model: Model) -> ScoredPairs:
    """Make ``link.scored_pair``, ``link.pattern`` and ``link.level_weight`` from ``link.candidate_pair``.

    A pair's score is that of its pattern: the sum of its fields' weights in ``link.level_weight``, its name's rarity
    and the prior. Log2 odds of the same child against a sibling or a stranger.
    """
    profiles = read_profiles(con, model)
    compare_names = NameTable(_names_of_children(con)).levels
    pairs = con.sql(
        "select left_profile, right_profile, rules from link.candidate_pair order by left_profile, right_profile"
    ).to_arrow_table()
    left, right = (pairs.column(place).to_numpy().astype(np.int32) for place in (0, 1))
    chances = agreement(profiles, model)
    sample = compare(
        compare_names, profiles, chances, model, *random_pairs(profiles.size, model.estimation.random_pairs)
    )
    compared = _in_batches(
        [
            compare(compare_names, profiles, chances, model, left[at : at + _BATCH], right[at : at + _BATCH])
            for at in range(0, max(len(left), 1), _BATCH)
        ]
    )
    codes, pattern, counts = np.unique(pack(compared), return_inverse=True, return_counts=True)
    patterns = unpack(codes)
    weights = estimate(model, patterns, counts, chance_levels(model, sample, chances), profiles.size)
    scored = score(weights, patterns)
    guard = guards(model, profiles, chances, compared, left, right)
    guard = settle_by_others(model, profiles, compared, scored.score[pattern], guard, left, right)
    band = bands(model, scored.score[pattern], guard)
    _write_pairs(con, pairs, pattern, compared, scored, guard, band)
    _write_patterns(con, patterns, counts, scored)
    _write_weights(con, weights)
    unseen = tuple(
        f"{field}.{level.name.lower()}"
        for field, levels in FIELDS.items()
        for level in levels
        if level != 0 and not (patterns.levels[field] == level).any()
    )
    by_band = {each.name.lower(): int((band == each).sum()) for each in Band}
    summary = ScoredPairs(len(left), len(codes), by_band, weights.rounds, weights.settled, unseen)
    quality_table.replace(con, "scoring", _figures(summary, weights))
    return summary


def _names_of_children(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """``std.name`` without the names that only adults bear."""
    return con.sql(
        "select * from std.name where name_id in"
        " (select name_id from link.profile union select former_name_id from link.profile) order by name_id"
    ).to_arrow_table()


def _in_batches(batches: list[Compared]) -> Compared:
    return Compared(
        {field: np.concatenate([batch.levels[field] for batch in batches]) for field in FIELDS},
        np.concatenate([batch.rarity for batch in batches]),
    )


def named(values: Levels, names: type[IntEnum]) -> pa.Array:
    """Codes as their lower-case names, dictionary-encoded."""
    words = pa.array([name.name.lower() for name in names])
    return pa.DictionaryArray.from_arrays(pa.array(values, pa.int8()), words)


def _write_pairs(
    con: duckdb.DuckDBPyConnection,
    pairs: pa.Table,
    pattern: npt.NDArray[np.int64],
    compared: Compared,
    scored: Scored,
    guard: Levels,
    band: Levels,
) -> None:
    columns: dict[str, object] = {name: pairs.column(name) for name in ("left_profile", "right_profile", "rules")}
    columns["pattern"] = pa.array(pattern.astype(np.int32))
    columns |= {field: named(compared.levels[field], levels) for field, levels in FIELDS.items()}
    columns["name_rarity"] = pa.array(compared.rarity)
    columns["score"] = pa.array(scored.score[pattern].round(4))
    columns["p_same"] = pa.array(scored.same[pattern])
    columns["p_household"] = pa.array(scored.household[pattern])
    columns["p_other"] = pa.array(scored.other[pattern])
    columns["guard"] = named(guard, Guard)
    columns["band"] = named(band, Band)
    _replace(con, "scored_pair", pa.table(columns))


def _write_patterns(
    con: duckdb.DuckDBPyConnection, patterns: Compared, counts: npt.NDArray[np.int64], scored: Scored
) -> None:
    columns: dict[str, object] = {"pattern": pa.array(np.arange(len(counts), dtype=np.int32))}
    columns |= {field: named(patterns.levels[field], levels) for field, levels in FIELDS.items()}
    columns["name_rarity"] = pa.array(patterns.rarity)
    columns |= {"pairs": pa.array(counts), "score": pa.array(scored.score.round(4))}
    columns |= {
        "p_same": pa.array(scored.same),
        "p_household": pa.array(scored.household),
        "p_other": pa.array(scored.other),
    }
    _replace(con, "pattern", pa.table(columns))


def _write_weights(con: duckdb.DuckDBPyConnection, weights: Weights) -> None:
    rows = [
        {
            "field": field,
            "level": level.name.lower(),
            "same": weights.same[field][level],
            "household": weights.household[field][level],
            "other": weights.other[field][level],
            "against_household": float(np.log2(weights.same[field][level] / weights.household[field][level])),
            "against_other": float(np.log2(weights.same[field][level] / weights.other[field][level])),
        }
        for field, levels in FIELDS.items()
        for level in levels
    ]
    _replace(con, "level_weight", pa.Table.from_pylist(rows))


def _replace(con: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    con.register("arrow_rows", rows)
    con.execute(f"create or replace table link.{table} as select * from arrow_rows")
    con.unregister("arrow_rows")


def _figures(summary: ScoredPairs, weights: Weights) -> list[tuple[str, str, float]]:
    figures = [("pairs", band, float(count)) for band, count in summary.by_band.items()]
    figures += [("pairs", "all", float(summary.pairs)), ("patterns", "all", float(summary.patterns))]
    figures += [("level never seen", level, 0.0) for level in summary.unseen_levels]
    figures += [
        ("estimation", "rounds", float(weights.rounds)),
        ("estimation", "settled", float(weights.settled)),
        ("estimation", "largest change", weights.change),
        ("estimation", "same-child pairs", weights.same_pairs),
        ("estimation", "household pairs", weights.household_pairs),
    ]
    return figures
