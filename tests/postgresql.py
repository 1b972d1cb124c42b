"""A real PostgreSQL server for one test session, run as somebody without rights where we are root."""

import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import psycopg


def binaries():
    """The folder of the newest installed server's programs, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


def _somebody():
    """Who runs the server: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise RuntimeError("root, and neither postgres nor nobody to run a server as")


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def server(is_durable=False):
    """Start a server with an empty cluster; give the URL of its database, with a password.

    ``is_durable``: it waits for its disk, as in earnest.
    """
    folder, who, password = Path(tempfile.mkdtemp(prefix="pg")), _somebody(), secrets.token_hex(12)
    rights = {} if who is None else {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
    (folder / "password").write_text(password)
    if who is not None:
        for path in (folder, folder / "password"):
            os.chown(path, who.pw_uid, who.pw_gid)

    def run(program, *arguments):
        command = [str(binaries() / program), *arguments]
        subprocess.run(command, check=True, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **rights)

    data, port = str(folder / "data"), _free_port()
    try:
        run("initdb", "-D", data, "-U", "clerk", "-A", "scram-sha-256", f"--pwfile={folder / 'password'}", "-E", "UTF8")
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync={'on' if is_durable else 'off'}"
        run("pg_ctl", "-D", data, "-w", "-t", "60", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql+psycopg://clerk:{password}@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def execute(url, *statements):
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as con:
        for statement in statements:
            con.execute(statement)
