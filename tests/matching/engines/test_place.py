"""Where Spark runs, and what it takes of this machine."""

from __future__ import annotations

import pytest

from matching.engines import spark
from matching.engines.spark import NoSpark, Place


def test_without_a_master_it_runs_in_this_machines_threads():
    place = Place(threads=3)
    assert (place.url, place.is_local) == ("local[3]", True)


def test_a_cluster_is_not_this_machine():
    assert not Place(master="spark://host:7077").is_local


@pytest.mark.parametrize(
    ("memory", "heap", "rest"),
    [("4GiB", 2048, "2048MiB"), ("800MiB", 512, "512MiB"), ("16GB", 7629, "7629MiB")],
)
def test_java_and_duckdb_share_the_memory(memory, heap, rest):
    place = Place(memory=memory)
    assert (place.heap, place.rest) == (heap, rest)


def test_a_size_that_is_none_is_refused():
    with pytest.raises(ValueError, match="4GiB"):
        Place(memory="much").heap  # noqa: B018


def test_without_java_it_says_what_to_install(monkeypatch, tmp_path):
    pytest.importorskip("pyspark")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(NoSpark, match="openjdk-17-jre-headless"):
        spark.open_engine(Place(), tmp_path / "spark")


def test_without_pyspark_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr("matching.engines.spark.find_spec", lambda package: None)
    with pytest.raises(NoSpark, match=r"child-index\[spark\]"):
        spark.open_engine(Place(), tmp_path / "spark")
