"""What stops publishing: tables that contradict themselves, ids that churn, clusters and children that jump."""

import pytest

from quality import bounds
from quality.audits import judge_conformity, judge_expectations, judge_release, measure_release
from quality.expectations import Severity
from quality.findings import Setting, Stop, Warn
from quality.profile import ProfileRow
from quality.receipts import ReceiptRow
from quality.validation import ValidationResult
from warehouse.conformity import Difference

SETTING = Setting("2026H2", "var")
TABLES = """
create table raw.education_enrolment as select i as entry_id from range(6) as n(i);
create table std.entry as
    select i as entry_id, 'education' as feed, 'enrolment' as table_name, i = 5 as is_adult from range(6) as n(i);
create table link.entry_child as
    select * from (values (0, 'a'), (1, 'a'), (2, 'a'), (3, 'b'), (4, 'c')) as links(entry_id, child_id);
create table link.child_event as
    select * from (values ('a', 'continue'), ('b', 'continue'), ('c', 'mint')) as events(child_id, event);
create table link.anchor as
    select * from (values (11, 'a'), (12, 'b'), (13, 'c'), (14, 'b')) as anchors(anchor, child_id);
create table link.review_case as select 1 as case_id where false;
create table core.child as select unnest(['a', 'b', 'c']) as child_id;
create schema if not exists care;
create table care.migrant_status as
    select * from (values ('a', 'migrant'), ('b', 'migrant'), ('c', 'not_migrant')) as statuses(child_id, status);
create table prior.child as select unnest(['a', 'b', 'gone']) as child_id;
create table prior.child_redirect as select 'old' as child_id, 'b' as to_child_id;
create table prior.known_anchor as
    select * from (values (11, 'a'), (12, 'old'), (13, 'gone'), (99, 'gone')) as known(anchor, child_id);
"""
RECEIPTS = [ReceiptRow("education", "enrolment", "landed", 1, 8, 6, 1, 1)]


def judge(now, last=(), receipts=RECEIPTS) -> dict[str, type]:
    return {each.gate: type(each) for each in judge_release(SETTING, receipts, now, list(last), bounds.load())}


@pytest.fixture
def tables(building):
    building.execute(TABLES)
    return building


def release(
    children: int = 1000,
    entries: int = 3000,
    largest: int = 12,
    minted: int = 50,
    continuing: int = 900,
    kept: int = 900,
    migrants: int = 100,
    table: str = "education.enrolment",
    cases: int = 10,
) -> list[ProfileRow]:
    return [
        ProfileRow("std", "entry", "rows", table, entries),
        ProfileRow("link", "cluster", "children", "", children),
        ProfileRow("link", "cluster", "entries", "", entries),
        ProfileRow("link", "cluster", "largest", "", largest),
        ProfileRow("link", "child_event", "mint", "", minted),
        ProfileRow("link", "child_event", "continuing", "", continuing),
        ProfileRow("link", "child_event", "kept", "", kept),
        ProfileRow("link", "review_case", "rows", "", cases),
        ProfileRow("core", "child", "rows", "", children),
        ProfileRow("care", "migrant_status", "status", "migrant", migrants),
    ]


def test_a_release_in_which_everything_adds_up_passes(tables):
    assert judge(measure_release(tables, RECEIPTS)) == {}


def test_the_figures_of_a_release(tables):
    figures = {row[:4]: row.figure for row in measure_release(tables, RECEIPTS)}
    assert figures["std", "entry", "adults", ""] == 1
    assert figures["link", "entry_child", "export_rows", "education.enrolment"] == 6
    assert (figures["link", "cluster", "children", ""], figures["link", "cluster", "largest", ""]) == (3, 3)
    assert figures["link", "cluster", "size", "1"] == 2
    # a and b (once known as `old`) kept their ids; what was known of `gone` is now c's
    assert figures["link", "child_event", "continuing", ""] == 3
    assert figures["link", "child_event", "kept", ""] == 2
    assert figures["care", "migrant_status", "status", "migrant"] == 2


