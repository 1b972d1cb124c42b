"""Every role from every county at every address, over HTTP: ``access/routes.yml`` says who, the cases file says how."""

import hashlib
import re
import secrets
import shutil
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from importlib import resources
from itertools import product
from pathlib import Path
from statistics import median
from time import process_time

import pytest
import yaml
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from stewardship import app, casefile, comparison
from stewardship.access import limits, login, passwords
from stewardship.comparison import NotParted
from stewardship.pages import bulk
from stewardship.visit import Bands
from tests.stewardship.conftest import COUNTY, PASSWORD, PERIOD
from warehouse.store import Warehouse
from warehouse.stores import accounts, claims, comparisons, grants, roles, sessions, verdicts
from warehouse.stores.accounts import Account
from warehouse.stores.actors import Actor
from warehouse.stores.comparisons import Comparison
from warehouse.stores.engine import now

HOST = "http://review"
MACHINE = Actor("os:tests")
_STEWARD = Actor("steward_own", frozenset({"steward"}), (COUNTY,))
PLACES = {"own": COUNTY, "elsewhere": "540102", "province": "420000"}
CASES = Path(__file__).parents[1] / "cases/stewardship/requests.yml"
REQUESTS = yaml.safe_load(CASES.read_text(encoding="utf-8"))["requests"]
ROUTES = yaml.safe_load((resources.files("stewardship.access") / "routes.yml").read_text(encoding="utf-8"))["routes"]
NOBODY = {"case_id": "10999999999", "child_id": "c" + "a" * 13, "one": "c" + "a" * 13}
"""Things that aren't there, by the place of an address that names one."""


def address(door) -> str:
    return f"{door.method} {door.path.replace(':number', '')}"


DOORS = {address(door): door for page in app._PAGES for door in page.doors()}
FORMS = [name for name, door in DOORS.items() if door.method == "POST"]
LISTS = [name for name, door in DOORS.items() if door.method == "GET" and ROUTES[door.name]["of"] == "list"]
COUNTYS = [name for name, door in DOORS.items() if ROUTES[door.name]["of"] == "county"]
EVERYBODYS = [name for name, door in DOORS.items() if ROUTES[door.name]["to"] == "everyone"]


