"""Same in, same out: whatever the order of rows and files, the number of threads, and however often it was killed."""

import csv
import io
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from connectors.sample import write
from tests.pipelines.renaming import published

pytestmark = pytest.mark.slow
KILLS = 20


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("small")
    write(out, jurisdiction="540000", children=400, periods=["2026H1"], seed=11)
    return out / "inbox"


@pytest.fixture(scope="module")
def unbroken(small, childindex, tmp_path_factory):
    """The answer of one run that nobody disturbed."""
    home = tmp_path_factory.mktemp("unbroken")
    done = _run(childindex, home, small)
    assert done.returncode == 0, done.stderr
    return published(childindex, home, "2026H1", home / "out")


def _run(childindex, home: Path, inbox: Path, *more: object):
    about = ("--home", home, "--inbox", inbox, "--jurisdiction", "540000", "--period", "2026H1")
    return childindex("run", *about, *more)


def test_the_order_of_rows_and_files_and_the_threads_do_not_matter(small, unbroken, childindex, tmp_path):
    inbox = tmp_path / "inbox"
    _shuffle(small, inbox, random.Random(3))
    done = _run(childindex, tmp_path / "home", inbox, "--threads", 1)
    assert done.returncode == 0, done.stderr
    links, statuses = published(childindex, tmp_path / "home", "2026H1", tmp_path / "out")
    assert links == unbroken[0]
    assert statuses == unbroken[1]


def test_a_second_run_gives_the_same_answer_and_the_same_ids(small, unbroken, childindex, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for out in (first, second):
        assert _run(childindex, tmp_path / "home", small).returncode == 0
        assert published(childindex, tmp_path / "home", "2026H1", out) == unbroken
    import duckdb

    moved = duckdb.sql(
        f"select count(*) from '{first}/links.parquet' as a join '{second}/links.parquet' as b"
        ' using (feed, "table", file, row) where a.child_id is distinct from b.child_id'
    ).fetchone()
    assert moved == (0,)


def test_killed_at_random_moments_the_last_release_stays_and_the_next_run_completes(
    small, unbroken, childindex, keys, tmp_path
):
    home = tmp_path / "home"
    began = time.monotonic()
    assert _run(childindex, home, small).returncode == 0
    whole = time.monotonic() - began
    moments = random.Random(7)
    for attempt in range(KILLS):
        _kill_after(moments.uniform(0.1, 1.0) * whole, home, small, keys)
        assert childindex("sql", "--home", home, "select count(*) from mart.child_period").returncode == 0
        if attempt % 5 == 4:
            done = _run(childindex, home, small)
            assert done.returncode == 0, done.stderr
            assert published(childindex, home, "2026H1", tmp_path / "out") == unbroken


def _kill_after(seconds: float, home: Path, inbox: Path, keys: Path) -> None:
    about = ("--home", home, "--inbox", inbox, "--period", "2026H1")
    process = subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", "run", *map(str, about)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "CHILDINDEX_KEYS": str(keys)},
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    process.wait()


def _shuffle(source: Path, target: Path, order: random.Random) -> None:
    """Copy an inbox with the rows of every text and database table in another order, and one text cut in two files."""
    for file in source.rglob("*"):
        if not file.is_file() or file.name == "MANIFEST.sha256":
            continue
        copy = target / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
        if file.suffix == ".db":
            _shuffle_database(copy, order)
        elif file.suffix == ".csv" and file.parent.name == "civil_affairs":
            _shuffle_text(copy, "utf-8", order)
        elif file.suffix == ".csv" and file.parent.name == "education":
            _shuffle_text(copy, "gb18030", order)


def _shuffle_database(file: Path, order: random.Random) -> None:
    with sqlite3.connect(file) as connection:
        for table in ("JZDJ", "CZRK"):
            rows = connection.execute(f"select * from {table}").fetchall()
            order.shuffle(rows)
            connection.execute(f"delete from {table}")
            connection.executemany(f"insert into {table} values ({','.join('?' * len(rows[0]))})", rows)


def _shuffle_text(file: Path, encoding: str, order: random.Random) -> None:
    """Only where every line decodes and no cell holds a line break: others keep their order."""
    try:
        text = file.read_bytes().decode(encoding)
    except UnicodeDecodeError:
        return
    header, *lines = text.splitlines(keepends=True)
    width = len(next(csv.reader([header])))
    if any(len(row) != width for row in csv.reader(io.StringIO("".join(lines)))) or '"' in text:
        return
    lines = [line.rstrip("\r\n") + "\n" for line in lines]
    order.shuffle(lines)
    half = len(lines) // 2
    file.write_bytes("".join([header, *lines[:half]]).encode(encoding))
    second = file.with_name(f"{file.stem}_2{file.suffix}")
    second.write_bytes("".join([header, *lines[half:]]).encode(encoding))
