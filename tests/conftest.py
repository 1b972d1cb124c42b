"""Settings of all tests, and the stores in SQLite and in a real PostgreSQL, so that tests of them run on both."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import settings

from tests import postgresql
from warehouse.stores.engine import open_stores

settings.register_profile("unhurried", deadline=None)  # a first call imports; other work on the machine is no fault
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A real PostgreSQL server for the session."""
    if postgresql.binaries() is None:
        if os.environ.get("CI"):
            pytest.fail("No PostgreSQL server here. On Debian: apt-get install postgresql")
        pytest.skip("No PostgreSQL server here. On Debian: apt-get install postgresql")
    with postgresql.server() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where stores lie: a folder, or the URL of an empty database."""
    if request.param == "sqlite":
        return tmp_path / "stores"
    url: str = request.getfixturevalue("postgresql_url")
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("drop schema public cascade; create schema public")
    engine.dispose()
    return url


@pytest.fixture
def stores(place: Path | str) -> Iterator[sa.Engine]:
    """Empty stores."""
    engine = open_stores(place)
    yield engine
    engine.dispose()
