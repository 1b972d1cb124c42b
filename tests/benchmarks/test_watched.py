"""What a process and those it starts take is seen from inside."""

import subprocess
import sys
import time

import duckdb
import psutil

from benchmarks import watched


def test_a_started_processs_time_and_memory_are_counted_and_told_apart():
    found: list[watched.Step] = []
    burning = "b = bytearray(300_000_000); sum(range(20_000_000)); import time; time.sleep(0.5)"
    with watched.step("resting", duckdb.connect(), found):
        time.sleep(0.5)
    with watched.step("burning", duckdb.connect(), found):
        subprocess.run([sys.executable, "-c", burning], check=True)
    before, step = found  # other tests of the session may have left Java and processes of their own
    assert step.name == "burning"
    assert 0.1 < step.cpu_seconds < step.seconds * 4
    assert step.workers > before.workers + 0.27
    assert abs(step.java - before.java) < 0.1
    own = psutil.Process().memory_info().rss / 2**30  # of a session of tests more than what burns
    assert 0 < step.driver < own + 0.1


def test_what_duckdb_holds_is_told_apart():
    con = duckdb.connect()
    found: list[watched.Step] = []
    with watched.step("filling", con, found):
        con.execute("create table filled as select hash(range) as h, range::varchar as t from range(3_000_000)")
    with watched.step("resting", con, found):
        pass
    assert 0.02 < found[1].duckdb <= found[0].duckdb * 1.2
    assert found[1].duckdb < found[1].driver
