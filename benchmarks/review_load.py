"""Fifty stewards at a queue of fifty thousand cases: how long from a verdict to the next case.

``python -m benchmarks.review_load``: invents a small county full of errors, publishes it, copies its cases many times
into one release, starts the review app as a process of its own, and answers as people do, with seconds of thought: once
with the stores in SQLite, once in a PostgreSQL server of its own that waits for its disk. At the end every acknowledged
verdict is in the store exactly once and the audit's chain holds, or it says so and fails.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import duckdb
import httpx2 as httpx
import numpy as np
import psutil
import sqlalchemy as sa

from stewardship.access import passwords
from tests import postgresql
from warehouse import releases
from warehouse.home import Home
from warehouse.stores import accounts, audit
from warehouse.stores.accounts import Account
from warehouse.stores.actors import Actor
from warehouse.stores.casework_tables import verdict
from warehouse.stores.engine import open_stores

COUNTY, PERIOD, PASSWORD = "429006", "2026H1", "correct-horse-9"
_ENTRY = ("entry_id", "left_entry_id", "right_entry_id", "case_id")
_PROFILE = ("profile_id", "left_profile", "right_profile", "cluster_id", "left_cluster", "right_cluster")
_SAME_FOR_ALL = ("pattern", "level_weight", "trained_model", "name")


@dataclass
class Tally:
    """What the stewards saw."""

    seconds: list[float] = field(default_factory=list)
    acknowledged: int = 0
    processor: float = 0.0  # seconds that the app took while they worked
    errors: list[str] = field(default_factory=list)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=50_000)
    parser.add_argument("--stewards", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--stores", nargs="+", choices=_STORES, default=_STORES)
    asked = parser.parse_args()
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made"
        _publish(Path(folder), made)
        cases = _multiply(made, asked.cases)
        for kind in asked.stores:
            home = Path(folder) / kind
            shutil.copytree(made, home, symlinks=True)
            os.sync()  # else the disk is still busy with it when the verdicts come
            with _stores(kind, home) as place:
                faults += _measure(kind, home, place, cases, asked)
    if faults:
        sys.exit("\n".join(faults))


_STORES = ("SQLite", "PostgreSQL")


@contextmanager
def _stores(kind: str, home: Path) -> Iterator[Path | str]:
    """Where a home's stores lie: in its folder, or in a server for this measurement, which it is told of."""
    if kind == "SQLite":
        yield Home.at(home).stores
        return
    with postgresql.server(is_durable=True) as url:
        with (home / "site.yaml").open("a", encoding="utf-8") as settings:
            settings.write(f"stores_url: {url}\n")
        yield url


def _measure(kind: str, home: Path, place: Path | str, cases: int, asked: argparse.Namespace) -> list[str]:
    """One app over these stores; gives what went wrong."""
    engine = open_stores(place)
    names = _hire(engine, asked.stewards)
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = subprocess.Popen([*_CHILDINDEX, "review", "--home", str(home), "--port", str(port)])
    try:
        tally = asyncio.run(_work(f"http://127.0.0.1:{port}", names, asked.seconds, psutil.Process(app.pid)))
    finally:
        app.terminate()
        app.wait(30)
    with engine.connect() as connection:
        given = connection.execute(sa.select(verdict.c.case_id).where(verdict.c.act == "give")).scalars().all()
    audited = audit.verify(audit.walk(engine))
    engine.dispose()
    p50, p95, p99 = np.percentile(tally.seconds, (50, 95, 99)) * 1000
    print(f"{kind}: {cases:,} cases, {asked.stewards} stewards, {asked.seconds:.0f} s")
    print(f"  {tally.acknowledged:,} verdicts; verdict to next: p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms")
    share = tally.processor / asked.seconds
    each = tally.processor / max(tally.acknowledged, 1) * 1000
    print(f"  the app's processor time: {each:.1f} ms a verdict to next, {share:.0%} of one core")
    print(f"  errors {len(tally.errors)}; in the store {len(given):,}, of {len(set(given)):,} cases")
    print(f"  audit: {audited.rows:,} rows, {len(audited.breaks)} breaks", flush=True)
    faults = [f"{kind}: {error}" for error in tally.errors[:1]]
    if len(given) != tally.acknowledged or len(set(given)) != len(given):
        faults.append(f"{kind}: acknowledged {tally.acknowledged}, kept {len(given)}")
    return faults + [f"{kind}: the audit's chain is broken" for _ in audited.breaks[:1]]


_CHILDINDEX = [sys.executable, "-m", "pipelines.cli"]


