"""A second half-year run from the last release equals one linked anew, and says which way it went."""

import shutil
from pathlib import Path

import pytest

from tests.pipelines.renaming import published

FIRST, SECOND = "2026H1", "2026H2"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def first_home(county, childindex, tmp_path_factory) -> Path:
    """A home with the first half-year published."""
    home = tmp_path_factory.mktemp("first")
    done = _run(childindex, home, county, FIRST)
    assert done.returncode == 0, done.stderr
    assert "全量 full (there is no last release to go on from)" in done.stdout
    return home


def _run(childindex, home: Path, county: Path, period: str, *more: str):
    about = ("--home", home, "--inbox", county / "inbox", "--jurisdiction", "429006", "--period", period)
    return childindex("run", *about, *more)


def test_the_second_half_year_goes_on_from_the_first_with_the_same_result(first_home, county, childindex, tmp_path):
    answers = []
    for name, more, said in (("gone_on", (), "增量 incremental"), ("anew", ("--full",), "全量 full (asked for)")):
        home = tmp_path / name
        shutil.copytree(first_home, home, symlinks=True)
        done = _run(childindex, home, county, SECOND, *more)
        assert done.returncode == 0, done.stderr
        assert said in done.stdout
        answers.append(published(childindex, home, SECOND, tmp_path / f"{name}_out"))
    assert answers[0] == answers[1]


def test_a_period_built_again_in_full_is_linked_anew(first_home, county, childindex, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(first_home, home, symlinks=True)
    for more, said in (((), "增量 incremental"), (("--full",), "全量 full (asked for)")):
        done = _run(childindex, home, county, SECOND, *more)
        assert done.returncode == 0, done.stderr
        assert said in done.stdout
