"""Candidate pairs into scored pairs: levels, pattern, class probabilities, guard, band."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from matching import decisions, guards, kept_pairs, quality_table, statement, trained_model
from matching.bands import Band, bands
from matching.comparison.columns import Column, Floats, Index, Ints, Levels, Profiles
from matching.comparison.comparison import Comparison, Frequencies, Setting
from matching.comparison.kinds import KINDS
from matching.comparison.pairs import Compared, compare, pattern_codes, patterns, random_pairs, unpacked
from matching.estimate import Drawn, Judged, Scored, Weights, estimate, score
from matching.guard_names import GUARDS
from matching.guards import Guard, Guarded, Scores, Seen
from matching.kept_pairs import KeptPairs
from matching.model import Model
from matching.trained_model import Trained

Compare = Callable[[Mapping[str, Comparison], Index, Index], Compared]
"""Levels and rarity of each pair, in the pairs' order; another engine may do it elsewhere."""


@dataclass(frozen=True, slots=True)
class ScoredPairs:
    """How many pairs came into which band, and whether the estimation settled."""

    pairs: int
    patterns: int
    by_band: dict[str, int]
    rounds: int
    settled: bool
    unseen_levels: tuple[str, ...]
    model_version: str


def _looks_around(guard: Guard) -> bool:
    return guard.settle is not None and guard.looks_around


_LOOKING_AT_A_PAIR = {
    name: replace(guard, settle=None) if _looks_around(guard) else guard for name, guard in GUARDS.items()
}


@dataclass(frozen=True, slots=True)
class _Judged:
    """The patterns there are, which is each pair's, how many pairs have each; guards before any looked around."""

    found: Compared
    pattern: Ints
    counts: Ints
    first_guard: Levels
    seen: Seen


