"""What a plan says beside what runs of invented counties took (benchmarks/results.md)."""

import pytest

from matching.candidates.plan import plan

GIB = 2**30


@pytest.mark.parametrize(("profiles", "gib"), [(298_000, 0.87), (997_000, 1.55), (2_993_000, 3.28)])
def test_the_memory_foreseen_is_near_what_runs_took(profiles, gib):
    assert plan(round(profiles * 3.15), profiles).memory / GIB == pytest.approx(gib, rel=0.15)


def test_the_time_foreseen_is_near_what_a_run_took():
    assert plan(2_323_568, 724_976).seconds == pytest.approx(9.5 + 1.8 + 0.2, rel=0.15)
