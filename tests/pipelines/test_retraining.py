"""The linkage model holds from period to period; a new version waits until an operator has seen what it moves."""

import json
import shutil
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
FIRST, SECOND = "2026H1", "2026H2"


@pytest.fixture
def own_home(home, tmp_path):
    """A copy of the published home that the test may change."""
    copy = tmp_path / "home"
    shutil.copytree(home, copy, symlinks=True)
    return copy


def _version(home: Path, period: str) -> str:
    return json.loads((home / "published" / "release.json").read_text())["periods"][period]["model_version"]


def test_the_second_period_scores_by_the_version_of_the_first(home):
    assert _version(home, SECOND) == _version(home, FIRST)
    assert f"/{FIRST}/" in _version(home, FIRST)


def test_a_new_version_waits_for_an_operator_and_then_holds(own_home, childindex):
    held = _version(own_home, SECOND)
    stopped = childindex("run", "--home", own_home, "--period", SECOND, "--retrain")
    assert stopped.returncode == 3, stopped.stderr
    assert "children merged" in stopped.stderr
    assert "--feed link --table level_weight" in stopped.stderr
    assert _version(own_home, SECOND) == held
    accepted = ("--feed", "link", "--table", "level_weight", "--reason", "seen")
    assert childindex("accept", "--home", own_home, "--period", SECOND, *accepted).returncode == 0
    done = childindex("run", "--home", own_home, "--period", SECOND, "--retrain")
    assert done.returncode == 0, done.stderr
    trained = _version(own_home, SECOND)
    assert f"/{SECOND}/" in trained
    assert _version(own_home, FIRST) == held
    again = childindex("run", "--home", own_home, "--period", SECOND)  # nobody asks for another: it stays
    assert again.returncode == 0, again.stderr
    assert _version(own_home, SECOND) == trained
