"""Each engine on the smallest public set; the peers live in the optional extra `bench`."""

import json

import duckdb
import pytest

from benchmarks.peers import contest, scale, table
from benchmarks.peers.contest import Row

pytest.importorskip("splink", reason="needs pip install 'child-index[bench]'")
pytest.importorskip("recordlinkage", reason="needs pip install 'child-index[bench]'")
pytest.importorskip("mismo", reason="needs pip install 'child-index[bench]'")


@pytest.fixture(scope="module")
def rldata(tmp_path_factory):
    from benchmarks.public.sets import lay_out

    folder = tmp_path_factory.mktemp("rldata")
    lay_out("RLdata500", folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["exact", "recordlinkage", "Splink, documented"])
def test_a_peer_links_a_public_set_and_is_measured(engine, rldata):
    its = contest.public(":first_name,last_name,born", "rldata", "rldata", "rldata")
    (row,) = contest.contest("RLdata500", rldata, [each for each in its if each.name == engine])
    assert not row.failed
    assert row.figures["entries"] == 500
    assert row.figures["clusters"]["precision"] > 0.9
    assert row.peak_gib > 0.05
    assert 0 < row.linkage_seconds < row.seconds


def test_an_engine_that_fails_says_why_and_leaves_the_others_alone(tmp_path):
    (row,) = contest.contest("nothing", tmp_path, [contest.Contestant("exact", "exact", ":name")])
    assert row.figures is None
    assert "entry.parquet" in row.failed
    assert "no figures" in table.line(row)


def test_public_sets_hold_as_many_true_pairs_as_they_are_known_for(rldata):
    pairs = duckdb.sql(
        f"select sum(n * (n - 1) // 2) from (select count(*) as n from '{rldata / 'truth.parquet'}' group by child)"
    ).fetchall()[0][0]
    assert pairs == 50


def test_rows_come_back_from_the_file_as_they_were_kept(tmp_path):
    row = Row("t", "ours", 2.0, 3.0, 0.5, 1.0, 1.5, "6", _figures(100), ({"name": "link", "is_linkage": True},))
    table.keep([row], tmp_path / "kept.json")
    assert table.kept(tmp_path / "kept.json") == [row]
    assert json.loads((tmp_path / "kept.json").read_text())[0]["engine"] == "ours"


def test_growth_is_the_slope_on_logarithmic_axes():
    rows = [Row("t", "ours", linkage_cpu_seconds=n**1.5, figures=_figures(n)) for n in (100, 1000, 10_000)]
    assert scale.exponents(rows) == {"ours": pytest.approx(1.5)}


def _figures(entries: int) -> dict[str, object]:
    shares = {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    return {
        "entries": entries,
        "pairs": shares,
        "clusters": shares,
        "best_pairs": 1.0,
        "exact": 1.0,
        "best_clusters": 1.0,
    }
