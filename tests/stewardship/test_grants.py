"""Leave to see full identifiers: asked for, given by another, used with a line in the audit, over when its time is."""

import json
import re
from datetime import timedelta

import pytest

from tests.stewardship.conftest import COUNTY, PERIOD
from warehouse.stores import audit, grants
from warehouse.stores.engine import now


def ask(clerk, purpose="核对户口簿"):
    return clerk.send(clerk.open("/grants"), "/grants", county=COUNTY, hours="4", purpose=purpose)


def given(review, clerk, by):
    ask(clerk)
    (number,) = [each.id for each in grants.read(review.house.stores, open_only=True)]
    approver = review.enter(by)
    answered = approver.send(approver.open("/grants"), f"/grants/{number}", act="approve", reason="已核实用途")
    assert "said=answered" in answered.headers["location"]
    return number


def numbers(page):
    return set(re.findall(r"\d{17}[\dX]", re.sub(r"<[^>]+>", "", page.text)))


@pytest.fixture
def numbered(review):
    """A case of the county with a sound number, and the child that bears it."""
    book = review.shown.book
    for line in book.lines:
        for row in book.case(line.case_id).entries:
            if COUNTY in line.counties and row["citizen_no"] and row["child_id"]:
                return f"/cases/{PERIOD}/{line.case_id}", f"/children/{row['child_id']}"
    raise AssertionError("no such case")


def test_a_grant_opens_identifiers_and_every_look_is_in_the_audit(review, numbered):
    zhang, (case, child) = review.enter("zhang"), numbered
    assert not numbers(zhang.open(case)) | numbers(zhang.open(child))
    number = given(review, zhang, "chen")
    before = len(audit.read(review.house.stores, act="identifier read"))
    for path in numbered:
        page = zhang.open(path)
        assert numbers(page)
        assert "完整号码已开放" in page.text
    told = audit.read(review.house.stores, act="identifier read")
    assert len(told) == before + 2
    assert {(row.actor, row.field, json.loads(row.detail)["grant"]) for row in told[:2]} == {("zhang", "all", number)}
    assert not numbers(review.enter("wang").open(case))  # it is one person's


def test_a_grant_is_over_when_its_time_is(review, numbered, monkeypatch):
    zhang = review.enter("zhang")
    given(review, zhang, "chen")
    later = now() + timedelta(hours=4, seconds=1)
    monkeypatch.setattr(grants, "now", lambda: later)
    for path in numbered:
        assert not numbers(zhang.open(path))


def test_one_that_waits_or_was_refused_opens_nothing(review, numbered):
    zhang, chen = review.enter("zhang"), review.enter("chen")
    ask(zhang)
    assert not numbers(zhang.open(numbered[0]))
    (number,) = [each.id for each in grants.read(review.house.stores, open_only=True)]
    chen.send(chen.open("/grants"), f"/grants/{number}", act="refuse", reason="用途不明")
    assert not numbers(zhang.open(numbered[0]))
    assert "用途不明" in zhang.open("/grants").text


def test_nobody_answers_their_own_request(review):
    li = review.enter("li")
    ask(li)
    page = li.open("/grants")
    assert "不能审批本人的申请" in page.text
    (number,) = [each.id for each in grants.read(review.house.stores, open_only=True)]
    url, fields = li.form(page, "/grants", act="approve", reason="用途")
    assert li.client.post(f"{url}/{number}", data=fields).status_code == 409
    assert grants.read(review.house.stores, open_only=True)


def test_counties_of_others_are_neither_asked_for_nor_answered(review):
    zhang, bei = review.enter("zhang"), review.enter("bei")
    refused = zhang.send(zhang.open("/grants"), "/grants", county="110000", hours="4", purpose="核对")
    assert refused.status_code == 404
    assert zhang.send(zhang.open("/grants"), "/grants", county=COUNTY, hours="999", purpose="核对").status_code == 404
    assert zhang.send(zhang.open("/grants"), "/grants", county=COUNTY, hours="4", purpose=" ").status_code == 422
    bei.send(bei.open("/grants"), "/grants", county="110000", hours="4", purpose="核对")
    chen = review.enter("chen")
    assert "bei" not in chen.open("/grants").text
    (number,) = [each.id for each in grants.read(review.house.stores, open_only=True)]
    csrf = re.search(r'name="csrf" value="([^"]+)"', chen.open("/grants").text)[1]
    answered = chen.client.post(f"/grants/{number}", data={"csrf": csrf, "act": "approve", "reason": "用途"})
    assert answered.status_code == 404
