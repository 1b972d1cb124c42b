"""A small invented county in a published home, made once for this folder by the command's own machinery."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from connectors.sample import write
from pipelines.cli import commands

PERIODS = ("2026H1", "2026H2")


@pytest.fixture(scope="session")
def call(tmp_path_factory):
    """Run a command of childindex in this process; ``said`` is what is typed."""
    keys = str(tmp_path_factory.mktemp("keys"))

    def call(*words: object, said: str | None = None):
        runner = CliRunner(env={"CHILDINDEX_KEYS": keys})
        return runner.invoke(commands, list(map(str, words)), input=said, standalone_mode=False)

    return call


@pytest.fixture(scope="session")
def home(call, tmp_path_factory) -> Path:
    """Both half-years of 300 children of Tianmen, published. Tests read it, and may seal and record."""
    county, home = tmp_path_factory.mktemp("county"), tmp_path_factory.mktemp("home")
    write(county, jurisdiction="429006", children=300, periods=PERIODS, seed=11)
    for period in PERIODS:
        done = call(
            *("run", "--home", home, "--inbox", county / "inbox", "--jurisdiction", "429006", "--period", period)
        )
        assert not done.return_value, done.output
    return home
