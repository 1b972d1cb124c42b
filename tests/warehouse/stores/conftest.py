"""The stores in SQLite and in a real PostgreSQL, so that every test of them runs on both."""

import os
import pwd
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from warehouse.stores import tables
from warehouse.stores.engine import open_stores


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a PostgreSQL server on a socket of its own, as an unprivileged user where we are root."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        if os.environ.get("CI"):
            pytest.fail("No PostgreSQL server here. On Debian: apt-get install postgresql")
        pytest.skip("No PostgreSQL server here. On Debian: apt-get install postgresql")
    programs = found[-1].parent
    place = tmp_path_factory.mktemp("postgresql")
    user = "postgres" if os.getuid() == 0 else None
    if user:
        for folder in (place, *list(place.parents)[:2]):
            folder.chmod(0o755)
        os.chown(place, pwd.getpwnam(user).pw_uid, -1)
    data = str(place / "data")
    quiet = {"user": user, "check": True, "capture_output": True, "cwd": place}
    subprocess.run([programs / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync"], **quiet)
    options = f"-c listen_addresses= -k {place} -F"
    start = [programs / "pg_ctl", "-D", data, "-w", "-l", str(place / "log"), "-o", options, "start"]
    subprocess.run(start, user=user, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=place)
    try:
        yield f"postgresql+psycopg://tester@/postgres?host={place}"
    finally:
        subprocess.run([programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **quiet)


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


@pytest.fixture
def signed_tables() -> tuple[sa.Table, ...]:
    """Tables whose rows nobody may change."""
    return tables.SIGNED
