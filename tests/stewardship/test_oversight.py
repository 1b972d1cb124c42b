"""Second looks and oversight: bulk answers, blind checks, the supervisor, the operator, the auditor."""

import re
import sqlite3
from datetime import date

import pytest
import sqlalchemy as sa

from stewardship import agreement
from stewardship.pages import bulk
from tests.stewardship.conftest import PERIOD
from tests.stewardship.test_app import simple
from warehouse import anchors
from warehouse.stores import acceptances, accounts, audit, decisions, verdicts
from warehouse.stores.actors import Actor


@pytest.fixture
def small_groups(monkeypatch):
    """This county is small: let a group be of one case, and its sample too."""
    monkeypatch.setattr(bulk, "LEAST_GROUP", 1)
    monkeypatch.setattr(bulk, "LEAST_SAMPLE", 1)


def group_of(clerk):
    return re.search(r'href="(/bulk/[0-9a-f]{12})"', clerk.open("/bulk").text)[1]


def test_many_at_once_only_after_the_sample_was_opened(review, small_groups):
    zhang = review.enter("zhang")
    path = group_of(zhang)
    page = zhang.open(path)
    assert "/answer" not in page.text
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
    given = {"csrf": csrf, "answer": "SAME", "reason": "同一比对", "key": "b1" * 16}
    before = decisions.read_holding(review.house.stores).num_rows
    refused = zhang.client.post(path, data=given)
    assert refused.status_code == 409
    assert "请先查看全部抽样案例" in refused.text
    sample = re.findall(rf'href="(/cases/{PERIOD}/\d+)"', page.text)
    assert sample
    for each in sample:
        zhang.open(each)
    given = zhang.form(zhang.open(path), path)[1] | given
    assert zhang.client.post(path, data=given | {"reason": ""}).status_code == 422
    assert decisions.read_holding(review.house.stores).num_rows == before
    other_cases = zhang.client.post(path, data=given | {"cases": "0" * 32})
    assert other_cases.status_code == 409
    assert decisions.read_holding(review.house.stores).num_rows == before
    first, again = (zhang.client.post(path, data=given) for _ in range(2))
    assert first.headers["location"] == again.headers["location"]
    done = zhang.open(first.headers["location"])
    assert "已一并保存" in done.text
    assert decisions.read_holding(review.house.stores).num_rows > before
    undone = zhang.send(done, f"/bulk/undo/{'b1' * 16}")
    assert "said=undone" in undone.headers["location"]
    assert all(each.state == "open" for each in verdicts.standings(review.house.stores, PERIOD))


def test_a_batch_is_taken_back_by_who_sees_all_its_cases(review, small_groups):
    zhang, bei = review.enter("zhang"), review.enter("bei")
    path = group_of(zhang)
    page = zhang.open(path)
    for each in re.findall(rf'href="(/cases/{PERIOD}/\d+)"', page.text):
        zhang.open(each)
    done = zhang.open(zhang.send(zhang.open(path), path, answer="SAME", reason="同一比对").headers["location"])
    csrf = re.search(r'name="csrf" value="([^"]+)"', bei.open("/cases").text)[1]
    batch = re.search(r"/bulk/undo/[0-9a-f]+", done.text)[0]
    before = decisions.read_holding(review.house.stores).num_rows
    assert bei.client.post(batch, data={"csrf": csrf}).status_code == 404
    assert decisions.read_holding(review.house.stores).num_rows == before
    assert all(each.act == "give" for each in verdicts.of_batch(review.house.stores, batch.rsplit("/", 1)[1]))


@pytest.mark.parametrize(("cases", "many"), [(6, 5), (100, 5), (101, 6), (1000, 50), (1001, 51)])
def test_the_sample_is_a_twentieth_and_at_least_five(cases, many):
    drawn = bulk._sample("group", range(cases))
    assert len(set(drawn)) == many
    assert drawn == bulk._sample("group", range(cases)) != bulk._sample("another", range(cases))


