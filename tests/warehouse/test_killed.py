"""A writer killed at any moment leaves the last release readable, and the next run completes."""

import random
import subprocess
import sys
import time

import pytest

from tests.warehouse import killed
from warehouse import releases
from warehouse.home import Home


@pytest.mark.parametrize("stride", [7, pytest.param(1, marks=pytest.mark.slow)])
def test_death_at_a_file_operation_leaves_a_whole_release(tmp_path, stride):
    home = tmp_path / "var"
    told = subprocess.run(
        [sys.executable, "-m", "tests.warehouse.killed", "step", str(home), str(stride)],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert told.returncode == 0, told.stderr
    assert len(told.stdout.splitlines()) > 40 / stride
    assert releases.in_force(Home(home)).number >= 1


@pytest.mark.slow
def test_kill_minus_nine_at_random_moments(tmp_path):
    home = tmp_path / "var"
    chance = random.Random(1)
    numbers = [0]
    for _ in range(20):
        with subprocess.Popen([sys.executable, "-m", "tests.warehouse.killed", "loop", str(home)]) as writer:
            time.sleep(1.5 + 1.5 * chance.random())
            writer.kill()
        numbers.append(killed.look(home))
    killed.publish_next(home)
    assert numbers == sorted(numbers)
    assert len(set(numbers)) > 5
