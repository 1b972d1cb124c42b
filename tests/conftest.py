"""Settings of all tests, and the stores in SQLite and in a real PostgreSQL, so that tests of them run on both."""

import os
import shutil
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
def dialect(request: pytest.FixtureRequest) -> str:
    """Which database holds the stores."""
    kind: str = request.param
    return kind


@pytest.fixture
def place(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where stores lie: a folder, or the URL of an empty database."""
    if dialect == "sqlite":
        return tmp_path / "stores"
    url: str = request.getfixturevalue("postgresql_url")
    postgresql.execute(url, "drop schema public cascade", "create schema public")
    return url


@pytest.fixture(scope="session")
def made_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Empty stores in SQLite, made once: a test gets a copy."""
    folder = tmp_path_factory.mktemp("made")
    open_stores(folder).dispose()
    return folder / "operations.db"


@pytest.fixture(scope="session")
def made_database(postgresql_url: str) -> str:
    """The name of a database with empty stores, made once: a test gets a copy."""
    postgresql.execute(postgresql_url, "create database made")
    open_stores(_of(postgresql_url, "made")).dispose()
    return "made"


@pytest.fixture
def stores(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """Empty stores."""
    if dialect == "sqlite":
        folder = tmp_path / "stores"
        folder.mkdir()
        shutil.copy(request.getfixturevalue("made_file"), folder)
        engine = open_stores(folder)
        yield engine
        engine.dispose()
        return
    url: str = request.getfixturevalue("postgresql_url")
    made = request.getfixturevalue("made_database")
    postgresql.execute(url, "drop database if exists copied with (force)", f"create database copied template {made}")
    engine = open_stores(_of(url, "copied"))
    yield engine
    engine.dispose()


def _of(url: str, database: str) -> str:
    return f"{url.removesuffix('/postgres')}/{database}"