def test_nothing_with_a_guard_or_a_twin_is_answered_at_once(review, small_groups):
    zhang = review.enter("zhang")
    for path in set(re.findall(r'href="(/bulk/[0-9a-f]{12})"', zhang.open("/bulk").text)):
        for case_id in re.findall(rf"/cases/{PERIOD}/(\d+)", zhang.open(path).text):
            line = review.shown.book.by_id[int(case_id)]
            assert not line.guards
            assert "可能是双胞胎" not in zhang.open(f"/cases/{PERIOD}/{case_id}").text


def test_a_decided_case_is_asked_again_blind_and_changes_nothing(review, monkeypatch):
    monkeypatch.setattr(agreement, "is_drawn", lambda *_: True)
    zhang, wang = review.enter("zhang"), review.enter("wang")
    case_id = simple(review)
    zhang.send(zhang.open(f"/cases/{PERIOD}/{case_id}"), "/answer", answer="SAME", reason="同名")
    assert "/quality/next" not in zhang.open("/quality").text  # not one's own
    started = wang.send(wang.open("/quality"), "/quality/next")
    assert started.headers["location"] == f"/quality/{PERIOD}/{case_id}"
    page = wang.open(started.headers["location"])
    assert "同名" not in page.text  # neither what was answered
    assert page.text.count("盲核时不显示") == 2  # nor who stands beside it
    assert "<svg" not in page.text  # nor what the machine holds
    assert "zhang" not in page.text
    before = decisions.read_holding(review.house.stores).to_pylist()
    assert wang.send(page, "/answer", answer="DIFFERENT").headers["location"] == "/quality?said=blind"
    assert decisions.read_holding(review.house.stores).to_pylist() == before
    (both,) = agreement.twice(review.house.stores, PERIOD)
    assert (both.first, both.first_by, both.second, both.second_by) == ("SAME", "zhang", "DIFFERENT", "wang")
    assert str(case_id) in review.enter("li").open("/cases?state=flagged").text  # a disagreement goes to the supervisor


def test_only_a_case_that_was_drawn_is_answered_blind(review, monkeypatch):
    zhang, wang = review.enter("zhang"), review.enter("wang")
    case_id = simple(review)
    zhang.send(zhang.open(f"/cases/{PERIOD}/{case_id}"), "/answer", answer="SAME")
    path = f"/quality/{PERIOD}/{case_id}"
    monkeypatch.setattr(agreement, "is_drawn", lambda *_: True)
    url, fields = wang.form(wang.open(path), "/answer", answer="SAME")
    monkeypatch.setattr(agreement, "is_drawn", lambda *_: False)
    refused = wang.client.post(url, data=fields)
    assert refused.status_code == 409
    assert "zhang" not in refused.text
    assert [each.is_blind for each in verdicts.of_case(review.house.stores, PERIOD, case_id)] == [False]


def test_the_supervisor_hands_over_and_settles_flags(review):
    zhang, wang, li = (review.enter(name) for name in ("zhang", "wang", "li"))
    case_id = simple(review)
    path = f"/cases/{PERIOD}/{case_id}"
    zhang.send(zhang.open(path), "/flag", words="请看")
    assert zhang.open("/supervise").status_code == 403
    handed = li.send(li.open("/supervise"), f"{case_id}/hand-over", to="wang")
    assert handed.status_code == 303
    assert "/answer" in wang.open(path).text
    assert "/answer" not in zhang.open(path).text
    settled = li.send(li.open("/supervise"), f"{case_id}/unflag", words="已核实")
    assert settled.status_code == 303
    assert "没有上报的案例" in li.open("/supervise").text


def test_a_case_is_not_handed_to_somebody_of_another_county(review):
    zhang, li = review.enter("zhang"), review.enter("li")
    case_id = next(
        line.case_id
        for line in review.shown.book.lines
        if "429006" in line.counties and not any(code.startswith("11") for code in line.counties)
    )
    zhang.open(f"/cases/{PERIOD}/{case_id}")
    assert li.send(li.open("/supervise"), f"{case_id}/hand-over", to="bei").status_code == 404