class Town:
    """The app over one release with an account of every role in every place, and things of the one county alone."""

    def __init__(self, house):
        self.stores = house.stores
        self.made = app.make(house, COUNTY, Bands(0.0, 4.0), lambda words: None)
        self.site = self.made.state.site
        self.client = TestClient(self.made, base_url=HOST, follow_redirects=False).__enter__()
        self._sessions = {}
        for role, (place, code) in product(roles.load(), PLACES.items()):
            self.add(f"{role}_{place}", (role,), code)
        self.lines = [line for line in self.book.lines if line.counties == {COUNTY}]
        self.things = self._things()

    @property
    def book(self):
        return self.site.shelf.shown().book

    def add(self, username, held, code):
        accounts.add(self.stores, MACHINE, Account(username, username, held, (code,)), "for the tests")

    def _things(self):
        case, *others = (self.book.case(line.case_id) for line in self.lines if line.clusters == 2)
        con = self.site.shelf.shown().cursor()
        rows = con.execute(
            "select child_id, name from core.child join care.migrant_status using (child_id) "
            "where list_distinct(hukou_codes || residence_codes) = [?] and length(name) >= 2 and entries > 2 "
            "order by child_id limit 40",
            [COUNTY],
        ).fetchall()
        try:
            (one, name), other = (
                rows[0],
                next(
                    child
                    for child, _ in rows[1:]
                    if comparison.between(self.site.shelf.shown().cursor(), PERIOD, rows[0][0], child, self.site.seal)
                ),
            )
        finally:
            con.close()
        return {
            "period": PERIOD,
            "visit_id": "999999",
            "case_id": str(case.line.case_id),
            "child_id": one,
            "one": one,
            "other": other,
            "name": name,
            "part": self._part(one),
            "link": str(next(number for number, row in self.book.links.items() if set(row["codes"]) == {COUNTY})),
            "grant": str(grants.request(self.stores, _STEWARD, (COUNTY,), 60, "核对")),
            "group": self._group(),
            "batch": self._batch(others),
        }

    def _part(self, child):
        """The number of the question whether one entry of a child is another's."""
        con = self.site.shelf.shown().cursor()
        entries = con.execute(
            "select feed, table_name, key from link.entry_child join std.entry using (entry_id) where child_id = ?",
            [child],
        ).fetchall()
        for entry in entries:
            with suppress(NotParted):
                case = comparison.within(self.site.shelf.shown().cursor(), PERIOD, child, (entry,), self.site.seal)
                comparisons.keep(self.stores, _STEWARD, Comparison(case.line.case_id, child, None, (entry,)))
                return str(-case.line.case_id)
        raise AssertionError("no entry of the child can be told apart")

    def _group(self):
        """A group of one case, in a county as small as this."""
        page = self.get("steward_own", "/bulk")
        return re.search(r'href="/bulk/([0-9a-f]{12})"', page.text)[1]

    def _batch(self, cases):
        case = next(case for case in cases if len(casefile.assemble(self.book, case).questions) == 1)
        batch = "b1" * 16
        judged = casefile.judgements(case, casefile.assemble(self.book, case, "d").answered)
        given = {verdicts.Case(PERIOD, case.line.case_id, "facts"): judged}
        done = verdicts.give_many(self.stores, _STEWARD, given, batch=batch, model_version="1", reason="同一比对")
        assert all(outcome.is_written for outcome in done.values())
        return batch

    def enter(self, username, **more):
        """A session as the login begins one; passwords are another test's."""
        token = secrets.token_urlsafe(32)
        begun = sessions.begin(self.stores, username, hashlib.sha256(token.encode()).hexdigest(), **more)
        return login.LoggedIn(token, begun, accounts.get(self.stores, username))

    def session(self, username):
        if username not in self._sessions:
            self._sessions[username] = self.enter(username)
        return self._sessions[username]

    def get(self, username, path, **headers):
        return self._send("GET", path, {}, self.session(username), headers)

    def ask(self, name, who=None, things=None, headers=None, **fields):
        """One request as the cases file has it: of who is logged in, or of nobody."""
        door, things = DOORS[name], self.things | (things or {})
        path = re.sub(r"\{(\w+)(:number)?\}", lambda found: things[found[1]], door.path)
        form = {field: str(value).format(**things) for field, value in REQUESTS[name].get("form", {}).items()}
        return self._send(door.method, path, form | fields, who, headers or {})

    def _send(self, method, path, form, who, headers):
        cookies = f"session={who.token}" if who else ""
        data = {"csrf": who.csrf_token} | form if who else form
        self.client.cookies.clear()
        sent = {"cookie": cookies} | headers
        if method == "GET":
            return self.client.get(path, headers=sent)
        return self.client.post(path, data=data, headers=sent)


