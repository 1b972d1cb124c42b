"""A writer killed at any moment leaves the last release readable, and the next run completes."""

import random
import subprocess
import sys
import time

import pytest

from tests.warehouse import killed


@pytest.mark.parametrize("stride", [17, pytest.param(1, marks=pytest.mark.slow)])
def test_death_at_a_file_operation_leaves_a_whole_release_and_the_next_run_completes(tmp_path, stride):
    told = subprocess.run(
        [sys.executable, "-m", "tests.warehouse.killed", "step", str(tmp_path), str(stride)],
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert told.returncode == 0, told.stderr
    ends = [line.rpartition(" ")[2] for line in told.stdout.splitlines()]
    assert len(ends) > 40 / stride
    assert set(ends) == {"3", "4"}  # some deaths came before the rename, the rest after


@pytest.mark.slow
def test_kill_minus_nine_at_random_moments(tmp_path):
    home = tmp_path / "var"
    began = time.perf_counter()
    killed.publish_next(home)
    takes = time.perf_counter() - began  # on this machine, as busy as it is now
    chance = random.Random(1)
    numbers = [1]
    for _ in range(20):
        command = [sys.executable, "-m", "tests.warehouse.killed", "loop", str(home)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "begins\n"
            time.sleep(8 * takes * chance.random())
            writer.kill()
        numbers.append(killed.look(home))
    killed.publish_next(home)
    assert numbers == sorted(numbers)
    assert len(set(numbers)) > 3  # some deaths came after a publish