def _publish(folder: Path, home: Path) -> None:
    made = ("--children", "400", "--faults", "10", "--seed", "7", "--periods", PERIOD, "--out", str(folder / "county"))
    subprocess.run([*_CHILDINDEX, "sample", "--jurisdiction", COUNTY, *made], check=True)
    words = ("--home", str(home), "--inbox", str(folder / "county/inbox"), "--jurisdiction", COUNTY)
    subprocess.run([*_CHILDINDEX, "run", *words, "--period", PERIOD], check=True, capture_output=True)


def _multiply(home: Path, wanted: int) -> int:
    """Copy every row that a case is made of, with ids and natural keys of their own; return how many cases."""
    file = releases.folder(Home.at(home), releases.in_force(Home.at(home)).number) / f"{PERIOD}.duckdb"
    file.chmod(0o600)
    con = duckdb.connect(str(file))
    (cases,) = con.execute("select count(*) from link.review_case").fetchone() or (0,)
    copies = -(-wanted // cases)
    columns = con.execute(
        "select schema_name, table_name, list(column_name) from duckdb_columns() "
        "where schema_name in ('link', 'std', 'raw', 'core', 'care') group by all"
    ).fetchall()
    for room, table, names in columns:
        if table in _SAME_FOR_ALL or not set(names) & {*_ENTRY, *_PROFILE, "child_id"}:
            continue
        changed = [f"{name} + copy * 1000000 as {name}" for name in names if name in _ENTRY]
        changed += [f"{name} + (copy * 10000)::integer as {name}" for name in names if name in _PROFILE]
        if "child_id" in names:
            code = "".join(
                f"substr('abcdefghijklmnopqrstuvwxyz234567', (copy // {32**n}) % 32 + 1, 1) || " for n in range(3)
            )
            changed.append(f"left(child_id, 11) || {code}'' as child_id")
        if "key" in names and room in ("std", "raw"):
            changed.append("key || '/' || copy as key")
        con.execute(
            f"create or replace table {room}.{table} as select * exclude (copy) replace ({', '.join(changed)}) "
            f"from {room}.{table} cross join range({copies}) as copies(copy)"
        )
    con.close()
    return cases * copies


def _hire(engine: sa.Engine, many: int) -> list[str]:
    machine = Actor("os:load")
    kept = passwords.hashed(PASSWORD, "nobody")
    names = [f"clerk{number}" for number in range(many)]
    for name in names:
        accounts.add(engine, machine, Account(name, name, ("steward",), (COUNTY,)), "load")
        accounts.set_password(engine, machine, name, kept)
    return names


async def _work(address: str, names: list[str], seconds: float, app: psutil.Process) -> Tally:
    tally = Tally()
    clients = [httpx.AsyncClient(base_url=address, timeout=60.0) for _ in names]
    for _ in range(300):
        try:
            await clients[0].get("/login")
            break
        except httpx.TransportError:
            await asyncio.sleep(0.2)
    for client, name in zip(clients, names, strict=True):  # logged in beforehand, as on any morning
        await client.post("/login", data={"username": name, "password": PASSWORD})
    await clients[0].get("/cases")
    until, before = time.monotonic() + seconds, app.cpu_times()
    await asyncio.gather(*(_clerk(client, until, tally) for client in clients))
    after = app.cpu_times()
    tally.processor = after.user + after.system - before.user - before.system
    for client in clients:
        await client.aclose()
    return tally


async def _clerk(client: httpx.AsyncClient, until: float, tally: Tally) -> None:
    page = await client.get("/cases")
    page = await client.post("/cases/start", data=_hidden(page.text, "/start"), follow_redirects=True)
    while time.monotonic() < until:
        await asyncio.sleep(random.uniform(2.0, 4.0))  # noqa: S311  (a person's thought, no secret)
        fields = _hidden(page.text, "/answer") | {"answer": random.choice(("SAME", "DIFFERENT"))}  # noqa: S311
        action = re.search(r'action="(/cases/[^"]+/answer)"', page.text)
        if action is None:
            tally.errors.append(f"no question on the page, status {page.status_code}")
            return
        began = time.perf_counter()
        page = await client.post(action[1], data=fields, follow_redirects=True)
        tally.seconds.append(time.perf_counter() - began)
        if page.status_code != 200:
            tally.errors.append(f"status {page.status_code}")
            return
        tally.acknowledged += "said=" in str(page.url)


def _hidden(text: str, action: str) -> dict[str, str]:
    form = re.search(rf'<form[^>]*action="[^"]*{action}"[^>]*>(.*?)</form>', text, re.S)
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form[1] if form else "")
    return {name: unescape(value) for name, value in found}


if __name__ == "__main__":
    os.environ.setdefault("CHILDINDEX_KEYS", tempfile.mkdtemp())
    main()
