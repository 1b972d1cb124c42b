"""What moved, by cause: exact for the visitor's counties, and the children only for who may see them."""

import re

import pytest

from stewardship.run_changes import RunChange
from tests.stewardship.conftest import COUNTY, PERIOD


def flow(review, direction):
    con = review.house.read_published(PERIOD)
    try:
        return con.execute(
            "select coalesce(sum(children), 0)::integer from mart.migrant_flow where county = ? and direction = ?",
            [COUNTY, direction],
        ).fetchone()[0]
    finally:
        con.close()


def test_a_first_period_is_all_new_and_links_to_its_children(review):
    zhang = review.enter("zhang")
    page = zhang.open("/changes")
    assert "全部为新增" in page.text
    gained = flow(review, "in")
    assert f'cause=feed">{gained}</a>' in page.text
    children = zhang.open("/changes/children?state=in&cause=feed")
    assert f"<b>{gained}</b>" in children.text
    assert re.search(r'href="/children/c[a-z2-7]{13}"', children.text)


def test_who_sees_no_children_sees_counts_without_links(review):
    yun = review.enter("yun")
    page = yun.open("/changes")
    assert str(flow(review, "in")) in page.text
    assert "/changes/children" not in page.text
    assert yun.open("/changes/children").status_code == 403
    assert yun.open("/changes/run").status_code == 403


def test_other_counties_changes_are_not_counted(review):
    bei = review.enter("bei")
    assert "本辖区没有增减" in bei.open("/changes").text
    assert "<b>0</b>" in bei.open("/changes/children").text
    assert review.enter("fen").open("/changes").status_code == 403


def test_another_runs_changes_are_those_of_the_visitors_counties(review, monkeypatch):
    con = review.house.read_published(PERIOD)
    ((mine,),) = con.execute(
        "select child_id from care.migrant_status where list_contains(residence_codes, ?) limit 1", [COUNTY]
    ).fetchall()
    con.close()
    row = {"earlier_status": "not_migrant", "status": "migrant", "direction": "in", "cause": "steward"}
    changed = [
        {**row, "child_id": mine, "codes": [COUNTY], "earlier_codes": [COUNTY]},
        {**row, "child_id": "c" + "b" * 13, "codes": ["110105"], "earlier_codes": ["110105"]},
    ]
    found = RunChange("2026-07-01T00:00:00+00:00", {"children": 1}, changed)
    monkeypatch.setattr(type(review.app.state.site.run_changes), "of", lambda *_: found)
    zhang = review.enter("zhang")
    page = zhang.open("/changes")
    assert re.search(r"记录归并调整（人工核定）</td><td class=\"number\">1<", page.text)
    children = zhang.open("/changes/run")
    assert mine in children.text
    assert "cbbbb" not in children.text


@pytest.mark.parametrize("path", ["/changes", "/changes/children", "/changes/run"])
def test_pages_of_changes_in_both_languages(review, path):
    zhang = review.enter("zhang")
    chinese = zhang.open(path)
    zhang.send(chinese, "/language")
    english = zhang.open(path)
    assert chinese.status_code == english.status_code == 200
    without_data = re.sub(r"<td>.*?</td>|<option.*?</option>", "", english.text)
    assert not re.search(r"[一-鿿]{4,}", re.sub(r"<button[^>]*lang=.*?</button>|<[^>]+>", "", without_data))
