"""The Spark engine beside DuckDB: same pairs, same scores, same clusters."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from matching import link, model
from matching.candidates import blocking
from matching.clusters.agglomeration import Pairs
from matching.engines.engine import Engine, OneMachine
from matching.model import Model
from matching.profiles import collapse, table
from tests.matching import invented
from tests.matching.engines import county
from tests.matching.standing import Entry, write_std

pytest.importorskip("pyspark")

from pyspark.sql import SparkSession

from matching.engines import spark
from matching.engines.spark import components
from matching.engines.spark.engine import SparkEngine
from matching.engines.spark.exchange import Exchange

pytestmark = pytest.mark.slow

MODEL = model.load()
_TABLES = ("candidate_pair", "scored_pair", "pattern", "level_weight", "cluster", "refused_pair", "quality")


@dataclass(frozen=True)
class Running:
    """The session of this module's tests, and the folder beside which it works."""

    engine: SparkEngine
    session: SparkSession
    folder: Path


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home") / "spark"
    engine = spark.open_engine(spark.Place(threads=2, memory="2GiB"), folder)
    assert isinstance(engine, SparkEngine)
    yield Running(engine, engine.session, folder)
    engine.close()
    assert not folder.exists()


@pytest.fixture
def exchange(running, tmp_path):
    return Exchange(running.session, tmp_path, None)


def _linked(engine: Engine, con: duckdb.DuckDBPyConnection, how: Model) -> dict[str, object]:
    """What each step says of itself, and every table of the linkage."""
    said = [step(con, how) for step in (engine.write_candidate_pairs, engine.write_scored_pairs, engine.write_clusters)]
    found: dict[str, object] = {name: con.execute(f"from link.{name} order by all").fetchall() for name in _TABLES}
    return found | {"said": said}


def _of_children(made: list[Entry], decided: bool = True) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    write_std(con, made, county.decisions(made) if decided else ())
    collapse.write_profiles(con, MODEL)
    return con


def _differences(one: dict[str, object], other: dict[str, object]) -> list[str]:
    return [name for name in one if one[name] != other[name]]


@pytest.fixture(scope="module")
def children():
    return county.entries(150)


def test_children_are_linked_as_on_one_machine(running, children):
    one = _linked(OneMachine(), _of_children(children), MODEL)
    other = _linked(running.engine, _of_children(children), MODEL)
    assert _differences(one, other) == []
    assert len(one["scored_pair"]) > 500  # type: ignore[arg-type]
    assert {reason for _, _, reason in one["refused_pair"]} >= {"decision"}  # type: ignore[attr-defined]


def test_a_crowded_key_is_split_and_skipped_alike(running, children):
    rules = tuple(rule.model_copy(update={"at_most": 2}) for rule in MODEL.blocking.rules)
    narrow = MODEL.model_copy(update={"blocking": MODEL.blocking.model_copy(update={"rules": rules})})
    one = _linked(OneMachine(), _of_children(children), narrow)
    other = _linked(running.engine, _of_children(children), narrow)
    assert _differences(one, other) == []
    figures = {(subject, item): value for _, subject, item, value in one["quality"]}  # type: ignore[attr-defined]
    assert figures["number", "keys split"] > 0
    assert figures["number", "pairs by second key"] > 0


def test_too_many_pairs_are_refused_in_the_same_words(running, children):
    few = MODEL.model_copy(update={"blocking": MODEL.blocking.model_copy(update={"pairs_at_most": 400})})
    words = []
    for engine in (OneMachine(), running.engine):
        with pytest.raises(blocking.TooManyPairs) as error:
            engine.write_candidate_pairs(_of_children(children), few)
        words.append(str(error.value))
    assert words[0] == words[1]


def test_a_county_without_pairs_has_a_cluster_a_child(running):
    strangers = [Entry("王安"), Entry("古丽", born_on=None, sex="female", hukou_county=None, residence_county=None)]
    one = _linked(OneMachine(), _of_children(strangers, decided=False), MODEL)
    other = _linked(running.engine, _of_children(strangers, decided=False), MODEL)
    assert _differences(one, other) == []
    assert one["cluster"] == [(0, 0), (1, 1)]


