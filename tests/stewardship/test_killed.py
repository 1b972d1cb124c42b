"""The app killed while people work: whatever it acknowledged is there exactly once, and the audit's chain holds.

Real processes, real clients; a form whose answer didn't come is sent again when the app is back, as a browser does.
"""

import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from html import unescape

import httpx2 as httpx
import pytest
import sqlalchemy as sa

from tests.stewardship.conftest import PASSWORD
from warehouse.home import Home
from warehouse.stores import audit
from warehouse.stores.access_tables import audit as audit_table
from warehouse.stores.casework_tables import verdict
from warehouse.stores.engine import open_stores
from warehouse.stores.tables import decision

pytestmark = pytest.mark.slow
DEATHS = 20
STEWARDS = ("zhang", "wang", "li")
_SECONDS = 60  # a machine that does other things too is slow to answer


class Served:
    """The app of one home, started and killed as often as wanted."""

    def __init__(self, home, keys):
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        words = [sys.executable, "-m", "tests.stewardship.served", str(home), str(port)]
        environment = {**os.environ, "CHILDINDEX_KEYS": str(keys)}
        self._nursery = subprocess.Popen(
            words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._server = 0

    def start(self):
        self._nursery.stdin.write("\n")
        self._nursery.stdin.flush()
        self._server = int(self._nursery.stdout.readline())
        until = time.monotonic() + _SECONDS
        while time.monotonic() < until:
            with contextlib.suppress(httpx.TransportError):
                return httpx.get(f"{self.address}/login", timeout=_SECONDS).raise_for_status()
            time.sleep(0.02)
        raise AssertionError("the app didn't answer")

    def kill(self):
        os.kill(self._server, signal.SIGKILL)
        assert int(self._nursery.stdout.readline()) == self._server

    def close(self):
        self._nursery.stdin.close()
        self._nursery.wait(_SECONDS)


class Clerk:
    """Answers cases and takes answers back, one form after another; keeps what was acknowledged."""

    def __init__(self, address, username):
        self.client = httpx.Client(base_url=address, timeout=_SECONDS)
        done = self.client.post("/login", data={"username": username, "password": PASSWORD})
        assert done.status_code == 303, done.text
        self.kept: dict[str, str] = {}  # act by the form's key
        self.under_way: tuple[str, dict[str, str]] | None = None
        self.died = 0

    def work(self):
        """Go on until the app is gone."""
        try:
            if self.under_way:
                self._send(*self.under_way)
            while True:
                self._one()
        except httpx.TransportError:
            self.died += self.under_way is not None

    def _one(self):
        begun = self._post(self.client.get("/cases"), "/start")
        page = self.client.get(begun.headers["location"])
        while page.status_code == 200 and "/answer" in page.text:
            form = _form(page, "/answer")
            if form is None:
                break
            answered = self._send(form[0], form[1] | {"answer": random.choice(("SAME", "DIFFERENT"))})
            if answered.status_code == 200:
                page = answered  # another question of the case
                continue
            if answered.status_code != 303:
                self._post(answered, "/skip")
                return
            page = self.client.get(answered.headers["location"])
            if random.random() < 0.7 and (form := _form(page, "/undo")):
                page = self.client.get(self._send(*form).headers.get("location", "/cases"))
        if form := _form(page, "/undo"):
            self._send(*form)

    def _send(self, url, fields):
        """Send a form that writes: until it is answered it is under way."""
        self.under_way = (url, fields)
        answer = self.client.post(url, data=fields)
        self.under_way = None
        assert answer.status_code in (200, 303, 409), answer.text
        if answer.status_code == 303 and re.search(r"said=(saved|waits|undone)", answer.headers["location"]):
            self.kept[fields["key"]] = "undo" if url.endswith("/undo") else "give"
        return answer

    def _post(self, page, action):
        url, fields = _form(page, action)
        return self.client.post(url, data=fields)


def _form(page, action):
    for found in re.finditer(r'<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>', page.text, re.S):
        if found[1].endswith(action):
            hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', found[2])
            return unescape(found[1]), {name: unescape(value) for name, value in hidden}
    return None


@pytest.fixture
def place(dialect, request):
    """A home, and where its stores are."""
    if dialect == "sqlite":
        home = request.getfixturevalue("home")
        return home, Home.at(home).stores
    return request.getfixturevalue("home_beside"), request.getfixturevalue("stores_beside")


def test_killed_at_any_moment_the_app_loses_and_doubles_nothing(place, keys):
    home, where = place
    stores = open_stores(where)
    app = Served(home, keys)
    try:
        app.start()
        clerks = [Clerk(app.address, username) for username in STEWARDS]
        for death in range(DEATHS):
            workers = [threading.Thread(target=clerk.work) for clerk in clerks]
            enough = _written(stores) + random.randint(1, 6)
            for worker in workers:
                worker.start()
            until = time.monotonic() + _SECONDS
            while _written(stores) < enough and time.monotonic() < until:
                time.sleep(0.01)
            time.sleep(random.uniform(0, 0.1))
            app.kill()
            for worker in workers:
                worker.join(_SECONDS)
            app.start()
            _check(stores, clerks, f"after death {death + 1}")
        for clerk in clerks:
            if clerk.under_way:
                clerk._send(*clerk.under_way)
        _check(stores, clerks, "at the end")
        app.kill()
    finally:
        app.close()
        stores.dispose()
    assert sum(clerk.died for clerk in clerks) >= DEATHS / 2  # forms were under way when it died
    assert {act for clerk in clerks for act in clerk.kept.values()} == {"give", "undo"}


def _written(stores) -> int:
    with stores.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(verdict)).scalar_one()


def _check(stores, clerks, when):
    """Every acknowledged form is one act, every act is whole, and the audit tells of each once."""
    with stores.connect() as connection:
        acts = connection.execute(sa.select(verdict).order_by(verdict.c.id)).mappings().all()
        made = Counter(connection.execute(sa.select(decision.c.verdict_id)).scalars())
        told = connection.execute(
            sa.select(audit_table.c.act).where(audit_table.c.act.startswith("verdict "))
        ).scalars()
        told = Counter(told)
    by_key = {act["idempotency_key"]: act for act in acts}
    for clerk in clerks:
        for key, act in clerk.kept.items():
            assert by_key[key]["act"] == act, when
    for act in acts:
        if act["act"] == "give":
            assert made[act["id"]] == (0 if act["second_because"] else len(act["judgements"])), when
    assert told == Counter(f"verdict {act['act']}" for act in acts), when
    assert len(by_key) == len(acts), when
    found = audit.verify(audit.walk(stores))
    assert found.breaks == (), when
