"""How long cases have waited, whose they are, and who decides them while somebody is away."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from stewardship import app
from stewardship.queue import Filters
from stewardship.visit import Bands
from tests.stewardship.conftest import COUNTY, PERIOD, Review
from warehouse import clock
from warehouse.stores import accounts, asked_cases, assignments, audit
from warehouse.stores.engine import now


@pytest.fixture
def aged(house):
    """The app over a home some of whose cases have waited for forty days, one for a hundred."""
    con = house.read_published(PERIOD)
    cases = [case for (case,) in con.execute("select case_id from link.review_case order by all").fetchall()]
    con.close()
    asked_cases.since(house.stores, PERIOD, cases[:6], now() - timedelta(days=40))
    asked_cases.since(house.stores, PERIOD, cases[6:7], now() - timedelta(days=100))
    return Review(house, app.make(house, COUNTY, Bands(0.0, 4.0), lambda words: None))


def listed(page):
    return set(map(int, re.findall(rf'href="/cases/{PERIOD}/(\d+)', page.text)))


def counted(page):
    return int(re.search(r"待核 <b>([\d,]+)</b>", page.text)[1].replace(",", ""))


def test_cases_are_filtered_and_counted_by_how_long_they_wait(aged):
    zhang = aged.enter("zhang")
    of_zhang = accounts.get(aged.house.stores, "zhang").actor
    mine = {line.case_id for line in aged.shown.queue.lines(of_zhang, Filters())}
    ages = aged.shown.queue.ages()
    for age in ("week", "quarter", "older"):
        page = zhang.open(f"/cases?age={age}")
        assert counted(page) == sum(ages[case_id] == age for case_id in mine)
    for age, days in (("quarter", "40"), ("older", "100")):
        assert set(re.findall(r'<td class="number">(\d+) 天</td>', zhang.open(f"/cases?age={age}").text)) == {days}


def test_a_case_says_how_long_it_waits_and_how_long_there_is(aged):
    zhang = aged.enter("zhang")
    (case_id,) = listed(zhang.open("/cases?age=older"))
    text = zhang.open(f"/cases/{PERIOD}/{case_id}").text
    assert re.search(r"已等待 100 天，(?:距截止|已过截止) \d+ 天", text)


def test_the_supervisor_sees_ages_by_county_and_goes_to_the_cases_of_a_cell(aged):
    li = aged.enter("li")
    page = li.open("/supervise")
    cells = re.findall(r'<td class="number shade(\d)"><a href="(/cases\?[^"]+)">([\d,]+)</a>', page.text)
    assert {parse_qs(urlsplit(href.replace("&amp;", "&")).query)["age"][0] for _, href, _ in cells} >= {"week", "older"}
    for shade, href, many in cells:
        assert 1 <= int(shade) <= 4
        assert counted(li.open(href.replace("&amp;", "&"))) == int(many.replace(",", ""))


def test_assigned_cases_are_given_to_their_steward_first_and_to_nobody_else(aged):
    li = aged.enter("li")
    sent = li.send(li.open("/supervise"), "/supervise/assign", age="older", many="1", to="wang")
    assert "said=assigned" in sent.headers["location"]
    wang, zhang = aged.enter("wang"), aged.enter("zhang")
    (case_id,) = listed(wang.open("/cases?assignee=wang"))
    assert counted(wang.open("/cases?assignee=wang")) == 1
    assert wang.start().url.path == f"/cases/{PERIOD}/{case_id}"
    for _ in range(3):
        assert zhang.start().url.path != f"/cases/{PERIOD}/{case_id}"
    given_back = li.send(li.open("/supervise"), "/supervise/assign", assignee="wang", many="9", to="-")
    assert given_back.status_code == 303
    assert not listed(wang.open("/cases?assignee=wang"))
    assert [row.actor for row in audit.read(aged.house.stores, act="cases assigned")] == ["li", "li"]


def test_cases_are_not_assigned_to_somebody_of_another_county_nor_by_a_steward(aged):
    li, zhang = aged.enter("li"), aged.enter("zhang")
    page = li.open("/supervise")
    assert li.send(page, "/supervise/assign", many="5", to="bei").status_code == 404
    csrf = re.search(r'name="csrf" value="([^"]+)"', zhang.open("/cases").text)[1]
    refused = zhang.client.post("/supervise/assign", data={"csrf": csrf, "many": "5", "to": "zhang"})
    assert refused.status_code == 403
    assert assignments.read(aged.house.stores, PERIOD) == []


def test_who_stands_in_is_given_the_cases_of_who_is_away(aged):
    li, wang, zhang = (aged.enter(name) for name in ("li", "wang", "zhang"))
    li.send(li.open("/supervise"), "/supervise/assign", age="older", many="1", to="wang")
    today = clock.today()
    days = {"from_on": str(today), "until_on": str(today + timedelta(days=3))}
    sent = wang.send(wang.open("/away"), "/away", who="wang", deputy="zhang", **days)
    assert "said=away" in sent.headers["location"]
    (case_id,) = listed(zhang.open("/cases?assignee=zhang"))
    assert zhang.start().url.path == f"/cases/{PERIOD}/{case_id}"
    assert not listed(wang.open("/cases?assignee=wang"))
    over = {"from_on": str(today - timedelta(days=3)), "until_on": str(today - timedelta(days=1))}
    li.send(li.open("/away"), "/away", who="wang", deputy="zhang", **over)
    assert listed(wang.open("/cases?assignee=wang")) == {case_id}


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"who": "zhang"}, 404), ({"deputy": "bei"}, 404), ({"deputy": "wang"}, 422), ({"until_on": "2020-01-01"}, 422)],
)
def test_nobody_sends_others_away_or_is_stood_in_for_by_somebody_who_may_not(aged, changed, status):
    wang = aged.enter("wang")
    given = {"who": "wang", "deputy": "zhang", "from_on": "2026-08-01", "until_on": "2026-08-09"} | changed
    assert wang.send(wang.open("/away"), "/away", **given).status_code == status
    assert assignments.absences(aged.house.stores) == {}


@pytest.mark.parametrize("path", ["/away", "/supervise"])
def test_the_pages_are_there_in_both_languages(aged, path):
    li = aged.enter("li")
    chinese = li.open(path)
    li.send(chinese, "/language")
    assert li.open(path).text != chinese.text
