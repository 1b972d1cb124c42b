"""Whoever opens very many children's pages in an hour is told of, then stopped."""

from datetime import timedelta

import pytest

from stewardship.access import limits, pace
from stewardship.access.pace import Pace
from tests.stewardship.conftest import PERIOD
from warehouse.stores import audit
from warehouse.stores.engine import now


def test_pages_are_forgotten_after_an_hour(monkeypatch):
    counted = Pace()
    assert [counted.add("li") for _ in range(3)] == [1, 2, 3]
    assert counted.many("wang") == 0
    assert [counted.is_news("li", "many pages") for _ in range(2)] == [True, False]
    monkeypatch.setattr(pace, "now", lambda: now() + timedelta(hours=1, seconds=1))
    assert counted.add("li") == 1
    assert counted.is_news("li", "many pages")


@pytest.fixture
def few(monkeypatch):
    """A site whose bounds are three pages and five."""
    small = limits.load().model_copy(update={"people_pages_alarm": 3, "people_pages_an_hour": 5})
    monkeypatch.setattr(limits, "load", lambda: small)


def test_who_opens_very_many_is_told_of_then_stopped_and_nobody_else_is(review, few, monkeypatch):
    zhang, stores = review.enter("zhang"), review.house.stores
    (case_id, *_) = (line.case_id for line in review.shown.book.lines if "429006" in line.counties)
    path = f"/cases/{PERIOD}/{case_id}"
    assert [zhang.open(path).status_code for _ in range(6)] == [200] * 5 + [429]
    assert zhang.open("/search").status_code == 429
    assert zhang.open("/account").status_code == 200  # no page about children
    told = audit.read(stores, act="alarm")
    assert [(row.actor, '"what":"stopped"' in row.detail.replace(" ", "")) for row in told] == [
        ("zhang", True),
        ("zhang", False),
    ]
    assert review.enter("wang").open(path).status_code == 200
    assert "2 次查阅过多的告警" in review.enter("shen").open("/audit").text
    monkeypatch.setattr(pace, "now", lambda: now() + timedelta(hours=1, seconds=1))
    assert zhang.open(path).status_code == 200