class _Late(Mapping[str, Any]):
    """A mapping that is made when it is first asked."""

    def __init__(self, make: Callable[[], Mapping[str, Any]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Mapping[str, Any]:
        return self._make()

    def __getitem__(self, name: str) -> Any:
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def write_scored_pairs(
    con: duckdb.DuckDBPyConnection,
    model: Model,
    period: str = "",
    retrain: bool = False,
    compare_pairs: Compare = compare,
) -> ScoredPairs:
    """Make ``link.scored_pair``, ``link.pattern`` and the model version's tables from ``link.candidate_pair``.

    A pair's score is that of its pattern: the sum of its fields' weights in ``link.level_weight``, its values' rarity
    and the prior. Log2 odds of the same thing against the alternatives. The weights are those of the version in force
    (:mod:`matching.trained_model`); they are estimated where there is none yet, or where ``retrain`` asks for it.
    """
    held = None if retrain else trained_model.in_force(con, model)
    if held is not None:
        trained_model.carry_on(con)
    elif not model.columns:
        statement.run(con, "link/value_frequency")
    pairs = con.sql(
        "select left_profile, right_profile, rules from link.candidate_pair order by left_profile, right_profile"
    ).to_arrow_table()
    left, right = (pairs.column(place).to_numpy().astype(np.int32) for place in (0, 1))
    kept = kept_pairs.find(con, model, left, right) if held is not None else None
    if held is None or kept is None:
        comparisons = _comparisons(con, model, held)
        compared = compare_pairs(comparisons, left, right)
        shown = patterns(compared, model.sizes)
        trained = held or _train(con, model, period, comparisons, shown, _told(con, left, right, shown))
        judged = _judge(model, comparisons, compared, shown, trained.weights, left, right)
    else:
        judged = _judge_others(con, model, held, kept, left, right)
        trained = held
    found, pattern, counts = judged.found, judged.pattern, judged.counts
    scored = score(trained.weights, found)
    guarded = _settled(model, judged, _scores(model, trained.weights, scored.score[pattern]))
    band = bands(model, scored.score[pattern], guarded)
    _write_pairs(con, pairs, judged, scored, guarded, band)
    _write_patterns(con, model, found, counts, scored)
    unseen = tuple(
        f"{name}.{level}"
        for name, field in model.fields.items()
        for code, level in enumerate(field.levels, start=1)
        if not (found.levels[name] == code).any()
    )
    by_band = {each.name.lower(): int((band == each).sum()) for each in Band}
    summary = ScoredPairs(
        len(left), len(counts), by_band, trained.weights.rounds, trained.weights.settled, unseen, trained.version
    )
    quality_table.replace(con, "scoring", _figures(summary, trained.weights, held is None))
    return summary


def _train(
    con: duckdb.DuckDBPyConnection,
    model: Model,
    period: str,
    comparisons: dict[str, Comparison],
    shown: tuple[Compared, Ints, Ints],
    told: Judged,
) -> Trained:
    """Estimate the weights on these pairs' patterns, on people's verdicts and on random pairs; make them a version."""
    size = next(iter(comparisons.values())).profiles.size
    sampled = compare(comparisons, *random_pairs(size, model.estimation.random_pairs))
    drawn, _, drawn_counts = patterns(sampled, model.sizes)
    weights = estimate(model, shown[0], shown[2], Drawn.of(drawn, drawn_counts, comparisons), size, told)
    return trained_model.write(con, model, period, weights, size)


def _told(con: duckdb.DuckDBPyConnection, left: Index, right: Index, shown: tuple[Compared, Ints, Ints]) -> Judged:
    """How many of these pairs, which are in order, people judged, by pattern: what no rule found has none."""
    _, pattern, counts = shown
    code = left.astype(np.int64) << 32 | right
    same, different = (
        np.bincount(pattern[np.isin(code, [one << 32 | other for one, other in pairs])], minlength=len(counts))
        for pairs in decisions.clear_pairs(con)
    )
    return Judged(same, different)


def _comparisons(
    con: duckdb.DuckDBPyConnection,
    model: Model,
    held: Trained | None,
    frequencies: Mapping[str, Frequencies] | None = None,
) -> dict[str, Comparison]:
    """The model's comparisons by field, with the profiles they read and the frequencies of the version in force."""
    if frequencies is None:
        frequencies = {} if model.columns else trained_model.frequencies(con)
    columns: list[Column] = [column for name in model.guards for column in GUARDS[name].columns]
    for field in model.fields.values():
        columns += KINDS[field.kind].columns(field)
    profiles = Profiles(con, columns, model.sources.named_by)
    setting = Setting(
        con,
        profiles,
        held.population if held else max(profiles.size, model.estimation.population_at_least),
        1 + 2 * model.estimation.pairs_per_profile,
        model.sharing.generic_from,
        model.sources.once,
        model.sources.one_row,
        con.execute("select current_setting('threads')").fetchall()[0][0],
        frequencies,
        held.profiles if held else None,
    )
    return {name: KINDS[field.kind](name, field, setting) for name, field in model.fields.items()}


def _judge(
    model: Model,
    comparisons: dict[str, Comparison],
    compared: Compared,
    shown: tuple[Compared, Ints, Ints],
    weights: Weights,
    left: Index,
    right: Index,
) -> _Judged:
    """Guards of pairs that were all compared now; ``shown``: their patterns."""
    found, pattern, counts = shown
    profiles = next(iter(comparisons.values())).profiles
    seen = Seen(profiles, comparisons, compared.levels, left, right, model.sources.once, model.sources.one_row)
    scores = _scores(model, weights, score(weights, found).score[pattern])
    return _Judged(found, pattern, counts, guards.guard(_LOOKING_AT_A_PAIR, model.guards, seen, scores).code, seen)


def _judge_others(
    con: duckdb.DuckDBPyConnection, model: Model, held: Trained, kept: KeptPairs, left: Index, right: Index
) -> _Judged:
    """Patterns and guards of pairs of which some are kept: the others are compared, and guarded for the first time."""
    others = np.flatnonzero(~kept.is_kept)
    code, first_guard = kept.code, kept.first_guard
    profiles = np.unique(np.concatenate([left[others], right[others], np.zeros(1, np.int32)]))
    with kept_pairs.part(con, profiles) as part:
        comparisons = _comparisons(part, model, held, trained_model.frequencies(con))
        ends = [np.searchsorted(profiles, side[others]).astype(np.int32) for side in (left, right)]
        compared = compare(comparisons, *ends)
        judged = _judge(model, comparisons, compared, patterns(compared, model.sizes), held.weights, *ends)
    new = pattern_codes(judged.found, model.sizes)
    codes = np.union1d(kept.codes, new)
    pattern = np.searchsorted(codes, code)
    pattern[others] = np.searchsorted(codes, new)[judged.pattern]
    first_guard[others] = judged.first_guard
    found = unpacked(codes, model.rare_fields, model.sizes)
    counts = np.bincount(pattern, minlength=len(codes))
    columns = [column for name in model.guards if _looks_around(GUARDS[name]) for column in GUARDS[name].columns]
    seen = Seen(
        Profiles(con, columns, model.sources.named_by),
        _Late(lambda: _comparisons(con, model, held)),
        _Late(lambda: {name: level[pattern] for name, level in found.levels.items()}),
        left,
        right,
        model.sources.once,
        model.sources.one_row,
    )
    return _Judged(found, pattern, counts, first_guard, seen)


def _scores(model: Model, weights: Weights, scores: Floats) -> Scores:
    """What a second look goes by."""
    nearest, bounds = weights.shares[model.classes[1]], model.bands
    against = {name: np.log2(share / nearest[name]) for name, share in weights.shares["same"].items()}
    chance = weights.shares["other"]
    return Scores(scores, against, chance, bounds.link_from, bounds.review_from, bounds.conflict_below)


def _settled(model: Model, judged: _Judged, scores: Scores) -> Guarded:
    """The guard of each pair, after the second look of those guards that look around."""
    chosen = {name: GUARDS[name] for name in model.guards}
    guarded = Guarded(chosen, judged.first_guard.copy())
    for name, each in reversed(chosen.items()):
        if each.settle is not None and _looks_around(each):
            each.settle(judged.seen, scores, guarded, model.guards[name])
    return guarded


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
    judged: _Judged,
    scored: Scored,
    guarded: Guarded,
    band: Levels,
) -> None:
    columns: dict[str, object] = {name: pairs.column(name) for name in ("left_profile", "right_profile", "rules")}
    columns["pattern"] = pa.array(judged.pattern.astype(np.int32))
    columns["score"] = pa.array(scored.score.round(4)[judged.pattern])
    columns["worth"] = pa.array(guarded.worth.round(4))
    columns["guard"] = named(guarded.code, guarded.words)
    columns["band"] = named(band, [each.name.lower() for each in Band])
    columns["first_guard"] = pa.array(judged.first_guard)
    _replace(con, "scored_pair", pa.table(columns))


def _write_patterns(
    con: duckdb.DuckDBPyConnection, model: Model, found: Compared, counts: Ints, scored: Scored
) -> None:
    columns: dict[str, object] = {"pattern": pa.array(np.arange(len(counts), dtype=np.int32))}
    columns |= _levels(model, found)
    columns |= {"pairs": pa.array(counts), "score": pa.array(scored.score.round(4))}
    columns |= {f"p_{side}": pa.array(likely) for side, likely in scored.by_class.items()}
    _replace(con, "pattern", pa.table(columns))


def _replace(con: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    statement.keep(con, f"table link.{table}", rows)


def _figures(summary: ScoredPairs, weights: Weights, is_new: bool) -> list[tuple[str, str, float]]:
    figures = [("pairs", band, float(count)) for band, count in summary.by_band.items()]
    figures += [("pairs", "all", float(summary.pairs)), ("patterns", "all", float(summary.patterns))]
    figures += [("level never seen", level, 0.0) for level in summary.unseen_levels]
    figures += [
        ("model version", summary.model_version, 1.0),
        ("model version", "trained on this period", float(is_new)),
        ("estimation", "rounds", float(weights.rounds)),
        ("estimation", "settled", float(weights.settled)),
        ("estimation", "largest change", weights.change),
        ("estimation", "same-child pairs", weights.pairs["same"]),
    ]
    if "household" in weights.pairs:
        figures.append(("estimation", "household pairs", weights.pairs["household"]))
    return figures
