"""An entrusted organisation's people see the children assigned to them, while they are, and nothing else."""

from datetime import timedelta

import duckdb
import pytest

from stewardship.access import passwords
from tests.stewardship.conftest import COUNTY, PASSWORD, PERIOD
from warehouse import clock
from warehouse.stores import accounts, audit, entrusted, visits
from warehouse.stores.accounts import Account
from warehouse.stores.actors import Actor
from warehouse.stores.entrusted import Entrusted


@pytest.fixture
def hua(review):
    """Somebody of an entrusted organisation."""
    machine, ends = Actor("os:tests"), clock.today() + timedelta(days=90)
    made = Account("hua", "Hua", ("collector",), (COUNTY,), organisation="社工站", expires_on=ends)
    accounts.add(review.house.stores, machine, made, "for the tests")
    accounts.set_password(review.house.stores, machine, "hua", passwords.hashed(PASSWORD, "hua"))
    return review.enter("hua")


@pytest.fixture
def child(review):
    con = review.house.read_published(PERIOD)
    found = con.execute(
        "select child_id, name, citizen_no from core.child join care.migrant_status as status using (child_id)"
        " join core.residence as lives using (child_id) where status.residence_codes = [?] and length(name) = 3"
        " and citizen_no is not null and lives.is_chosen and lives.table_name = 'residence' order by child_id limit 1",
        [COUNTY],
    ).fetchone()
    con.close()
    return found


def address(review, child_id):
    """Where the entry says that the child lives on which its residence rests."""
    con = review.house.read_published(PERIOD)
    feed, table, entry = con.execute(
        "select feed, table_name, entry_id from core.residence where is_chosen and child_id = ?", [child_id]
    ).fetchone()
    (found,) = con.execute(f"select residence_address from raw.{feed}_{table} where entry_id = ?", [entry]).fetchone()
    con.close()
    return found


def entrust(clerk, child_id, days=7, to="hua", reason="入户走访"):
    path = f"/children/{child_id}/entrusted"
    until = str(clock.today() + timedelta(days=days))
    return clerk.send(clerk.open(path), path, to=to, until_on=until, reason=reason)


def test_the_assigned_child_is_all_they_see(review, hua, child):
    child_id, name, number = child
    assert "没有分派给您的儿童" in hua.open("/entrusted").text
    assert entrust(review.enter("chen"), child_id).status_code == 303
    page = hua.open("/entrusted")
    assert name in page.text
    assert number not in page.text
    assert page.text.count("<tr>") == 2  # the head and one child
    assert address(review, child_id) in page.text
    for path in (f"/children/{child_id}", f"/children/{child_id}/entrusted", "/cases", "/search", "/second"):
        assert hua.open(path).status_code == 403
    told = audit.read(review.house.stores, actor="hua", act="children read")
    assert {row.field for row in told} == {"residence_address"}
    assert [len(row.detail) > len('{"children":[]}') for row in told] == [True, False]


def test_it_ends_with_its_day_or_when_it_is_taken_back(review, hua, child, monkeypatch):
    chen = review.enter("chen")
    entrust(chen, child[0])
    later = clock.today() + timedelta(days=8)
    with monkeypatch.context() as then:
        then.setattr("stewardship.pages.entrusted.clock.today", lambda: later)
        assert child[1] not in hua.open("/entrusted").text
    assert child[1] in hua.open("/entrusted").text
    entrust(chen, child[0], days=-1)
    assert child[1] not in hua.open("/entrusted").text


def test_who_may_not_entrust_and_to_whom_not(review, hua, child):
    chen = review.enter("chen")
    for name in ("zhang", "bei"):
        assert review.enter(name).open(f"/children/{child[0]}/entrusted").status_code == 403
    assert entrust(chen, child[0], to="zhang").status_code == 404
    assert entrust(chen, child[0], reason=" ").status_code == 422
    assert entrusted.of(review.house.stores, "hua", clock.today()) == []


def test_a_visit_is_recorded_of_an_assigned_child_only(review, hua, child):
    path = f"/children/{child[0]}/visits/new"
    assert hua.open(path).status_code == 404
    entrust(review.enter("chen"), child[0])
    assert path in hua.open("/entrusted").text
    sent = hua.send(hua.open(path), "/visits", visited_on="2026-06-01", visit_kind="in_home", needs="缺书")
    assert sent.headers["location"] == "/entrusted?said=visit"
    (kept,) = visits.of_child(review.house.stores, [child[0]])
    assert (kept.recorded_by, kept.told["needs"]) == ("hua", "缺书")
    assert child[2] not in hua.open(path).text
    url, given = hua.form(hua.open(path), "/visits", visited_on="2026-06-02", visit_kind="phone")
    entrust(review.enter("chen"), child[0], days=-1)
    assert hua.client.post(url, data=given).status_code == 404
    assert len(visits.of_child(review.house.stores, [child[0]])) == 1


def test_a_child_merged_into_another_stays_entrusted_under_the_id_that_it_has_now(review, hua, child):
    chen, gone, machine = review.enter("chen"), "c" + "b" * 13, Actor("chen")
    file = next(review.house.home.published.resolve().glob("20*.duckdb"))
    file.chmod(0o600)
    with duckdb.connect(str(file)) as con:
        con.execute("insert into core.child_redirect values (?, ?)", [gone, child[0]])
    made = Entrusted(gone, "hua", clock.today() + timedelta(days=7), "入户走访", "chen")
    entrusted.entrust(review.house.stores, machine, made, "token")
    assert child[1] in hua.open("/entrusted").text
    assert hua.open(f"/children/{child[0]}/visits/new").status_code == 200
    assert hua.open(f"/children/{gone}/visits/new").status_code == 404
    assert "入户走访" in chen.open(f"/children/{child[0]}/entrusted").text
    entrust(chen, child[0], days=-1)
    assert child[1] not in hua.open("/entrusted").text
