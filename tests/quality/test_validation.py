"""Suites counted by Great Expectations over the open connection, and nothing of the table leaving it."""

import json
import logging
import os
import socket
from dataclasses import replace
from datetime import date

import duckdb
import pytest

from quality import validation
from quality.expectations import Expectation, Kind, Severity, Statement, Suite, not_null, statements, unique
from quality.validation import NotValidated, ValidationResult, Validator, borrow, validate

CANARY = "13800009999"


@pytest.fixture
def entries(building: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    building.execute(
        f"create table std.entry as select i as entry_id, i % 90 as half, "
        f"case when i % 10 = 0 then '{CANARY}' else 'male' end as sex, "
        "case when i % 4 > 0 then date '2015-01-01' + i::int end as born_on from range(100) as numbers(i)"
    )
    return building


def expect(kind: Kind, *columns: str, severity: Severity = Severity.WARN, bound: float = 0.0, **rest) -> Suite:
    return Suite("std", "entry", (Expectation(kind, columns, severity, bound, **rest),))


@pytest.mark.parametrize(
    ("suite", "unexpected", "total"),
    [
        (expect(Kind.NOT_NULL, "entry_id"), 0, 100),
        (expect(Kind.NOT_NULL, "born_on"), 25, 100),
        (expect(Kind.UNIQUE, "entry_id"), 0, 100),
        (expect(Kind.UNIQUE, "half"), 10, 100),
        (expect(Kind.UNIQUE, "half", "entry_id"), 0, 100),
        (expect(Kind.UNIQUE, "born_on"), 0, 100),  # nulls are NOT_NULL's business
        (expect(Kind.IN_SET, "sex", values=("male", "it's")), 10, 100),
        (expect(Kind.IN_RANGE, "born_on", ends=(date(2015, 1, 11), None)), 7, 75),
        (expect(Kind.IN_RANGE, "half", ends=(0, 88)), 1, 100),
        (expect(Kind.SHAPE, "sex", breaks="not regexp_full_match(sex, '[a-z]{3,5}')"), 10, 100),
        (expect(Kind.REFERENCE, "half", refers_to=("std.entry", "entry_id")), 0, 100),
        (expect(Kind.REFERENCE, "entry_id", refers_to=("std.entry", "half")), 10, 100),
        (expect(Kind.ROW_RULE, breaks="not (half <= entry_id)", name="half <= entry_id"), 0, 100),
    ],
    ids=lambda case: (
        f"{case.expectations[0].kind} of {case.expectations[0].columns}" if isinstance(case, Suite) else ""
    ),
)
def test_each_kind_counts_what_breaks_it(entries, suite, unexpected, total):
    (result,) = Validator(lambda: borrow(entries)).validate(suite)
    assert (result.unexpected, result.total, result.success) == (unexpected, total, unexpected == 0)


def test_a_share_up_to_the_bound_passes(entries):
    suite = Suite(
        "std", "entry", (*not_null(["born_on"], Severity.WARN, 0.25), *not_null(["born_on"], Severity.STOP, 0.24))
    )
    within, beyond = validate(entries, [suite])
    assert (within.success, within.stops) == (True, False)
    assert (beyond.success, beyond.stops) == (False, True)


def test_expectations_counted_together_come_to_what_each_comes_to(entries):
    of_rows = [
        *not_null(["entry_id", "sex", "half"], Severity.STOP),
        Expectation(Kind.IN_RANGE, ("half",), Severity.STOP),
    ]
    sound = replace(of_rows[-1], ends=(0, 89))
    broken = replace(of_rows[-1], ends=(0, 88))
    suites = [Suite("std", "entry", (*of_rows[:3], unique(["half"], Severity.WARN), each)) for each in (sound, broken)]
    assert [result.unexpected for result in validate(entries, suites)] == [0, 0, 0, 10, 0, 0, 0, 0, 10, 1]


def test_of_rules_counted_together_the_one_that_fails_is_named(entries):
    rules = [
        Expectation(Kind.ROW_RULE, (), Severity.STOP, breaks=sql, name=sql) for sql in ("half < 0", "sex::int > 1")
    ]
    with pytest.raises(NotValidated, match=r"row_rule of sex::int > 1 could not be counted \(ConversionException\)"):
        validate(entries, [Suite("std", "entry", tuple(rules))])


def test_a_table_whose_rows_cannot_be_read_is_named_and_not_quoted(entries):
    entries.execute("create view std.unreadable as select sex::int as sex from std.entry")
    with pytest.raises(NotValidated, match=r"std\.unreadable: rows could not be counted") as failed:
        validate(entries, [Suite("std", "unreadable", (expect(Kind.IN_RANGE, "sex", ends=(0, 1)).expectations))])
    assert CANARY not in repr([failed.value, failed.value.__cause__, failed.value.__context__])


def test_what_fails_only_together_is_counted_singly(entries, monkeypatch):
    suite = Suite("std", "entry", (*not_null(["born_on"], Severity.WARN), unique(["half"], Severity.WARN)))
    too_much = [Statement("select error('out of memory')", each.counted) for each in statements(suite)]
    monkeypatch.setattr(validation, "statements", lambda _: too_much)
    assert [result.unexpected for result in validate(entries, [suite])] == [25, 10]


def test_a_column_that_is_gone_stops_and_the_rest_is_still_counted(entries):
    suite = Suite("std", "entry", (unique(["entry_id", "gone"], Severity.WARN), *not_null(["sex"], Severity.WARN)))
    gone, filled = validate(entries, [suite])
    assert gone == ValidationResult("std", "entry", "column_exists", "gone", False, 100, 100, 0.0, Severity.STOP)
    assert filled.success


def test_a_table_that_is_not_there_is_named(entries):
    with pytest.raises(LookupError, match=r"std\.nowhere: no such table"):
        validate(entries, [Suite("std", "nowhere", tuple(not_null(["a"], Severity.WARN)))])


def test_validation_sees_what_the_writer_has_not_published(entries):
    entries.execute("insert into std.entry values (100, null, null, null)")
    assert [result.unexpected for result in validate(entries, [expect(Kind.NOT_NULL, "half")])] == [1]


def test_one_validator_counts_anew_each_time(entries):
    validator = Validator(lambda: borrow(entries))
    suite = expect(Kind.NOT_NULL, "half")
    before = validator.validate(suite)
    entries.execute("insert into std.entry values (100, null, null, null)")
    entries.execute("create table std.again as from std.entry where half is null")
    counts = [before, validator.validate(suite), validator.validate(suite, table="again")]
    assert [(result.unexpected, result.total) for (result,) in counts] == [(0, 100), (1, 101), (1, 1)]


def test_validation_leaves_no_transaction_that_would_bar_the_checkpoint(entries):
    validator = Validator(lambda: borrow(entries))
    validator.validate(expect(Kind.NOT_NULL, "half"))
    with pytest.raises(NotValidated):
        validator.validate(expect(Kind.ROW_RULE, breaks="sex::integer > 1", name="a cast that fails"))
    entries.execute("create or replace table std.entry as select 1 as half")
    entries.execute("checkpoint")


def test_no_value_reaches_results_errors_or_logs(entries, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    broken = [
        expect(Kind.IN_SET, "sex", values=("male",)),
        expect(Kind.SHAPE, "sex", breaks="not regexp_full_match(sex, '[a-z]+')"),
        expect(Kind.UNIQUE, "sex"),
        expect(Kind.REFERENCE, "sex", refers_to=("std.entry", "entry_id::varchar")),
        expect(Kind.ROW_RULE, breaks="sex::integer > 1", name="a cast that fails"),
    ]
    told = []
    for suite in broken:
        try:
            told += [str(result) for result in validate(entries, [suite])]
        except NotValidated as error:
            told += [str(error), repr(error.__cause__), repr(error.__context__)]
    out, err = capfd.readouterr()
    assert any("ConversionException" in words for words in told), told
    assert CANARY not in json.dumps(told) + caplog.text + out + err


def test_great_expectations_calls_nobody(entries, monkeypatch):
    called = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: called.append(address))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *address, **_: called.append(address))
    monkeypatch.delenv("GX_ANALYTICS_ENABLED", raising=False)
    validate(entries, [expect(Kind.NOT_NULL, "half")])
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"
    assert called == []


def test_a_statement_selects_counts_and_no_column_of_the_table():
    shape = Expectation(Kind.SHAPE, ("sex",), Severity.WARN, breaks="not regexp_full_match(sex, '[a-z]{1}(?:x)?')")
    of_rows, of_keys = statements(Suite("std", "entry", (unique(["half"], Severity.WARN), shape)))
    assert of_rows.counted == ("", "sex", shape)
    assert of_rows.sql == (
        """select count(*), count("sex"), count(*) filter (where not regexp_full_match(sex, '[a-z]{1}(?:x)?')) """
        'from "std"."entry"'
    )
    assert of_keys.sql.startswith("select coalesce(sum(times - 1), 0)::bigint from (")


def test_a_pattern_may_hold_colons_and_braces(entries):
    pattern = expect(Kind.SHAPE, "sex", breaks="not regexp_full_match(sex, '(?:[a-z]{3,5}|:b%)')")
    assert [result.unexpected for result in validate(entries, [pattern])] == [10]
