"""Candidate pairs: named equi-joins on hashed keys, counted before they are made."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from matching import quality_table
from matching.model import Model, Rule


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


def _keyed(keys: tuple[str, ...], name: str) -> str:
    """SQL for the distinct (profile, hash) of every combination of the keys' values."""
    inner = f"select profile_id, {', '.join(dict.fromkeys(keys))} from link.profile"
    for place, key in enumerate(keys, start=1):
        inner = f"select *, unnest({key}) as key_{place} from (\n        {inner}\n    )"
    hashed = ", ".join(f"key_{place}" for place in range(1, len(keys) + 1))
    return f"select distinct profile_id, hash({hashed}) as {name}\n    from (\n    {inner}\n    )"


def block_statements(rule: Rule) -> dict[str, str]:
    """The SQL of one rule, by step: ``keys``, ``sizes``, ``split``, ``pairs``; each makes a temporary table or rows.

    A key that more than ``rule.at_most`` profiles bear is split by the second key; what is still crowded is skipped
    and counted. ``$bit`` marks the rule in the pairs it makes.
    """
    at_most = rule.at_most
    return {
        "keys": f"create or replace temp table block_key as\n    {_keyed(rule.keys, 'key')}",
        "sizes": (
            "create or replace temp table block_size as\n"
            "select key, count(*) as size from block_key group by key having count(*) > 1"
        ),
        "split": (
            "create or replace temp table block_split as\n"
            "with crowded as (\n"
            f"    select block_key.* from block_key join block_size using (key) where size > {at_most}\n"
            "),\n"
            f"second as (\n    {_keyed(rule.split_by, 'second_key')}\n"
            "    where profile_id in (select profile_id from crowded)\n"
            "),\n"
            "split as (\n"
            "    select distinct profile_id, hash(key, second_key) as key from crowded join second using (profile_id)\n"
            ")\n"
            "select profile_id, key, count(*) over (partition by key) as size from split"
        ),
        "pairs": (
            "insert into block_pair\n"
            "with usable as (\n"
            f"    select profile_id, key from block_key join block_size using (key) where size <= {at_most}\n"
            "    union all\n"
            f"    select profile_id, key from block_split where size between 2 and {at_most}\n"
            ")\n"
            "select distinct l.profile_id, r.profile_id, $bit::uinteger\n"
            "from usable as l join usable as r on r.key = l.key and l.profile_id < r.profile_id"
        ),
    }


_COUNT = """
select
    (select count(*) from block_size),
    (select coalesce(sum(size * (size - 1) // 2) filter (size <= $at_most), 0)::bigint from block_size),
    (select coalesce(max(size), 0) from block_size),
    (select count(*) from block_size where size > $at_most),
    (select coalesce(sum(size - 1) / 2, 0)::bigint from block_split where size between 2 and $at_most),
    (select coalesce(sum(size * (size - 1) // 2) filter (size > $at_most), 0)::bigint from block_size)
"""


def write_candidate_pairs(con: duckdb.DuckDBPyConnection, model: Model) -> Found:
    """Make ``link.candidate_pair``: one row an unordered pair (left < right) with the rules that found it, as bits.

    Raises :class:`TooManyPairs` before a plan that is too large is carried out.
    """
    con.execute("create or replace temp table block_pair (left_profile integer, right_profile integer, rule uinteger)")
    counts: list[RuleCount] = []
    for place, rule in enumerate(model.blocking.rules):
        statements = block_statements(rule)
        for step in ("keys", "sizes", "split"):
            con.execute(statements[step])
        keys, pairs, largest, split_keys, split_pairs, crowded = con.execute(
            _COUNT, {"at_most": rule.at_most}
        ).fetchall()[0]
        counts.append(
            RuleCount(rule.name, keys, pairs, largest, split_keys, split_pairs, max(crowded - split_pairs, 0))
        )
        if sum(count.pairs + count.split_pairs for count in counts) > model.blocking.pairs_at_most:
            raise TooManyPairs(counts, model.blocking.pairs_at_most)
        con.execute(statements["pairs"], {"bit": 1 << place})
    con.execute(
        "create or replace table link.candidate_pair as"
        " select left_profile, right_profile, bit_or(rule) as rules from block_pair group by all order by all"
    )
    for table in ("block_pair", "block_key", "block_size", "block_split"):
        con.execute(f"drop table {table}")
    made = con.execute("select count(*) from link.candidate_pair").fetchall()[0][0]
    quality_table.replace(con, "blocking", _figures(counts, made))
    return Found(made, tuple(counts))


def _figures(counts: list[RuleCount], made: int) -> list[tuple[str, str, float]]:
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
