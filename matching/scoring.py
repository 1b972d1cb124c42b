"""Candidate pairs into scored pairs: levels, pattern, class probabilities, guard, band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from matching import guards, quality_table, statement
from matching.bands import Band, bands
from matching.comparison.columns import Column, Index, Ints, Levels, Profiles
from matching.comparison.comparison import Comparison, Setting
from matching.comparison.kinds import KINDS
from matching.comparison.pairs import Compared, compare, patterns, random_pairs
from matching.estimate import Drawn, Scored, Weights, estimate, score
from matching.guard_names import GUARDS
from matching.guards import Guarded, Scores, Seen
from matching.model import Model


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

    A pair's score is that of its pattern: the sum of its fields' weights in ``link.level_weight``, its values' rarity
    and the prior. Log2 odds of the same thing against the alternatives.
    """
    comparisons = _comparisons(con, model)
    profiles = next(iter(comparisons.values())).profiles
    pairs = con.sql(
        "select left_profile, right_profile, rules from link.candidate_pair order by left_profile, right_profile"
    ).to_arrow_table()
    left, right = (pairs.column(place).to_numpy().astype(np.int32) for place in (0, 1))
    sampled = compare(comparisons, *random_pairs(profiles.size, model.estimation.random_pairs))
    compared = compare(comparisons, left, right)
    found, pattern, counts = patterns(compared, model.sizes)
    drawn, _, drawn_counts = patterns(sampled, model.sizes)
    weights = estimate(model, found, counts, Drawn.of(drawn, drawn_counts, comparisons), profiles.size)
    scored = score(weights, found)
    guarded = _guarded(model, comparisons, compared, scored.score[pattern], left, right)
    band = bands(model, scored.score[pattern], guarded)
    _write_pairs(con, pairs, pattern, scored, guarded, band)
    _write_patterns(con, model, found, counts, scored)
    _write_weights(con, model, weights)
    unseen = tuple(
        f"{name}.{level}"
        for name, field in model.fields.items()
        for code, level in enumerate(field.levels, start=1)
        if not (found.levels[name] == code).any()
    )
    by_band = {each.name.lower(): int((band == each).sum()) for each in Band}
    summary = ScoredPairs(len(left), len(counts), by_band, weights.rounds, weights.settled, unseen)
    quality_table.replace(con, "scoring", _figures(summary, weights))
    return summary


def _comparisons(con: duckdb.DuckDBPyConnection, model: Model) -> dict[str, Comparison]:
    """The model's comparisons by field, with the profiles they read."""
    columns: list[Column] = [column for name in model.guards for column in GUARDS[name].columns]
    for field in model.fields.values():
        columns += KINDS[field.kind].columns(field)
    profiles = Profiles(con, columns, model.sources.named_by)
    setting = Setting(
        con,
        profiles,
        max(profiles.size, model.estimation.population_at_least),
        1 + 2 * model.estimation.pairs_per_profile,
        model.sharing.generic_from,
        model.sources.once,
        model.sources.one_row,
        con.execute("select current_setting('threads')").fetchall()[0][0],
    )
    return {name: KINDS[field.kind](name, field, setting) for name, field in model.fields.items()}


def _guarded(
    model: Model,
    comparisons: dict[str, Comparison],
    compared: Compared,
    scores: np.typing.NDArray[np.float64],
    left: Index,
    right: Index,
) -> Guarded:
    profiles = next(iter(comparisons.values())).profiles
    return guards.guard(
        GUARDS,
        model.guards,
        Seen(profiles, comparisons, compared.levels, left, right, model.sources.once),
        Scores(scores, model.bands.link_from, model.bands.conflict_below),
    )


def named(values: Levels, words: Sequence[str]) -> pa.Array:
    """Codes as their names, dictionary-encoded."""
    return pa.DictionaryArray.from_arrays(pa.array(values, pa.int8()), pa.array(words))


def _levels(model: Model, compared: Compared) -> dict[str, object]:
    """Columns of levels by their names, and of rarity."""
    columns: dict[str, object] = {
        name: named(compared.levels[name], field.level_names) for name, field in model.fields.items()
    }
    return columns | {f"{name}_rarity": pa.array(rare) for name, rare in compared.rarity.items()}


def _write_pairs(
    con: duckdb.DuckDBPyConnection,
    pairs: pa.Table,
    pattern: Ints,
    scored: Scored,
    guarded: Guarded,
    band: Levels,
) -> None:
    columns: dict[str, object] = {name: pairs.column(name) for name in ("left_profile", "right_profile", "rules")}
    columns["pattern"] = pa.array(pattern.astype(np.int32))
    columns["score"] = pa.array(scored.score.round(4)[pattern])
    columns["guard"] = named(guarded.code, guarded.words)
    columns["band"] = named(band, [each.name.lower() for each in Band])
    _replace(con, "scored_pair", pa.table(columns))


def _write_patterns(
    con: duckdb.DuckDBPyConnection, model: Model, found: Compared, counts: Ints, scored: Scored
) -> None:
    columns: dict[str, object] = {"pattern": pa.array(np.arange(len(counts), dtype=np.int32))}
    columns |= _levels(model, found)
    columns |= {"pairs": pa.array(counts), "score": pa.array(scored.score.round(4))}
    columns |= {f"p_{side}": pa.array(likely) for side, likely in scored.by_class.items()}
    _replace(con, "pattern", pa.table(columns))


def _write_weights(con: duckdb.DuckDBPyConnection, model: Model, weights: Weights) -> None:
    """One row a level: how often each class shows it, and its weight against each alternative in log2 odds."""
    rows = []
    for name, field in model.fields.items():
        for code, level in enumerate(field.level_names):
            shares = {side: by_field[name][code] for side, by_field in weights.shares.items()}
            against = {
                f"against_{side}": float(np.log2(shares["same"] / share))
                for side, share in shares.items()
                if side != "same"
            }
            rows.append({"field": name, "level": level} | shares | against)
    _replace(con, "level_weight", pa.Table.from_pylist(rows))


def _replace(con: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    statement.keep(con, f"table link.{table}", rows)


def _figures(summary: ScoredPairs, weights: Weights) -> list[tuple[str, str, float]]:
    figures = [("pairs", band, float(count)) for band, count in summary.by_band.items()]
    figures += [("pairs", "all", float(summary.pairs)), ("patterns", "all", float(summary.patterns))]
    figures += [("level never seen", level, 0.0) for level in summary.unseen_levels]
    figures += [
        ("estimation", "rounds", float(weights.rounds)),
        ("estimation", "settled", float(weights.settled)),
        ("estimation", "largest change", weights.change),
        ("estimation", "same-child pairs", weights.pairs["same"]),
    ]
    if "household" in weights.pairs:
        figures.append(("estimation", "household pairs", weights.pairs["household"]))
    return figures
