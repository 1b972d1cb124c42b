"""An invented county full of errors, published once; each test gets the review app over a copy of its home."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pyotp
import pytest
from starlette.testclient import TestClient

from connectors.sample import DEFAULT, write
from stewardship import app
from stewardship.access import passwords, second_factor
from stewardship.visit import Bands
from tests import postgresql
from tests.stewardship import browser
from warehouse.store import Warehouse
from warehouse.stores import accounts
from warehouse.stores.accounts import Account
from warehouse.stores.actors import Actor

COUNTY, PERIOD = "429006", "2026H1"
PASSWORD = "correct-horse-9"
PEOPLE = {  # username: roles, counties
    "zhang": (("steward",), (COUNTY,)),
    "wang": (("steward",), (COUNTY,)),
    "li": (("steward", "approver"), (COUNTY,)),
    "chen": (("approver",), (COUNTY,)),
    "bei": (("steward",), ("110000",)),
    "fen": (("analyst",), (COUNTY,)),
    "yun": (("operator",), (COUNTY,)),
    "shen": (("auditor",), (COUNTY,)),
}


@pytest.fixture(scope="session")
def keys(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="session")
def inbox(tmp_path_factory) -> Path:
    """What departments deliver of 400 children, ten times as faulty as is usual, so that there is much to decide."""
    out = tmp_path_factory.mktemp("county")
    write(out, jurisdiction=COUNTY, children=400, periods=(PERIOD,), seed=7, faults=DEFAULT.scaled(10))
    return out / "inbox"


@pytest.fixture(scope="session")
def run_period(inbox, keys):
    """Run the half-year in a home, as the operator does."""

    def run(home: Path) -> None:
        words = ("run", "--home", home, "--inbox", inbox, "--jurisdiction", COUNTY, "--period", PERIOD)
        environment = {**os.environ, "CHILDINDEX_KEYS": str(keys)}
        done = subprocess.run(
            [sys.executable, "-m", "pipelines.cli", *map(str, words)], capture_output=True, text=True, env=environment
        )
        assert done.returncode == 0, done.stderr

    return run


@pytest.fixture(scope="session")
def published(run_period, keys, tmp_path_factory) -> Path:
    """A home with the half-year published and accounts; tests work on copies of it.

    Its key is always the same, so that cases have the same numbers, and tests find the same ones.
    """
    home = tmp_path_factory.mktemp("published") / "home"
    home.mkdir()
    (home / "home_id").write_text("0" * 16, encoding="ascii")
    (keys / ("0" * 16)).mkdir(mode=0o700)
    (keys / ("0" * 16) / "token.key").write_text("a" * 64, encoding="ascii")
    (keys / ("0" * 16) / "token.key").chmod(0o600)
    run_period(home)
    with Warehouse(home) as house:
        _hire(house.stores)
    return home


@pytest.fixture(scope="session")
def published_beside(run_period, inbox, postgresql_url, tmp_path_factory) -> tuple[Path, str]:
    """The same with the stores in PostgreSQL: the home, and its database, to be copied."""
    postgresql.execute(postgresql_url, "create database published")
    home, url = tmp_path_factory.mktemp("beside") / "home", f"{postgresql_url.removesuffix('/postgres')}/published"
    home.mkdir()
    settings = f'jurisdiction: "{COUNTY}"\ninbox: {inbox}\nstores_url: {url}\n'
    (home / "site.yaml").write_text(settings, encoding="utf-8")
    run_period(home)
    with Warehouse(home, stores=url) as house:
        _hire(house.stores)
    return home, url


@pytest.fixture
def stores_beside(published_beside, postgresql_url) -> str:
    """The URL of a copy of that database."""
    _, url = published_beside
    postgresql.execute(
        postgresql_url, "drop database if exists reviewed with (force)", "create database reviewed template published"
    )
    return url.replace("/published", "/reviewed")


@pytest.fixture
def home_beside(published_beside, stores_beside, tmp_path) -> Path:
    """A copy of that home over that copy."""
    home, url = published_beside
    copy = tmp_path / "home"
    shutil.copytree(home, copy, symlinks=True)
    settings = copy / "site.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace(url, stores_beside), encoding="utf-8")
    return copy


def _hire(stores) -> None:
    machine = Actor("os:tests")
    for username, (roles, counties) in PEOPLE.items():
        accounts.add(stores, machine, Account(username, username.title(), roles, counties), "for the tests")
        accounts.set_password(stores, machine, username, passwords.hashed(PASSWORD, username))


@pytest.fixture
def home(published, tmp_path) -> Path:
    copy = tmp_path / "home"
    shutil.copytree(published, copy, symlinks=True)
    return copy


@pytest.fixture
def house(home, keys, monkeypatch):
    monkeypatch.setenv("CHILDINDEX_KEYS", str(keys))
    with Warehouse(home) as house:
        yield house


@pytest.fixture
def review(house):
    """The app itself, and browsers without a screen for as many people as a test has."""
    return Review(house, app.make(house, COUNTY, Bands(0.0, 4.0), lambda words: None))


@dataclass
class Review:
    house: Warehouse
    app: object

    def enter(self, username: str) -> "Clerk":
        client = TestClient(self.app, base_url="http://review", follow_redirects=False)
        given = {"username": username, "password": PASSWORD, "code": self._code(username)}
        done = client.post("/login", data=given)
        assert done.status_code == 303, done.text
        return Clerk(client, username)

    def _code(self, username: str) -> str:
        """A one-time code, for accounts that log in with one too."""
        account = accounts.get(self.house.stores, username)
        if not account.needs_second_factor:
            return ""
        key = self.app.state.site.key
        return pyotp.TOTP(second_factor.hand_out(self.house.stores, Actor("os:tests"), key, username).secret).now()

    @property
    def shown(self):
        return self.app.state.site.shelf.shown()


@dataclass
class Clerk:
    """Somebody in front of the app: opens pages, sends their forms."""

    client: TestClient
    username: str

    def open(self, path: str):
        return self.client.get(path)

    def send(self, page, action: str, **fields: str):
        """Send the first form of a page whose action ends so, with its hidden fields."""
        url, given = self.form(page, action, **fields)
        return self.client.post(url, data=given)

    def form(self, page, action: str, **fields: str):
        for found in re.finditer(r'<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>', page.text, re.S):
            if found[1].endswith(action):
                hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', found[2])
                return unescape(found[1]), {name: unescape(value) for name, value in hidden} | fields
        raise AssertionError(f"no form {action} on the page")

    def start(self):
        """Claim the first case; gives its page."""
        started = self.send(self.open("/cases"), "/start")
        assert started.status_code == 303
        return self.open(started.headers["location"])


@pytest.fixture(scope="module")
def chromium():
    """A browser for a module's tests."""
    with browser.chromium() as opened:
        yield opened


@pytest.fixture
def address(home, keys):
    """Where the app is served, as a process of its own."""
    with browser.served(home, keys) as address:
        yield address
