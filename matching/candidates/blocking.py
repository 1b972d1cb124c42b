"""Candidate pairs: named equi-joins on hashed keys, counted before they are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from matching import quality_table, statement
from matching.candidates import blocks, keys
from matching.candidates.blocks import Sizes
from matching.model import Model, Rule

_CROWDED = "crowded_key"
_PROFILES_AT_ONCE = 1_000_000


@dataclass(frozen=True, slots=True)
class RuleCount:
    """What one rule does: pairs by its own key, pairs by key and second key, and what a crowded key leaves unmade."""

    rule: str
    keys: int
    pairs: int
    largest: int
    split_keys: int
    split_pairs: int
    skipped_pairs: int


@dataclass(frozen=True, slots=True)
class Found:
    """Candidate pairs made and what each rule contributed."""

    pairs: int
    rules: tuple[RuleCount, ...]


class TooManyPairs(RuntimeError):
    """The rules would make more pairs than the model allows."""

    def __init__(self, counts: list[RuleCount], at_most: int) -> None:
        worst = max(counts, key=lambda count: count.pairs + count.split_pairs)
        total = sum(count.pairs + count.split_pairs for count in counts)
        super().__init__(
            f"blocking would make {total:,} pairs, the model allows {at_most:,} (blocking.pairs_at_most). "
            f"Rule `{worst.rule}` makes {worst.pairs + worst.split_pairs:,}, its largest key holds {worst.largest:,} "
            f"profiles: lower its `at_most` or give it a second key."
        )


class TooManyProfiles(RuntimeError):
    """More profiles than a pair's code has room for."""

    def __init__(self, profiles: int) -> None:
        super().__init__(
            f"link.profile holds {profiles:,} rows; blocking on one machine takes {blocks.PROFILES_AT_MOST:,} at most. "
            "Run the jurisdiction in parts, or on a cluster."
        )


@statement.with_arrays
def write_candidate_pairs(con: duckdb.DuckDBPyConnection, model: Model) -> Found:
    """Make ``link.candidate_pair``: one row an unordered pair (left < right) with the rules that found it, as bits.

    A key that more than ``at_most`` profiles of a rule bear, or fewer where the rule would make more pairs than
    :func:`pairs_allowed`, is split by the second key; what is still crowded is skipped and counted. Raises
    :class:`TooManyPairs` before a plan that is too large is carried out.
    """
    profiles = con.execute("select count(*) from link.profile").fetchall()[0][0]
    if profiles > blocks.PROFILES_AT_MOST:
        raise TooManyProfiles(profiles)
    counts: list[RuleCount] = []
    gathered = blocks.Gathered()
    for place, rule in enumerate(model.blocking.rules):
        whole = _read(con, "link.profile", rule.keys)
        sizes = whole.sizes()
        at_most = sizes.bound(rule.at_most, pairs_allowed(model, profiles))
        split = _split(con, rule, whole, at_most)
        counts.append(count(rule, sizes, split.sizes(), at_most))
        if sum(count.pairs + count.split_pairs for count in counts) > model.blocking.pairs_at_most:
            raise TooManyPairs(counts, model.blocking.pairs_at_most)
        gathered.add(whole.codes(at_most, place))
        gathered.add(split.codes(rule.at_most, place))
    made = _write(con, gathered)
    quality_table.replace(con, "blocking", figures_of(counts, made))
    del gathered
    statement.give_back()
    return Found(made, tuple(counts))


def pairs_allowed(model: Model, profiles: int) -> float:
    """How many pairs one rule may make before its most crowded keys are split; a county's take no time."""
    return max(model.blocking.pairs_a_profile * profiles, model.blocking.pairs_unsplit)


def _write(con: duckdb.DuckDBPyConnection, gathered: blocks.Gathered) -> int:
    names, made = ("left_profile", "right_profile", "rules"), gathered.size()

    def rows(part: slice) -> statement.Columns:
        return dict(zip(names, gathered.pairs(part), strict=True))

    statement.keep_parts(con, "table link.candidate_pair", made, rows)
    return made


def _split(con: duckdb.DuckDBPyConnection, rule: Rule, whole: blocks.Blocks, at_most: int) -> blocks.Blocks:
    """Blocks by the second key of the rows whose key more than ``at_most`` profiles bear."""
    profile, key = whole.crowded(at_most)
    if not len(profile):
        return blocks.blocks(profile, key)
    con.register("crowded", pa.table({"profile_id": profile, _CROWDED: key}))
    split = _read(con, "crowded join link.profile using (profile_id)", rule.split_by, _CROWDED)
    con.unregister("crowded")
    return split


def _read(
    con: duckdb.DuckDBPyConnection, profiles: str, wanted: Sequence[str], begun: str | None = None
) -> blocks.Blocks:
    """Blocks of ``profiles`` by the wanted keys; ``begun``: the column of hashes that these begin with."""
    columns = ", ".join(filter(None, ("profile_id", begun, *dict.fromkeys(wanted))))
    batches = con.execute(f"select {columns} from {profiles}").to_arrow_reader(_PROFILES_AT_ONCE)
    found = [keys.rows(batch, wanted, batch.column(begun).to_numpy() if begun else None) for batch in batches]
    if not found:
        return blocks.blocks(np.zeros(0, np.int32), np.zeros(0, np.uint64))
    return blocks.blocks(*map(np.concatenate, zip(*found, strict=True)))


def count(rule: Rule, whole: Sizes, split: Sizes, at_most: int) -> RuleCount:
    """What a rule does whose keys may have ``at_most`` profiles. ``split``: blocks of the others by the second key."""
    split_pairs = split.pairs(rule.at_most)
    return RuleCount(
        rule=rule.name,
        keys=int(whole.keys.sum()),
        pairs=whole.pairs(at_most),
        largest=whole.largest,
        split_keys=whole.keys_over(at_most),
        split_pairs=split_pairs,
        skipped_pairs=max(whole.pairs_over(at_most) - split_pairs, 0),
    )


def figures_of(counts: list[RuleCount], made: int) -> list[tuple[str, str, float]]:
    """Rows of ``link.quality`` that tell what the rules did."""
    figures = [("pairs", "all", float(made))]
    for count in counts:
        figures += [
            (count.rule, "keys", float(count.keys)),
            (count.rule, "pairs", float(count.pairs)),
            (count.rule, "largest key", float(count.largest)),
            (count.rule, "keys split", float(count.split_keys)),
            (count.rule, "pairs by second key", float(count.split_pairs)),
            (count.rule, "pairs skipped", float(count.skipped_pairs)),
        ]
    return figures
