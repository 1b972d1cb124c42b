"""Candidate pairs on Spark: the same arrays for the keys of profiles and for the pairs that a key makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f
from pyspark.storagelevel import StorageLevel

from matching import quality_table
from matching.candidates import blocking, blocks, keys
from matching.candidates.blocking import Found, RuleCount, TooManyPairs
from matching.candidates.blocks import NO_SIZES, Sizes
from matching.engines.spark.exchange import Exchange, words_of
from matching.model import Model, Rule

Values = npt.NDArray[Any]
Batches = Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]
_ROWS_A_TASK = 3_000_000  # 16 bytes each, and as much again while they are sorted
_KEYS_EACH = 2  # values of a key or pairs of values that a profile has, about; it only sizes tasks
_PAIRS_A_TASK = 4_000_000
_KEYED = pa.schema({"part": pa.int32(), "profile_id": pa.int32(), "key": pa.int64()})
_COUNTED = pa.schema({"part": pa.int64(), "size": pa.int64(), "keys": pa.int64()})
_CODED = pa.schema({"pair": pa.int64(), "code": pa.int64()})
_PAIRS = pa.schema({"left_profile": pa.int32(), "right_profile": pa.int32(), "rules": pa.int32()})


def write_candidate_pairs(
    session: SparkSession, exchange: Exchange, con: duckdb.DuckDBPyConnection, model: Model
) -> Found:
    """Make ``link.candidate_pair`` as :func:`matching.candidates.blocking.write_candidate_pairs` does."""
    rules = model.blocking.rules
    wanted = dict.fromkeys(key for rule in rules for key in (*rule.keys, *rule.split_by))
    many = con.execute("select count(*) from link.profile").fetchall()[0][0]
    if many > blocks.PROFILES_AT_MOST:
        raise blocking.TooManyProfiles(many)
    profiles = exchange.to_spark(con, f"select profile_id, {', '.join(wanted)} from link.profile order by profile_id")
    tasks = _tasks(session, many * len(rules) * _KEYS_EACH / _ROWS_A_TASK)
    whole = _by_key(_keyed(profiles, rules), tasks)
    at_most = [rule.at_most for rule in rules for _ in ("whole", "split")]
    sizes = _sizes(whole)
    allowed = blocking.pairs_allowed(model, many)
    for place, rule in enumerate(rules):
        at_most[2 * place] = sizes.get(2 * place, NO_SIZES).bound(rule.at_most, allowed)
    keyed = [whole]
    if any(found.largest > at_most[part] for part, found in sizes.items()):
        rows = whole.mapInArrow(_crowded(at_most), words_of(_KEYED)).persist(StorageLevel.DISK_ONLY)
        keyed.append(_by_key(_split(profiles, rules, rows), tasks))
        sizes |= _sizes(keyed[1])
    counts = _counts(rules, sizes, at_most)
    _refuse_too_many(counts, model)
    made = sum(count.pairs + count.split_pairs for count in counts)
    codes = reduce(DataFrame.union, (rows.mapInArrow(_coding(at_most), words_of(_CODED)) for rows in keyed))
    pairs = codes.repartition(_tasks(session, made / _PAIRS_A_TASK), "pair").mapInArrow(_merging, words_of(_PAIRS))
    con.execute(
        "create or replace table link.candidate_pair as select left_profile, right_profile, rules::uinteger as rules"
        " from read_parquet(?) order by left_profile, right_profile",
        [exchange.to_duckdb(pairs)],
    )
    for rows in keyed:
        rows.unpersist()
    many = con.execute("select count(*) from link.candidate_pair").fetchall()[0][0]
    quality_table.replace(con, "blocking", blocking.figures_of(counts, many))
    return Found(many, tuple(counts))


def _tasks(session: SparkSession, *wanted: float) -> int:
    return max(session.sparkContext.defaultParallelism, *(int(each) + 1 for each in wanted))


def _keyed(profiles: DataFrame, rules: Sequence[Rule]) -> DataFrame:
    """Rows (part, profile, key) of every rule; a rule's part is twice its place."""
    wanted = [rule.keys for rule in rules]

    def keyed(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for place, each in enumerate(wanted):
                yield _rows_of(2 * place, *keys.rows(batch, each))

    return profiles.mapInArrow(keyed, words_of(_KEYED))


def _split(profiles: DataFrame, rules: Sequence[Rule], crowded: DataFrame) -> DataFrame:
    """Rows (part, profile, key) of the crowded keys' profiles by the second key; the part is the rule's and one."""
    wanted = [rule.split_by for rule in rules]

    def split(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            part = batch.column("part").to_numpy()
            for one in np.unique(part).tolist():
                own = batch.filter(pa.array(part == one))
                begun = own.column("key").to_numpy().view(np.uint64)
                yield _rows_of(one + 1, *keys.rows(own, wanted[one // 2], begun))

    seconds = profiles.select("profile_id", *dict.fromkeys(key for each in wanted for key in each))
    return crowded.join(seconds, "profile_id").mapInArrow(split, words_of(_KEYED))


def _rows_of(part: int, profile: blocks.Ids, key: blocks.Keys) -> pa.RecordBatch:
    return pa.record_batch([np.full(len(key), part, np.int32), profile, key.view(np.int64)], schema=_KEYED)


def _by_key(rows: DataFrame, tasks: int) -> DataFrame:
    """The same rows, those of one key in one task, kept on the nodes' disks."""
    return rows.repartition(tasks, "part", "key").persist(StorageLevel.DISK_ONLY)


def _blocks(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[int, blocks.Blocks]]:
    """The blocks of one task by part."""
    part, profile, key = _columns(batches, "part", "profile_id", "key")
    for one in np.unique(part).tolist():
        own = part == one
        yield one, blocks.blocks(profile[own], key[own].view(np.uint64))


def _sizes(keyed: DataFrame) -> dict[int, Sizes]:
    """By part, how many profiles bear a key, where several do, and how many keys so many bear."""

    def counted(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for part, found in _blocks(batches):
            sizes = found.sizes()
            yield pa.record_batch([np.full(len(sizes.size), part), sizes.size, sizes.keys], schema=_COUNTED)

    rows = keyed.mapInArrow(counted, words_of(_COUNTED)).groupBy("part", "size").agg(f.sum("keys").alias("keys"))
    found: dict[int, list[tuple[int, int]]] = {}
    for row in rows.collect():
        found.setdefault(row["part"], []).append((row["size"], row["keys"]))
    return {part: Sizes(*np.array(sorted(each), dtype=np.int64).T) for part, each in found.items()}


def _crowded(at_most: Sequence[int]) -> Batches:
    """Rows of the keys that more profiles bear than their rule allows."""

    def crowded(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for part, found in _blocks(batches):
            yield _rows_of(part, *found.crowded(at_most[part]))

    return crowded


def _counts(rules: Sequence[Rule], sizes: Mapping[int, Sizes], at_most: Sequence[int]) -> list[RuleCount]:
    return [
        blocking.count(rule, sizes.get(2 * place, NO_SIZES), sizes.get(2 * place + 1, NO_SIZES), at_most[2 * place])
        for place, rule in enumerate(rules)
    ]


def _refuse_too_many(counts: Sequence[RuleCount], model: Model) -> None:
    made = 0
    for place, count in enumerate(counts, start=1):
        made += count.pairs + count.split_pairs
        if made > model.blocking.pairs_at_most:
            raise TooManyPairs(list(counts[:place]), model.blocking.pairs_at_most)


def _coding(at_most: Sequence[int]) -> Batches:
    """Pairs that the keys of one task make, as codes."""

    def coded(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for part, found in _blocks(batches):
            for codes in found.codes(at_most[part], part // 2):
                yield pa.record_batch([codes >> blocks.RULE_BITS, codes], schema=_CODED)

    return coded


def _merging(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Every pair once, with the rules that found it."""
    left, right, rules = blocks.merge(_columns(batches, "code"))
    yield pa.record_batch([pa.array(left), pa.array(right), pa.array(rules.astype(np.int32))], schema=_PAIRS)


def _columns(batches: Iterable[pa.RecordBatch], *names: str) -> list[Values]:
    held = [[batch.column(name).to_numpy() for name in names] for batch in batches]
    return (
        [np.concatenate(column) for column in zip(*held, strict=True)]
        if held
        else [np.zeros(0, np.int64) for _ in names]
    )
