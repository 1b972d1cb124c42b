"""Candidate pairs into scored pairs: pattern, score, guard, band."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from matching import quality_table, statement
from matching.comparison import comparisons
from matching.comparison.coding import Coding, Compared, LevelsByPattern, Patterns, patterns
from matching.comparison.columns import Floats, Index, Ints, Levels, Profiles, Values
from matching.comparison.comparison import Frequencies, Setting
from matching.comparison.comparisons import Comparisons
from matching.comparison.kinds import KINDS
from matching.comparison.pairs import Ends, compare, random_pairs
from matching.guards import guard
from matching.guards.guard import Guarded
from matching.guards.names import GUARDS
from matching.model import Model
from matching.periods import kept_pairs
from matching.periods.kept_pairs import KeptPairs
from matching.scoring import first_guards
from matching.scoring.bands import Band, bands
from matching.training import train, trained_model
from matching.training.estimate import Scored, Weights, score
from matching.training.trained_model import Trained

Compare = Callable[[Comparisons, Ends, Ends], Sequence[Ints]]
"""The codes of candidate pairs, which are in order, and of pairs drawn at random; another engine may find them."""


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


@dataclass(frozen=True, slots=True)
class _Judged:
    """Candidate pairs' patterns, the guard that first held each, and the version that they are scored by.

    ``setting``, ``known``: what guards that look around see of all profiles.
    """

    patterns: Patterns
    first_guard: Levels
    trained: Trained
    setting: Setting
    known: Comparisons


@statement.with_arrays
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
    (:mod:`matching.training.trained_model`); they are estimated where there is none yet, or where ``retrain`` asks.
    """
    held = None if retrain else trained_model.in_force(con, model)
    if held is not None:
        trained_model.carry_on(con)
    elif not model.columns:
        statement.run(con, "link/value_frequency")
    left, right, rules = _candidates(con)
    kept = kept_pairs.find(con, model, left, right) if held is not None else None
    if held is None or kept is None:
        judged = _judge_all(con, model, period, held, (left, right), compare_pairs)
    else:
        judged = _judge_others(con, model, held, kept, (left, right))
    statement.give_back()
    shown = judged.patterns
    scored = score(judged.trained.weights, shown.found)
    of_pairs = scored.score[shown.place]
    guarded = _settled(model, judged, (left, right), of_pairs)
    band = bands(model, of_pairs, guarded)
    del of_pairs
    _write_pairs(con, (left, right), rules, judged, scored, guarded, band)
    _write_patterns(con, model, shown, scored)
    summary = _summary(model, judged, band)
    quality_table.replace(con, "scoring", _figures(summary, judged.trained.weights, held is None))
    del left, right, rules, judged, guarded, band
    statement.give_back()
    return summary


def _candidates(con: duckdb.DuckDBPyConnection) -> tuple[Index, Index, Values]:
    """The candidate pairs by profiles, left and right, and the rules that found them."""
    query = "select left_profile, right_profile, rules from link.candidate_pair"
    pairs = con.sql(query).to_arrow_table()
    left, right = (pairs.column(place).to_numpy() for place in (0, 1))
    if not _rises(left, right):
        pairs = con.sql(f"{query} order by left_profile, right_profile").to_arrow_table()
        left, right = (pairs.column(place).to_numpy() for place in (0, 1))
    return left.astype(np.int32, copy=False), right.astype(np.int32, copy=False), pairs.column(2).to_numpy()


def _rises(left: Index, right: Index) -> bool:
    """Whether pairs are in order already, as one machine writes them."""
    further = left[1:] > left[:-1]
    further |= (left[1:] == left[:-1]) & (right[1:] > right[:-1])
    return bool(further.all())


def _judge_all(
    con: duckdb.DuckDBPyConnection,
    model: Model,
    period: str,
    held: Trained | None,
    ends: Ends,
    compare_pairs: Compare,
) -> _Judged:
    """Compare every pair; train a version on them where none holds."""
    setting = _setting(con, model, held, {} if model.columns else trained_model.frequencies(con))
    known = comparisons.of_model(model.fields, setting, first_guards.columns(model))
    size = setting.profiles.size
    codes, drawn = compare_pairs(known, ends, random_pairs(size, 0 if held else model.estimation.random_pairs))
    shown = patterns(Coding(model.sizes, model.rare_fields), codes)
    del codes
    trained = held or train.train(con, model, period, known, shown, ends, drawn, size)
    first_guard = first_guards.find(model, known, setting, shown, ends, trained.weights)
    return _Judged(shown, first_guard, trained, setting, known)


