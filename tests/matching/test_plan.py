"""What a plan says beside what runs of invented counties took (benchmarks/results.md)."""

import pytest

from matching.plan import plan

GIB = 2**30


@pytest.mark.parametrize(("profiles", "gib"), [(298_000, 1.12), (997_000, 2.32), (2_993_000, 6.40)])
def test_the_memory_foreseen_is_near_what_runs_took(profiles, gib):
    assert plan(round(profiles * 3.15), profiles, threads=2).memory / GIB == pytest.approx(gib, rel=0.15)


def test_more_threads_take_less_time_and_no_less_memory():
    one, two = (plan(2_400_000, 725_000, threads) for threads in (1, 2))
    assert two.seconds == pytest.approx(one.seconds / 2)
    assert two.memory == one.memory
