"""The stores in SQLite and in a real PostgreSQL, so that every test of them runs on both."""

import os
import pwd
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

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
    init = [programs / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(init, user=user, check=True, capture_output=True, cwd=place)
    serve = [programs / "postgres", "-D", data, "-c", "listen_addresses=", "-k", str(place), "-F"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(serve, user=user, cwd=place, **quiet) as server:
        url = f"postgresql+psycopg://tester@/postgres?host={place}"
        _wait_for(url, server)
        yield url
        server.send_signal(signal.SIGQUIT)


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Return once the server answers; fail where it ends or takes half a minute."""
    engine = sa.create_engine(url)
    until = time.monotonic() + 30
    while True:
        try:
            engine.connect().close()
        except sa.exc.OperationalError:
            if server.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            engine.dispose()
            return


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