def _judge_others(con: duckdb.DuckDBPyConnection, model: Model, held: Trained, kept: KeptPairs, ends: Ends) -> _Judged:
    """Compare the pairs that aren't kept, and guard them for the first time."""
    others = np.flatnonzero(~kept.is_kept)
    new = [side[others] for side in ends]
    profiles = np.unique(np.concatenate([*new, np.zeros(1, np.int32)]))
    coding = Coding(model.sizes, model.rare_fields)
    frequencies = trained_model.frequencies(con)
    with kept_pairs.part(con, profiles, _columns_read(model)) as part:
        setting = _setting(part, model, held, frequencies)
        known = comparisons.of_model(model.fields, setting, first_guards.columns(model))
        left, right = (np.searchsorted(profiles, side).astype(np.int32) for side in new)
        (codes,) = compare(known, (left, right))
        shown = patterns(coding, codes)
        kept.first_guard[others] = first_guards.find(model, known, setting, shown, (left, right), held.weights)
    kept.code[others] = codes
    setting = _setting(con, model, held, frequencies)
    known = comparisons.of_model(model.fields, setting, first_guards.columns(model))
    return _Judged(patterns(coding, kept.code), kept.first_guard, held, setting, known)


def _columns_read(model: Model) -> set[str]:
    """The columns of ``link.profile`` that comparing pairs and guarding them takes."""
    read = [column for spec in model.fields.values() for column in KINDS[spec.kind].columns(spec)]
    read += first_guards.columns(model)
    return {column.name for column in read} | {"name_id", "former_name_id"} | set(model.sources.named_by)


def _setting(
    con: duckdb.DuckDBPyConnection, model: Model, held: Trained | None, frequencies: Mapping[str, Frequencies]
) -> Setting:
    """What comparisons know beside their columns, with the frequencies of the version in force."""
    profiles = Profiles(con, model.sources.named_by)
    return Setting(
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


def _settled(model: Model, judged: _Judged, ends: Ends, of_pairs: Floats) -> Guarded:
    """The guard of each pair, after the second look of those guards that look around."""
    shown = judged.patterns
    judged.setting.profiles.forget(first_guards.columns(model, looking_around=True))
    levels = LevelsByPattern(shown.found, shown.place)
    seen = first_guards.seen_by_guards(model, judged.known, judged.setting, levels, ends)
    scores = first_guards.scores(model, judged.trained.weights, of_pairs)
    return guard.settle(GUARDS, model.guards, seen, scores, judged.first_guard)


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
    ends: Ends,
    rules: Values,
    judged: _Judged,
    scored: Scored,
    guarded: Guarded,
    band: Levels,
) -> None:
    score_of, place = scored.score.round(4), judged.patterns.place

    def rows(part: slice) -> dict[str, object]:
        return {
            "left_profile": ends[0][part],
            "right_profile": ends[1][part],
            "rules": rules[part],
            "pattern": place[part],
            "score": score_of[place[part]],
            "worth": guarded.worth[part].round(4),
            "guard": named(guarded.code[part], guarded.words),
            "band": named(band[part], [each.name.lower() for each in Band]),
            "first_guard": judged.first_guard[part],
        }

    statement.keep_parts(con, "table link.scored_pair", len(place), rows)


def _write_patterns(con: duckdb.DuckDBPyConnection, model: Model, shown: Patterns, scored: Scored) -> None:
    columns: dict[str, object] = {"pattern": pa.array(np.arange(len(shown.counts), dtype=np.int32))}
    columns |= _levels(model, shown.found)
    columns |= {"pairs": pa.array(shown.counts), "score": pa.array(scored.score.round(4))}
    columns |= {f"p_{side}": pa.array(likely) for side, likely in scored.by_class.items()}
    statement.keep(con, "table link.pattern", pa.table(columns))


def _summary(model: Model, judged: _Judged, band: Levels) -> ScoredPairs:
    found, weights = judged.patterns.found, judged.trained.weights
    unseen = tuple(
        f"{name}.{level}"
        for name, field in model.fields.items()
        for code, level in enumerate(field.levels, start=1)
        if not (found.levels[name] == code).any()
    )
    counts = np.bincount(band, minlength=len(Band)).tolist()
    by_band = {each.name.lower(): counts[each] for each in Band}
    return ScoredPairs(len(band), found.size, by_band, weights.rounds, weights.settled, unseen, judged.trained.version)


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