@pytest.fixture(scope="module")
def town(published, keys, tmp_path_factory):
    home = tmp_path_factory.mktemp("town") / "home"
    shutil.copytree(published, home, symlinks=True)
    patch = pytest.MonkeyPatch()
    patch.setenv("CHILDINDEX_KEYS", str(keys))
    patch.setattr(bulk, "LEAST_GROUP", 1)  # this county is small
    passwords._nobodys.cache_clear()
    patch.setattr(passwords, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    with Warehouse(home) as house:
        made = Town(house)
        yield made
        made.client.__exit__(None, None, None)
    patch.undo()
    passwords._nobodys.cache_clear()


def expected(name, role, place):
    route, request = ROUTES[DOORS[name].name], REQUESTS[name]
    if not isinstance(route["to"], str) and role not in route["to"]:
        return 403
    if place == "elsewhere" and route["of"] == "county":
        return 404
    return request.get("elsewhere", request["gets"]) if place == "elsewhere" else request["gets"]


def test_every_address_has_its_row():
    assert set(REQUESTS) == set(DOORS)
    assert {door.name for door in DOORS.values()} | {"static"} == set(ROUTES)


def test_static_files_are_everybodys(town):
    assert town.client.get("/static/app.css").status_code == 200


@pytest.mark.parametrize("name", DOORS)
def test_every_role_from_every_county_gets_what_the_table_says(town, name):
    found = {}
    for role, place in product(roles.load(), PLACES):
        username = f"{role}_{place}"
        who = town.enter(username) if DOORS[name].name == "logout" else town.session(username)
        found[role, place] = town.ask(name, who).status_code
    assert found == {(role, place): expected(name, role, place) for role, place in found}


@pytest.mark.parametrize("name", COUNTYS)
def test_a_thing_of_another_county_is_as_if_it_were_not_there(town, name):
    role = ROUTES[DOORS[name].name]["to"][0]
    who = town.session(f"{role}_elsewhere")
    hidden, missing = town.ask(name, who), town.ask(name, who, NOBODY)
    assert hidden.status_code == missing.status_code == 404
    text = hidden.text
    for place, nobody in NOBODY.items():
        text = text.replace(town.things[place], nobody)
    assert text == missing.text
    assert dict(hidden.headers) | {"content-length": ""} == dict(missing.headers) | {"content-length": ""}


@pytest.mark.parametrize("name", ["GET /cases/{period}/{case_id}", "GET /children/{child_id}"])
def test_a_thing_of_another_county_takes_as_long_as_one_that_is_not_there(town, name):
    who, seconds = town.session("steward_elsewhere"), {"hidden": [], "missing": []}
    for _ in range(30):
        for kind, things in (("hidden", None), ("missing", NOBODY)):
            began = process_time()
            town.ask(name, who, things)
            seconds[kind].append(process_time() - began)
    hidden, missing = (median(seconds[kind]) for kind in ("hidden", "missing"))
    assert 0.6 < hidden / missing < 1.7


@pytest.mark.parametrize("name", LISTS)
def test_lists_hold_nothing_of_another_county(town, name):
    cases = {str(line.case_id) for line in town.lines}
    for role in (role for role in roles.load() if role in ROUTES[DOORS[name].name]["to"]):
        text = town.ask(name, town.session(f"{role}_elsewhere")).text
        assert not cases & set(re.findall(r"\d{11}", text.replace(" ", "")))
        assert town.things["child_id"] not in text
        assert not re.findall(rf'value="{COUNTY}\d*"', text)


@pytest.mark.parametrize("place", PLACES)
def test_counts_and_choices_are_of_the_places_of_the_account(town, place):
    prefix = {"own": COUNTY, "elsewhere": "540102", "province": "42"}[place]
    page = town.get(f"approver_{place}", "/cases?state=open").text
    is_whole = place != "elsewhere"  # who covers the jurisdiction sees also those none of whose counties lies in it
    stray = {line.case_id for line in town.book.lines if is_whole and COUNTY not in line.counties}
    waiting = {line.case_id for line in town.book.lines if any(c.startswith(prefix) for c in line.counties)} | stray
    counted = dict(re.findall(r"state=(\w+)[^>]*>[^<]* <b>([\d,]+)</b>", page))
    assert int(counted["open"].replace(",", "")) + int(counted["closed"].replace(",", "")) == len(waiting)
    choices = re.findall(r'<option value="(\d{6,})"', page)
    beside = {code for line in town.book.lines if line.case_id in stray for code in line.counties}
    assert all(choice.startswith(prefix) or choice[:6] in beside for choice in choices)
    by_county = Counter(code for line in town.book.lines for code in line.counties if code.startswith(prefix))
    for code in {choice for choice in choices if len(choice) == 6}:
        listed = town.get(f"approver_{place}", f"/cases?state=open&county={code}").text
        (of_county,) = re.findall(r"state=open[^>]*>[^<]* <b>([\d,]+)</b>", listed)
        assert 0 <= by_county[code] - int(of_county.replace(",", "")) <= 1  # one may be answered: the batch's


@pytest.mark.parametrize(("place", "is_found"), [("own", True), ("elsewhere", False), ("province", True)])
def test_search_finds_the_places_of_the_account(town, place, is_found):
    page = town.ask("POST /search", town.session(f"steward_{place}"))
    assert (town.things["child_id"] in page.text) is is_found


def test_two_children_are_compared_by_who_may_see_both(town):
    con = town.site.shelf.shown().cursor()
    query = "select child_id, hukou_codes[1] from care.migrant_status where hukou_codes[1] not like '42%' order by all"
    child, home_county = con.execute(query).fetchone()
    con.close()
    town.add("hukou", ("steward",), home_county)
    who = town.session("hukou")
    assert town.ask("GET /children/{child_id}", who, {"child_id": child}).status_code == 200
    for both in ({"one": child}, {"other": child}, {"one": child, "other": town.things["one"]}):
        assert town.ask("GET /children/{one}/with/{other}", who, both).status_code == 404


def test_without_a_session_all_but_the_door_leads_to_the_login(town):
    for name, door in DOORS.items():
        answer = town.ask(name)
        if name in EVERYBODYS:
            assert answer.status_code == REQUESTS[name]["gets"], name
        else:
            assert answer.status_code == 303, name
            assert answer.headers["location"].startswith("/login"), name
            assert door.method == "POST" or "back=" in answer.headers["location"], name


@pytest.mark.parametrize("token", ["", "0" * 64])
def test_no_form_is_taken_without_the_sessions_token(town, token):
    who = town.session("steward_own")
    assert {name: town.ask(name, who, csrf=token).status_code for name in FORMS} == dict.fromkeys(FORMS, 403)


@pytest.mark.parametrize("headers", [{"origin": "http://elsewhere"}, {"host": "elsewhere", "origin": HOST}])
def test_no_form_is_taken_from_another_host(town, headers):
    who = town.session("steward_own")
    assert {name: town.ask(name, who, headers=headers).status_code for name in FORMS} == dict.fromkeys(FORMS, 403)


def test_the_host_that_a_request_names_is_on_no_page_and_in_no_redirect(town):
    who = town.session("steward_province")
    for name in (name for name, door in DOORS.items() if door.method == "GET"):
        answer = town.ask(name, who, headers={"host": "elsewhere.example"})
        assert "elsewhere.example" not in answer.text, name
        assert answer.headers.get("location", "/").startswith("/"), name


def _left_out(town, username, **more):
    """What every address answers to a session of its own that is no longer one, or not yet."""
    return {name: town.ask(name, town.enter(username, **more)) for name in DOORS}


def _lead_to(answers, path, served):
    for name, answer in answers.items():
        if name in served:
            assert answer.status_code == REQUESTS[name]["gets"], name
        else:
            assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, path), name


