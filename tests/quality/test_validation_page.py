"""The page an operator reads: whole, offline, in Chinese, and without a value of anybody."""

import re
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from quality import bounds, link_estimates, suites
from quality.audits import judge_expectations
from quality.findings import Acceptance, Outcome, Setting, settle
from quality.gates import judge_deliveries, judge_faults
from quality.link_estimates import LinkEstimate
from quality.profile import FAULT, FILLED, ROWS, ProfileRow, profile_delivery
from quality.receipts import DriftRow, ReceiptRow
from quality.validation import validate
from quality.validation_page import render

CANARIES = ("13800009999", "欧阳小虎", "110105201512310021", "人民路99号")


@pytest.fixture
def page(building, feeds, make_raw, tmp_path: Path) -> str:
    """A second period gone wrong in every way, from the tables to the page."""
    enrolment, welfare = feeds["education", "enrolment"], feeds["civil_affairs", "welfare"]
    phone, name, number, address = (f"'{canary}'" for canary in CANARIES)
    spoilt = {"sex": name, "born_on": number, "citizen_no": phone, "grade": phone, "student_no": address}
    make_raw(enrolment, 300, **spoilt, residence_division_code=phone, guardian1_name="null::varchar")
    make_raw(welfare, 20)
    setting = Setting("2026H2", "var", feeds)
    limits = bounds.load()
    now = profile_delivery(building, enrolment) + profile_delivery(building, welfare)
    now.append(ProfileRow("education", "enrolment", FAULT + "born_on", "malformed", 300))
    last = [
        ProfileRow("education", "enrolment", ROWS, "", 400),
        ProfileRow("education", "enrolment", FILLED, "guardian1_name", 390),
        ProfileRow("civil_affairs", "welfare", ROWS, "", 40),
    ]
    receipts = [
        ReceiptRow("education", "enrolment", "landed", 2, 310, 300, 8, 2, "aa"),
        ReceiptRow("civil_affairs", "welfare", "landed", 1, 20, 20),
        ReceiptRow("health", "child_health", "missing", message_zh="收件箱中没有文件"),
    ]
    drift = [DriftRow("education", "enrolment", CANARIES[0], "unknown_column")]
    results = validate(building, suites.of_deliveries([enrolment, welfare], limits))
    found = judge_deliveries(setting, receipts, now, last, limits, drift)
    found += [*judge_faults(setting, now, last, limits), *judge_expectations(setting, results)]
    outcome = settle(found, [Acceptance("civil_affairs", reason="名单已核对", os_user="wang", at="2026-07-03 09:00")])
    out = render(results, outcome, receipts, tmp_path / "pages" / "2026H2.html", setting, made_at=datetime(2026, 7, 3))
    return out.read_text(encoding="utf-8")


def test_the_page_tells_what_stopped_what_was_accepted_and_what_is_off(page):
    assert "已停止，等待处理" in page
    assert "随迁子女就学与学籍（education.enrolment）：本期 300 行，上期 400 行，少了 25.0 %（上限 20.0 %）" in page
    assert "监护人1姓名（guardian1_name） 填写率 0.0 %，上期 97.5 %" in page
    assert "childindex accept --home var --period 2026H2 --feed education --table enrolment" in page
    assert "理由：名单已核对" in page
    assert "收件箱中没有文件" in page
    assert "100.0 %" in page
    assert "生成于 2026-07-03 08:00（北京时间）" in page


def test_estimates_are_told_over_all_first_and_ages_in_their_order():
    con = duckdb.connect()
    con.execute("create schema link")
    con.execute(
        "create table link.estimated_quality as select *, 'recall' as measure, 1.0 as estimate, 1.0 as low,"
        " 1.0 as high, 0 as lost_to_blocking, 9 as pairs from (values ('age', '12-15'), ('age', 'unknown'),"
        " ('age', '3-5'), ('age', '0-2'), ('county', '429006'), ('all', '')) as told (dimension, subgroup)"
    )
    assert [each.subgroup for each in link_estimates.read(con)] == ["", "0-2", "3-5", "12-15", "unknown", "429006"]


def test_no_value_is_on_the_page(page):
    assert [canary for canary in CANARIES if canary in page] == []


def test_the_page_loads_nothing(page):
    assert re.findall(r"(?:src|href|url|@import)\s*[=(]", page) == []
    assert "://" not in page
    assert "<script" not in page


def test_words_are_escaped(tmp_path, feeds):
    receipts = [ReceiptRow("education", "enrolment", "refused", message_zh="<b>学籍.csv</b>")]
    out = render([], Outcome(), receipts, tmp_path / "page.html", Setting("2026H1", specs=feeds))
    assert "&lt;b&gt;学籍.csv" in out.read_text(encoding="utf-8")


def test_a_quiet_period_passes(tmp_path):
    out = render([], Outcome(), [], tmp_path / "page.html", Setting("2026H1"))
    assert "通过" in out.read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_the_page_tells_how_good_the_links_are_by_pairs_of_tables_and_groups(tmp_path, feeds):
    links = [
        LinkEstimate(dimension, subgroup, measure, 0.9969, 0.9951, 0.9979, lost)
        for dimension, subgroup in (
            ("all", "all"),
            ("tables", "education.enrolment × public_security.hukou"),
            ("ethnic_group", "tibetan"),
            ("age", "6-11"),
            ("county", "429006"),
        )
        for measure, lost in (("precision", 0.0), ("recall", 0.0123))
    ]
    out = render([], Outcome(), [], tmp_path / "page.html", Setting("2026H1", specs=feeds), links=links)
    page = out.read_text(encoding="utf-8")
    assert "99.69%［99.51%，99.79%］" in page
    assert "1.23%" in page
    assert "随迁子女就学与学籍 × 常住人口" in page
    assert "藏族" in page
    assert "6–11" in page
    assert "429006" not in page
