"""Same in, same out: whatever the order of rows and files, the number of threads, and however often it was killed."""

import os
import random
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from connectors.sample import write
from tests.pipelines import shuffling
from tests.pipelines.renaming import published

pytestmark = pytest.mark.slow
JURISDICTION = "540000"
PERIOD = "2026H1"
KILLS = 20


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("small")
    write(out, jurisdiction=JURISDICTION, children=400, periods=[PERIOD], seed=11)
    return out / "inbox"


@pytest.fixture(scope="module")
def home(small, childindex, tmp_path_factory) -> Path:
    """A home with one published run that nobody disturbed."""
    home = tmp_path_factory.mktemp("unbroken")
    done = _run(childindex, home, small)
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture(scope="module")
def unbroken(home, childindex):
    """Its answer."""
    return published(childindex, home, PERIOD, home / "out")


def _run(childindex, home: Path, inbox: Path, *more: object):
    about = ("--home", home, "--inbox", inbox, "--jurisdiction", JURISDICTION, "--period", PERIOD)
    return childindex("run", *about, *more)


def test_the_order_of_rows_and_files_and_the_threads_do_not_matter(small, unbroken, childindex, tmp_path):
    inbox = tmp_path / "inbox"
    changed = shuffling.shuffle(small, inbox, random.Random(3))
    assert {Path(name).suffix for name in changed} == {".csv", ".txt", ".db", ".xlsx"}
    assert all(changed.values()), changed
    done = _run(childindex, tmp_path / "home", inbox, "--threads", 1)
    assert done.returncode == 0, done.stderr
    links, statuses = published(childindex, tmp_path / "home", PERIOD, tmp_path / "out")
    assert links == unbroken[0]
    assert statuses == unbroken[1]


def test_a_second_run_gives_the_same_answer_and_the_same_ids(small, home, unbroken, childindex, tmp_path):
    done = _run(childindex, home, small, "--full")
    assert done.returncode == 0, done.stderr
    assert published(childindex, home, PERIOD, tmp_path) == unbroken
    moved = duckdb.sql(
        f"select count(*) from '{home}/out/links.parquet' as a join '{tmp_path}/links.parquet' as b"
        ' using (feed, "table", file, row) where a.child_id is distinct from b.child_id'
    ).fetchone()
    assert moved == (0,)


def test_killed_at_random_moments_the_last_release_stays_and_the_next_run_completes_with_the_same_answer(
    keys, tmp_path
):
    write(tmp_path / "county", jurisdiction=JURISDICTION, children=60, periods=[PERIOD], seed=11)
    about = (tmp_path / "county/inbox", JURISDICTION, PERIOD)
    told = subprocess.run(
        [sys.executable, "-m", "tests.pipelines.killed", *about, tmp_path / "homes", str(KILLS)],
        capture_output=True,
        text=True,
        env={**os.environ, "CHILDINDEX_KEYS": str(keys)},
    )
    assert told.returncode == 0, told.stderr
    deaths = told.stdout.splitlines()
    assert len(deaths) == KILLS
    rooms = {death.partition(":")[0] for death in deaths}
    assert rooms >= {"raw", "std", "link", "published"}, deaths
