"""Small invented counties, written once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.sample import SampleSummary, write

PERIODS = ("2026H1", "2026H2")


@pytest.fixture(scope="session")
def tianmen(tmp_path_factory: pytest.TempPathFactory) -> SampleSummary:
    """A county of 2,500 children over two periods."""
    out: Path = tmp_path_factory.mktemp("tianmen")
    return write(out, jurisdiction="429006", children=2500, periods=PERIODS, seed=7)


@pytest.fixture(scope="session")
def lhasa(tmp_path_factory: pytest.TempPathFactory) -> SampleSummary:
    """A prefecture of 1,200 children, one period."""
    out: Path = tmp_path_factory.mktemp("lhasa")
    return write(out, jurisdiction="540100", children=1200, periods=["2026H1"], seed=7)
