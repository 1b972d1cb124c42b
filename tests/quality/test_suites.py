"""What is expected of a table comes out of its spec, and what of it stops."""

from datetime import date

import pytest

from policy.period import Period
from quality import bounds, suites
from quality.expectations import Kind, Severity
from quality.validation import validate
from warehouse import specs as tables
from warehouse.specs import read

AS_OF = Period("2026H1").as_of
HOME = """
room: core
table: home
title: 居所
grain: one row a child
key: [child_id]
columns:
  child_id: {type: varchar, required: true, title: 编号, expect: {full_match: "c[a-z2-7]{13}", unique: true}}
  since: {type: date, title: 起, expect: {at_least: "1990-01-01", at_most: "2026-06-30"}}
  county: {type: varchar, title: 县, expect: {references: mart.county.county, one_of: ["429006", "it's"]}}
expect_rows: ["since is not null or county is null"]
"""


@pytest.fixture
def enrolment(feeds):
    return feeds["education", "enrolment"]


def broken(results) -> set[tuple[str, str]]:
    return {(result.column, result.expectation) for result in results if not result.success}


def test_of_a_sound_delivery_nothing_is_broken(building, feeds, make_raw):
    for spec in feeds.values():
        make_raw(spec, 200)
    assert broken(validate(building, suites.of_deliveries(feeds.values(), bounds.load()))) == set()


@pytest.mark.parametrize(
    ("column", "cell", "expectation"),
    [
        ("student_no", "case when i % 50 = 0 then null else 'G' || i end", "not_null"),
        ("student_no", "'G' || (i // 2)", "unique"),
        ("name", "case when i % 20 = 0 then null else '王安' end", "not_null"),
        ("citizen_no", "'1.10108E+17'", "shape:citizen_no"),
        ("born_on", "'2015年5月1日'", "shape:date"),
        ("enrolled_in", "'秋季'", "shape:month"),
        ("residence_division_code", "'天门市'", "shape:division"),
        ("guardian1_phone", "'无'", "shape:phone"),
    ],
)
def test_row_faults_warn_and_never_stop(building, enrolment, make_raw, column, cell, expectation):
    make_raw(enrolment, 1000, **{column: cell})
    results = validate(building, [suites.delivered(enrolment, bounds.load())])
    assert broken(results) == {(column, expectation)}
    assert not any(result.stops for result in results)


def test_a_blank_cell_has_no_shape_to_break(building, enrolment, make_raw):
    make_raw(enrolment, 100, citizen_no="null::varchar")
    assert broken(validate(building, [suites.delivered(enrolment, bounds.load())])) == set()


def test_a_typed_table_of_sound_entries_is_sound(building, feeds, make_typed):
    for spec in feeds.values():
        make_typed(spec, 100)
    building.execute(
        "create table std.entry as "
        + " union all ".join(f"from std.{s.raw_table} select entry_id" for s in feeds.values())
    )
    assert broken(validate(building, suites.of_entries(feeds.values(), [], AS_OF, bounds.load()))) == set()


def test_a_typed_table_stops_on_its_structure_and_warns_of_its_values(building, enrolment, make_typed):
    make_typed(enrolment, 100, born_on="date '2026-07-01'", school_stage="'小学'")
    building.execute("create table std.entry as select entry_id from std.education_enrolment where entry_id % 2 = 0")
    results = validate(building, [suites.typed(enrolment, AS_OF, bounds.load())])
    assert {(result.column, result.expectation, result.severity) for result in results if not result.success} == {
        ("entry_id", "reference", Severity.STOP),
        ("school_stage", "in_set", Severity.STOP),
        ("born_on", "in_range", Severity.WARN),
    }


def test_a_permit_may_run_out_after_the_reference_date(feeds):
    typed = suites.typed(feeds["public_security", "residence"], AS_OF, bounds.load())
    ends = {e.columns[0]: e.ends[1] for e in typed.expectations if e.kind is Kind.IN_RANGE}
    assert ends["permit_valid_to"] is None
    assert ends["registered_on"] == AS_OF


def test_a_table_of_our_own_is_expected_to_be_what_its_spec_says(building):
    building.execute("create table mart.county as select '429006' as county")
    building.execute(
        "create table core.home as select * from (values ('caaaaaaaaaaaaa', date '2020-01-01', '429006'), "
        "('caaaaaaaaaaaab', null, null)) as home(child_id, since, county)"
    )
    suite = suites.table(read(HOME, "home.yml"))
    warned = {e.kind for e in suite.expectations if e.severity is Severity.WARN}
    assert warned == {Kind.IN_RANGE, Kind.SHAPE, Kind.ROW_RULE}
    assert broken(validate(building, [suite])) == set()

    building.execute("insert into core.home values ('42', date '2027-01-01', '000000'), ('42', null, '429006')")
    assert broken(validate(building, [suite])) == {
        ("child_id", "unique"),
        ("child_id", "shape"),
        ("since", "in_range"),
        ("county", "in_set"),
        ("county", "reference"),
        ("", "row_rule:since is not null or county is null"),
    }


def test_the_same_expectations_in_std_warn_of_values(building):
    suite = suites.table(read(HOME.replace("room: core", "room: std"), "home.yml"))
    stops = {e.kind for e in suite.expectations if e.severity is Severity.STOP}
    assert stops == {Kind.UNIQUE, Kind.NOT_NULL}


def test_ends_of_dates_are_dates():
    (since,) = (e for e in suites.table(read(HOME, "home.yml")).expectations if e.kind is Kind.IN_RANGE)
    assert since.ends == (date(1990, 1, 1), date(2026, 6, 30))


def test_every_table_spec_renders(feeds):
    rendered = suites.of_published(tables.load().values())
    rendered += suites.of_entries(feeds.values(), tables.load().values(), AS_OF, bounds.load())
    names = [(suite.room, suite.table) for suite in rendered]
    assert len(names) == len(set(names))
    assert ("std", "education_enrolment") in names