@pytest.mark.parametrize("changed", [{"is_disabled": True}, {"expires_on": date(2020, 1, 1)}])
def test_a_case_is_not_handed_to_who_cannot_log_in(review, changed):
    zhang, li = review.enter("zhang"), review.enter("li")
    case_id = simple(review)
    zhang.open(f"/cases/{PERIOD}/{case_id}")
    page = li.open("/supervise")
    accounts.change(review.house.stores, Actor("os:tests"), "wang", "for the test", **changed)
    assert li.send(page, f"{case_id}/hand-over", to="wang").status_code == 404
    assert "wang" not in li.open("/supervise").text


def test_the_lists_of_what_waits_ask_the_stores_as_often_for_many_as_for_few(review, monkeypatch):
    monkeypatch.setattr(agreement, "is_drawn", lambda *_: True)
    zhang, wang = review.enter("zhang"), review.enter("wang")
    asked = []
    sa.event.listen(review.house.stores, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def queries(path):
        asked.clear()
        assert wang.open(path).status_code == 200
        return len([each for each in asked if "verdict" in each])

    found = []
    for _ in range(2):
        for answer in ("SAME", "SAME", "DIFFERENT"):
            page = zhang.start()
            while page.status_code == 200:
                page = zhang.send(page, "/answer", answer=answer)
        found.append((queries("/quality"), queries("/second")))
    assert found[0] == found[1]


def test_the_operator_sees_feeds_and_accepts_with_a_reason_under_their_own_name(review):
    yun = review.enter("yun")
    page = yun.open("/feeds")
    assert "教育·学籍" in page.text
    assert yun.send(page, "/feeds/accept", reason=" ").status_code == 422
    accepted = yun.send(page, "/feeds/accept", reason="已与教育局核实")
    assert accepted.status_code == 303
    (word,) = acceptances.read(review.house.stores, PERIOD)
    assert (word.os_user, word.reason) == ("yun", "已与教育局核实")
    assert yun.open("/cases").status_code == 403


def test_the_auditor_reads_and_verifies_the_chain_and_that_is_told_too(review):
    review.enter("zhang").start()
    shen = review.enter("shen")
    page = shen.open("/audit")
    assert "zhang" in page.text
    verified = shen.send(page, "/audit/verify")
    assert "未见改动" in verified.text
    assert {row.act for row in audit.read(review.house.stores, actor="shen")} >= {"audit read", "audit verified"}
    assert shen.open("/cases").status_code == 403


def test_the_auditor_is_told_of_rows_cut_off_the_end(review):
    review.enter("zhang").start()
    anchors.keep(review.house.stores, review.house.home)
    with sqlite3.connect(review.house.home.stores / "operations.db") as database:
        database.execute("drop trigger audit_no_delete")
        database.execute("delete from audit where sequence > 2")
    shen = review.enter("shen")
    assert "断开" in shen.send(shen.open("/audit"), "/audit/verify").text


def test_a_damaged_file_of_anchors_is_said_to_be(review, tmp_path, monkeypatch):
    monkeypatch.setenv("CHILDINDEX_KEYS", str(tmp_path / "keys"))
    shen = review.enter("shen")
    anchors.keep(review.house.stores, review.house.home)
    (file,) = (tmp_path / "keys").rglob("audit_anchors.txt")
    file.write_bytes(file.read_bytes() + "损坏\n".encode())
    answer = shen.send(shen.open("/audit"), "/audit/verify")
    assert answer.status_code == 409
    assert "锚点文件已损坏" in answer.text


@pytest.mark.parametrize(
    ("who", "path"),
    [("li", "/quality"), ("li", "/supervise"), ("zhang", "/bulk"), ("yun", "/feeds"), ("shen", "/audit")],
)
def test_pages_of_oversight_in_both_languages(review, who, path):
    clerk = review.enter(who)
    chinese = clerk.open(path)
    clerk.send(chinese, "/language")
    english = clerk.open(path)
    assert chinese.status_code == english.status_code == 200
    assert english.text != chinese.text
