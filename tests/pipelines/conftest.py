"""An invented county and its published homes, made once for all tests of this folder."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.sample import DEFAULT, write

PERIODS = ("2026H1", "2026H2")


@pytest.fixture(scope="session")
def county(tmp_path_factory) -> Path:
    """Deliveries and truth of 1,200 children of Tianmen in two half-years."""
    out = tmp_path_factory.mktemp("county")
    declared = replace(DEFAULT, other_encoding=0.0)  # tests edit the files in the encoding that feeds declare
    write(out, jurisdiction="429006", children=1_200, periods=PERIODS, seed=5, faults=declared)
    return out


@pytest.fixture(scope="session")
def keys(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="session")
def childindex(keys):
    """Run the real command in a process of its own; gives the finished process with its output as text."""

    def call(*words: object, **more: str) -> subprocess.CompletedProcess[str]:
        import os

        return subprocess.run(
            [sys.executable, "-m", "pipelines.cli", *map(str, words)],
            capture_output=True,
            text=True,
            env={**os.environ, "CHILDINDEX_KEYS": str(keys), "COLUMNS": "160", **more},
        )

    return call


@pytest.fixture(scope="session")
def home(county, childindex, tmp_path_factory) -> Path:
    """A home with both half-years published; tests only read it."""
    home = tmp_path_factory.mktemp("home")
    for period in PERIODS:
        done = childindex(
            *("run", "--home", home, "--inbox", county / "inbox", "--jurisdiction", "429006", "--period", period)
        )
        assert done.returncode == 0, done.stderr
    return home
