"""Automatic links are drawn, verified blind, and stop the work where too many are wrong."""

import re

import pytest
from click.testing import CliRunner

from matching.cases.verification import BANDS, load
from pipelines.cli import commands
from stewardship import verification
from tests.stewardship.conftest import PERIOD
from warehouse.stores import case_notes, decisions, link_checks


def first(clerk):
    started = clerk.send(clerk.open("/quality/links"), "/quality/links/next")
    assert started.status_code == 303
    return clerk.open(started.headers["location"])


def test_links_of_every_band_are_drawn_and_are_links_that_the_machine_made(review):
    con = review.house.read_published(PERIOD)
    drawn = con.execute("select link_band, count(*), any_value(links) from link.link_sample group by all").fetchall()
    joined = con.execute(
        "select count(*) from link.link_sample as drawn"
        " join link.entry_child as a on a.entry_id = left_entry_id"
        " join link.entry_child as b on b.entry_id = right_entry_id"
        " join link.scored_pair as pair using (left_profile, right_profile)"
        " where a.child_id = b.child_id and pair.band = 'link'"
    ).fetchone()[0]
    con.close()
    assert {band for band, *_ in drawn} == set(BANDS)
    assert all(many == min(links, load().drawn) for _, many, links in drawn)
    assert joined == sum(many for _, many, _ in drawn)


def test_a_link_is_verified_without_the_machines_opinion_and_decides_nothing(review):
    zhang = review.enter("zhang")
    page = first(zhang)
    assert page.status_code == 200
    assert "<svg" not in page.text
    assert "机器意见已隐藏" in page.text
    assert "/skip" not in page.text
    assert "不改变任何编号" in page.text
    before = decisions.read_holding(review.house.stores).to_pylist()
    sent = zhang.send(page, "/answer", answer="SAME")
    assert sent.headers["location"] == "/quality/links?said=blind"
    (kept,) = link_checks.read(review.house.stores, PERIOD)
    assert (kept.steward, kept.judgement) == ("zhang", "SAME")
    assert decisions.read_holding(review.house.stores).to_pylist() == before
    assert decisions.read_blind(review.house.stores).num_rows == 1
    assert str(first(zhang).url) != str(page.url)


def test_a_link_is_verified_once(review):
    zhang, wang = review.enter("zhang"), review.enter("wang")
    page = first(zhang)
    url, fields = wang.form(wang.open(page.url.path), "/answer", answer="DIFFERENT")
    zhang.send(page, "/answer", answer="SAME")
    assert wang.client.post(url, data=fields).status_code == 409
    assert [each.judgement for each in link_checks.read(review.house.stores, PERIOD)] == ["SAME"]


def test_too_many_wrong_links_stop_the_work_and_the_operator_is_told(review, home):
    zhang, li = review.enter("zhang"), review.enter("li")
    told = CliRunner().invoke(commands, ["status", "--home", str(home)]).output
    assert "links verified" not in told
    near = [number for number, row in review.shown.book.links.items() if row["link_band"] == "near"]
    wrong = [number for number in near if "429006" in review.shown.book.links[number]["codes"]][:2]
    for number in wrong:
        page = zhang.open(f"/quality/links/{PERIOD}/{number}")
        zhang.send(page, "/answer", answer="DIFFERENT")
    assert {each.link_band: each.state for each in verification.bands(review.house.stores, PERIOD)}["near"] == "stop"
    assert "错误过多" in zhang.open("/quality/links").text
    told = CliRunner().invoke(commands, ["status", "--home", str(home)]).output
    assert "links verified [near]: 2" in told
    assert "TOO MANY WRONG" in told
    assert case_notes.flagged(review.house.stores, PERIOD) == set(wrong)
    page = li.open("/supervise")
    child = review.shown.book.links[wrong[0]]["child_id"]
    assert f'href="/children/{child}/parts"' in page.text
    settled = li.send(page, f"/quality/links/{PERIOD}/{wrong[0]}/unflag", words="已提出拆分")
    assert settled.status_code == 303
    assert case_notes.flagged(review.house.stores, PERIOD) == set(wrong[1:])


def test_another_countys_link_is_as_if_it_were_not_there(review):
    bei = review.enter("bei")
    links = review.shown.book.links
    foreign = next(number for number, row in links.items() if not any(code.startswith("11") for code in row["codes"]))
    for path in (f"/quality/links/{PERIOD}/{foreign}", f"/quality/links/{PERIOD}/1"):
        assert bei.open(path).status_code == 404
    drawn = sum(map(int, re.findall(r'drawn">(\d+)<', bei.open("/quality/links").text)))
    assert drawn == sum(any(code.startswith("11") for code in row["codes"]) for row in links.values())


@pytest.mark.slow
def test_the_same_links_are_drawn_when_the_period_is_run_again(review, run_period, home):
    before = set(review.shown.book.links)
    run_period(home)
    assert set(review.shown.book.links) == before
