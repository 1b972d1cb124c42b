"""What is due when, what counts as done, and what is text only."""

import csv
from datetime import date
from pathlib import Path

import pytest

from policy.period import Period
from reporting import calendar
from reporting.calendar import CalendarError, parse
from warehouse.releases import PublishedPeriod, Release
from warehouse.stores import obligations, seals
from warehouse.stores.engine import open_stores

CASES = list(csv.DictReader((Path(__file__).parent.parent / "cases" / "calendar" / "due.csv").open(encoding="utf-8")))


@pytest.fixture
def stores(tmp_path):
    return open_stores(tmp_path)


def items(stores, on, jurisdiction="429006", first="2026H1", entered=(0, 0)):
    release = Release(1, {first: PublishedPeriod(1, (), "")})
    return calendar.items(stores, release, jurisdiction, on, lambda period: entered)


def state(stores, name, due_on, on, jurisdiction="429006", first="2026H1"):
    found = [
        each for each in items(stores, on, jurisdiction, first) if (each.obligation.name, each.due_on) == (name, due_on)
    ]
    return found[0].state if found else ""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_each_obligation_stands_as_its_day_says(stores, case):
    due_on, on = date.fromisoformat(case["due_on"]), date.fromisoformat(case["on"])
    found = state(stores, case["obligation"], due_on, on, case["jurisdiction"], case["first_period"])
    assert found == case["state"]


def seal(stores, **more):
    given = {"pack": "half_year", "period": "2026H1", "jurisdiction": "429006", "audience": "internal"} | more
    seals.keep(stores, **given, sha256="0" * 64, figures="{}", release=1, build_id=1, counts=None, account=None)


LATE = date(2026, 8, 15)
JULY = date(2026, 7, 31)


def test_a_sealed_report_of_the_period_shows_that_the_update_was_done(stores):
    assert state(stores, "half_year_update", JULY, LATE) == "overdue"
    seal(stores)
    assert state(stores, "half_year_update", JULY, LATE) == "done"


@pytest.mark.parametrize("other", [{"audience": "external"}, {"period": "2025H2"}, {"jurisdiction": "429000"}])
def test_a_seal_of_something_else_shows_nothing(stores, other):
    seal(stores, **other)
    assert state(stores, "half_year_update", JULY, LATE) == "overdue"


@pytest.mark.parametrize(("entered", "state"), [((2, 2), "done"), ((2, 3), "overdue"), ((0, 0), "overdue")])
def test_the_national_entry_is_done_once_every_migrant_child_is_entered(stores, entered, state):
    found = items(stores, LATE, entered=entered)
    assert [each.state for each in found if (each.obligation.name, each.due_on) == ("national_entry", JULY)] == [state]


def test_somebodys_word_with_what_was_done_is_enough(stores):
    obligations.note(stores, "half_year_update", JULY, date(2026, 7, 20), "已由市局上报")
    item = next(each for each in items(stores, LATE) if each.due_on == JULY and each.state == "done")
    assert "已由市局上报" in item.shown_by
    with pytest.raises(ValueError, match="what was done"):
        obligations.note(stores, "half_year_update", JULY, JULY, " ")


def test_milestones_are_text_and_never_overdue():
    told = calendar.milestones("540102")
    assert any("早于方案印发" in (each.note or "") for each in told)
    assert calendar.milestones("429006") == []


def test_a_place_is_cited_its_own_notice_and_others_the_first():
    update = next(each for each in calendar.binding("440305") if each.name == "half_year_update")
    assert update.asked_by("429006")[0].document.startswith("天门市")
    assert update.asked_by("110108")[0].document.startswith("京民发")
    assert update.asked_by("440305")[1] is False


def test_the_november_report_speaks_of_the_half_year_that_is_over():
    report = next(each for each in calendar.binding("540000") if each.name == "progress_report")
    days = dict(report.days(date(2026, 1, 1), date(2026, 12, 31)))
    assert days == {date(2026, 6, 15): Period("2025H2"), date(2026, 11, 15): Period("2026H1")}


@pytest.mark.parametrize(
    ("written", "instead", "says"),
    [
        ('yearly: "12-31"', "yearly: 12-31-2026", "yearly"),
        ('["2025-06-15"', "[2025-06-15", "in quotes"),
        ('jurisdictions: ["540000"]', "jurisdictions: [540000]", "in quotes"),
        ("done_by: {recorded: true}", "done_when: {recorded: true}", "done_when"),
        ('due: {yearly: "12-31"}', "due: {}", "say one of"),
    ],
)
def test_a_calendar_that_can_not_be_meant_is_refused_with_its_key(written, instead, says):
    text = (Path(calendar.__file__).with_suffix(".yml")).read_text(encoding="utf-8")
    assert written in text
    with pytest.raises(CalendarError, match=says):
        parse(text.replace(written, instead, 1))


def test_the_command_shows_what_is_due_and_takes_a_word(call, home):
    shown = call("calendar", "--home", home, "--on", "2026-08-15")
    assert "half_year_update" in shown.output
    assert "逾期" in shown.output
    refused = call("calendar", "--home", home, "done", "half_year_update", "--due", "2026-07-30", "--reason", "x")
    assert "2026-01-31, 2026-07-31" in str(refused.exception)
    kept = call("calendar", "--home", home, "done", "half_year_update", "--due", "2026-07-31", "--reason", "已上报")
    assert kept.exit_code == 0
    assert "已上报" in call("calendar", "--home", home, "--on", "2026-08-15").output


def test_a_thing_can_t_be_done_on_a_day_yet_to_come(call, home):
    told = ("--due", "2026-07-31", "--met", "2999-01-01", "--reason", "已上报")
    refused = call("calendar", "--home", home, "done", "half_year_update", *told)
    assert "2999-01-01" in str(refused.exception)