@pytest.mark.parametrize(
    "damage",
    [
        "delete from raw.education_enrolment where entry_id = 3",
        "delete from std.entry where entry_id = 3",
        "delete from link.entry_child where entry_id = 3",
        "insert into link.entry_child values (3, 'a')",
        "insert into link.entry_child values (5, 'a')",
        "update link.entry_child set child_id = null where entry_id = 3",
        "insert into link.entry_child values (77, 'a')",
        "delete from core.child where child_id = 'b'",
        "delete from care.migrant_status where child_id = 'b'",
    ],
)
def test_whatever_vanishes_or_doubles_stops_and_nobody_can_accept_it(tables, damage):
    tables.execute(damage)
    found = judge_release(SETTING, RECEIPTS, measure_release(tables, RECEIPTS), [], bounds.load())
    assert found
    assert all(isinstance(each, Stop) and each.gate == "accounting" and not each.acceptable for each in found)
    assert all("accept --" not in each.message_en for each in found)


def test_a_receipt_must_add_up(tables):
    receipts = [RECEIPTS[0]._replace(rows_read=9)]
    (found,) = judge_release(SETTING, receipts, measure_release(tables, receipts), [], bounds.load())
    assert "rows read 9, landed + repeated + quarantined 8" in found.message_en


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (release(), {}),
        (release(kept=899), {"ids_kept": Warn}),
        (release(kept=808), {"ids_kept": Stop}),
        (release(continuing=40, kept=30), {"ids_kept": Warn}),
        (release(minted=251), {"ids_minted": Warn}),
        (release(minted=501), {"ids_minted": Stop}),
        (release(minted=501, table="health.child_health"), {"ids_minted": Warn}),
        (release(children=1090, entries=3270), {}),
        (release(children=1110), {"children_changed": Warn}),
        (release(children=1300), {"children_changed": Stop, "cluster_sizes": Stop}),
        (release(children=1300, entries=3900), {"children_changed": Warn}),
        (release(children=700, entries=2100), {"children_changed": Warn}),
        (release(entries=3451), {"cluster_sizes": Stop}),
        (release(entries=3451, table="health.child_health"), {"cluster_sizes": Warn}),
        (release(largest=36), {}),
        (release(largest=37), {"cluster_sizes": Stop}),
        (release(migrants=131), {"migrants_changed": Warn}),
    ],
)
def test_a_release_against_the_published_one(now, found):
    assert judge(now, release(), receipts=[]) == found


def test_a_first_release_is_held_against_nothing():
    assert judge(release(minted=1000, kept=0), [], receipts=[]) == {}


def test_a_table_that_is_not_what_its_spec_says_stops_and_nobody_can_accept_it():
    difference = Difference("core.child", "born_on", "date", "varchar")
    (found,) = judge_conformity(SETTING, [difference])
    assert (found.gate, found.acceptable) == ("conformity", False)
    assert "core.child.born_on: the spec says date, the table has varchar" in found.message_en


def test_more_cases_than_stewards_can_answer_are_warned_of_in_a_first_release_too():
    assert judge(release(cases=31), [], receipts=[]) == {"review_queue": Warn}


@pytest.mark.parametrize(("severity", "kind"), [(Severity.STOP, Stop), (Severity.WARN, Warn)])
def test_a_broken_expectation_stops_where_it_says_so(severity, kind):
    broken = ValidationResult("core", "child", "unique", "child_id", False, 3, 100, 0.0, severity)
    (found,) = judge_expectations(SETTING, [broken])
    assert type(found) is kind
    assert "3 of 100 break unique of child_id" in found.message_en
    assert (
        judge_expectations(SETTING, [ValidationResult("core", "child", "unique", "x", True, 0, 1, 0.0, severity)]) == []
    )
