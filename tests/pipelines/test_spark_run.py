"""A monitoring run on Spark publishes what a run on DuckDB publishes."""

import duckdb
import pytest

from connectors.sample import write

pytest.importorskip("pyspark")
pytestmark = pytest.mark.slow

_TABLES = ("candidate_pair", "scored_pair", "pattern", "cluster", "refused_pair", "review_case", "entry_child")


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    """Deliveries of 300 children in one half-year."""
    out = tmp_path_factory.mktemp("village")
    write(out, jurisdiction="429006", children=300, periods=("2026H1",), seed=8)
    return out


def test_both_engines_publish_the_same_linkage(village, childindex, tmp_path):
    files = {}
    for engine in ("duckdb", "spark"):
        home = tmp_path / engine
        done = childindex(
            *("run", "--home", home, "--inbox", village / "inbox", "--jurisdiction", "429006"),
            *("--period", "2026H1", "--threads", 2, "--memory", "2GiB", "--engine", engine),
        )
        assert done.returncode == 0, done.stderr
        assert not (home / "building" / "spark").exists()
        files[engine] = next((home / "releases").glob("*/2026H1.duckdb"))
    con = duckdb.connect()
    for engine, file in files.items():
        con.execute(f"attach '{file}' as {engine}_run (read_only)")
    own = {"entry_child": "child_id", "review_case": "case_id"}  # random, and made under the key of each home
    for table in _TABLES:
        columns = f"* exclude ({own[table]})" if table in own else "*"
        one, other = (con.execute(f"select {columns} from {e}_run.link.{table} order by all").fetchall() for e in files)
        assert one == other, table
    held = "select list(entry_id order by entry_id) as e from {}_run.link.entry_child group by child_id order by e"
    one, other = (con.execute(held.format(engine)).fetchall() for engine in files)
    assert one == other


def test_a_master_without_spark_is_wrong_use(village, childindex, tmp_path):
    done = childindex(
        *("run", "--home", tmp_path / "home", "--inbox", village / "inbox", "--jurisdiction", "429006"),
        *("--period", "2026H1", "--master", "local[2]"),
    )
    assert done.returncode == 2
    assert "--engine spark" in done.stderr