def test_what_an_earlier_period_knew_is_carried_alike(running, children, monkeypatch):
    """Pairs at random, as if known from before: some join what the links left apart, some are contradicted."""
    draw = np.random.default_rng(3)

    def known(con: duckdb.DuckDBPyConnection, how: Model) -> Pairs:
        size = con.execute("select count(*) from link.profile").fetchall()[0][0]
        left = np.sort(draw_of(size)[0]).astype(np.int32)
        right = np.minimum(left + draw_of(size)[1] % 5 + 1, size - 1).astype(np.int32)
        kept = left < right
        return Pairs(left[kept], right[kept], np.full(int(kept.sum()), 10.0))

    def draw_of(size: int) -> tuple[np.ndarray, np.ndarray]:
        return chosen % size, chosen // 7

    chosen = draw.integers(0, 10_000, 40)
    monkeypatch.setattr("matching.clusters.clustering._carried", known)
    one = _linked(OneMachine(), _of_children(children), MODEL)
    other = _linked(running.engine, _of_children(children), MODEL)
    assert _differences(one, other) == []


def test_any_table_is_linked_as_on_one_machine(running, tmp_path):
    how = model.load(invented.write_model(tmp_path))
    typed = [invented.reader(f"d{place}", place, phone=None, first="Adda") for place in range(0, 60, 3)]
    found = []
    for engine in (OneMachine(), running.engine):
        con = duckdb.connect()
        con.register("caller_table", invented.readers(*typed))
        table.write_table(con, "caller_table", how)
        found.append(_linked(engine, con, how))
    assert _differences(*found) == []
    assert len(found[0]["scored_pair"]) > 10  # type: ignore[arg-type]


def test_the_library_links_by_an_engine_that_it_is_given(running, tmp_path):
    how = invented.write_model(tmp_path)
    typed = [invented.reader(f"d{place}", place, phone=None, first="Adda") for place in range(0, 60, 3)]
    here, there = (link(invented.readers(*typed), how, engine=engine) for engine in (None, running.engine))
    assert here.pairs.num_rows > 10
    assert there.pairs.equals(here.pairs)
    assert there.clusters.equals(here.clusters)


@pytest.mark.parametrize("one_task", [0, components.ONE_TASK])
def test_components_are_those_of_one_machine(running, exchange, one_task):
    draw = np.random.default_rng(11)
    size = 3_000
    chain = np.arange(400)  # a long one, which takes several rounds
    left = np.concatenate([draw.integers(0, size, 1_800), chain]).astype(np.int32)
    right = np.concatenate([draw.integers(0, size, 1_800), chain + 1]).astype(np.int32)
    edges = exchange.rows_to_spark(pa.table({"one": left, "other": right}).to_reader()).repartition(7)
    rows = components.components(exchange, edges, one_task).toArrow().sort_by("profile")
    _, label = connected_components(coo_matrix((np.ones(len(left)), (left, right)), shape=(size, size)), directed=False)
    _, first = np.unique(label, return_index=True)
    touched = np.unique(np.concatenate([left, right])[np.concatenate([left != right, left != right])])
    assert rows.column("profile").to_pylist() == touched.tolist()
    assert rows.column("component").to_pylist() == first[label[touched]].tolist()


def test_hashes_keep_their_bits_on_the_way(exchange):
    con = duckdb.connect()
    rows = exchange.to_spark(
        con, "select 18446744073709551615::ubigint as key, [1, 9223372036854775809]::ubigint[] as keys"
    )
    assert [tuple(row) for row in rows.collect()] == [(-1, [1, -9223372036854775807])]
    back = con.execute("select key, keys from read_parquet(?)", [exchange.to_duckdb(rows)]).fetchall()
    assert back == [(-1, [1, -9223372036854775807])]


def test_a_url_serves_as_well_as_a_folder_all_see(running, tmp_path):
    (tmp_path / "here").mkdir()
    exchange = Exchange(running.session, tmp_path / "here", (tmp_path / "there").as_uri())
    con = duckdb.connect()
    rows = exchange.kept(exchange.to_spark(con, "select range::integer as place from range(5)"))
    assert con.execute("select sum(place) from read_parquet(?)", [exchange.to_duckdb(rows)]).fetchall() == [(10,)]
    exchange.close()
    assert [*(tmp_path / "there").glob("rows-*")] == []


def test_what_lies_on_the_disk_is_its_owners_alone(running, children, tmp_path):
    assert stat.S_IMODE(running.folder.stat().st_mode) == 0o700
    (tmp_path / "rows").mkdir(mode=0o700)
    exchange = Exchange(running.session, tmp_path / "rows", None)
    exchange.kept(exchange.to_spark(duckdb.connect(), "select range as place from range(5)"))
    files = [Path(folder) / name for folder, _, names in os.walk(tmp_path / "rows") for name in names]
    assert {stat.S_IMODE(file.stat().st_mode) & 0o077 for file in files} == {0}