def test_a_disabled_account_is_nobody_at_every_address(town):
    town.add("gone", ("steward",), COUNTY)
    accounts.change(town.stores, MACHINE, "gone", "left", is_disabled=True)
    _lead_to(_left_out(town, "gone"), "/login", EVERYBODYS)


def test_a_session_older_than_the_longest_time_is_nobody_at_every_address(town, monkeypatch):
    later = timedelta(hours=limits.load().session_hours)
    monkeypatch.setattr(login, "now", lambda: now() + later)
    _lead_to(_left_out(town, "steward_own"), "/login", EVERYBODYS)


def test_an_idle_session_is_locked_at_every_address_but_the_door(town, monkeypatch):
    later = timedelta(minutes=limits.load().idle_minutes)
    monkeypatch.setattr(login, "now", lambda: now() + later)
    unlocked = [name for name, door in DOORS.items() if ROUTES[door.name].get("locked")]
    _lead_to(_left_out(town, "steward_own"), "/unlock", unlocked)


def test_a_password_that_somebody_else_knows_opens_no_address_but_that_of_another(town):
    unchanged = [name for name, door in DOORS.items() if ROUTES[door.name].get("unchanged")]
    _lead_to(_left_out(town, "steward_own", must_change=True), "/account/password", [*EVERYBODYS, *unchanged])


def test_after_some_failures_the_right_password_waits_too(town):
    town.add("locked", ("steward",), COUNTY)
    accounts.set_password(town.stores, MACHINE, "locked", passwords.hashed(PASSWORD, "locked"))
    for _ in range(limits.load().failures_allowed):
        assert town.ask("POST /login", username="locked", password="wrong-horse-9").status_code == 401
    refused = town.ask("POST /login", username="locked", password=PASSWORD)
    assert refused.status_code == 401
    assert "session" not in refused.cookies


def test_nothing_of_all_this_made_anything_of_the_county_somebody_elses(town):
    """Last: whatever was sent from elsewhere, no claim and no verdict came of it."""
    mine = {line.case_id for line in town.lines}
    held = {claim.steward for claim in claims.read(town.stores, PERIOD) if claim.case_id in mine}
    given = {act.steward for case_id in mine for act in verdicts.of_case(town.stores, PERIOD, case_id)}
    assert held
    assert given
    assert not {steward for steward in held | given if steward.endswith("_elsewhere")}
