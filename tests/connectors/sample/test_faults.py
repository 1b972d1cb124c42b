"""Faults come at about their rates, can be seen in the files, and are all gone at a factor of nought."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import fields, replace
from pathlib import Path

import pytest

from connectors.sample import DEFAULT, KINDS, SampleSummary, write
from connectors.sample.faults import lunar_birthday, same_sound
from tests.connectors.sample.deliveries import BORN, NAME, NUMBER, children_of, table_rows

NO_FAULTS = {"long_code", "hand_typed", "everyday_name", "everyday_birthday", "second_key"}
FAULTS = sorted({each.name for each in fields(DEFAULT)} - NO_FAULTS)
TEXT_TABLES = tuple(NAME)


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_occurs_at_about_its_rate(tianmen: SampleSummary, lhasa: SampleSummary, fault: str) -> None:
    found = [summary.made(fault) for summary in (tianmen, lhasa)]
    made, chances, expected = (sum(each[part] for each in found) for part in range(3))
    assert chances > 0
    assert abs(made - expected) <= 5 * expected**0.5 + 3


def cells(summary: SampleSummary, columns: dict[str, str]) -> list[str]:
    return [
        row.cells[columns[table]]
        for period in summary.periods
        for table in columns
        for row in table_rows(summary.folder, period.period, table)
    ]


def share(values: list[str], pattern: str) -> float:
    there = [value for value in values if value]
    return sum(bool(re.fullmatch(pattern, value)) for value in there) / len(there)


@pytest.mark.parametrize(
    ("pattern", "least", "most"),
    [
        (r"'?\d\.\d+E\+17", 0.0005, 0.008),
        (r"\d{15}000", 0.0005, 0.008),
        (r".*x", 0.005, 0.04),
        (r"[０-９Ｘ]{18}", 0.001, 0.008),
        (r"\d{6}-\d{8}-.{4}", 0.0005, 0.006),
        (r"'\d{17}.", 0.002, 0.01),
        (r"\d{6} \d{8} .{4}", 0.001, 0.01),
        (r"\d{15}", 0.0001, 0.004),
    ],
)
def test_spoilt_numbers_are_in_the_files(tianmen: SampleSummary, pattern: str, least: float, most: float) -> None:
    assert least < share(cells(tianmen, NUMBER), pattern) < most


@pytest.mark.parametrize(
    "pattern",
    [r"1900.?01.?01", r"\d{4}.?(02.?3[01]|04.?31|13.?05|00.?00)", r"\d{5}", r"\d\d[-/]\d\d[-/]\d\d|\d{6}"],
)
def test_spoilt_birth_dates_are_in_the_files(tianmen: SampleSummary, pattern: str) -> None:
    assert 0.0003 < share(cells(tianmen, BORN), pattern) < 0.02


@pytest.mark.parametrize(
    ("table", "least", "most"),
    [
        ("public_security.hukou", 0.0, 0.08),
        ("education.enrolment", 0.3, 0.5),
        ("health.child_health", 0.6, 0.85),
        ("medical_insurance.enrolment", 0.1, 0.45),
    ],
)
def test_numbers_are_missing_by_feed(tianmen: SampleSummary, table: str, least: float, most: float) -> None:
    numbers = [row.cells[NUMBER[table]] for row in table_rows(tianmen.folder, "2026H1", table)]
    assert least <= numbers.count("") / len(numbers) <= most


def test_names_of_one_child_differ_in_a_few_rows_of_a_hundred(tianmen: SampleSummary) -> None:
    known = children_of(tianmen.folder, "2026H1", "public_security.hukou")
    registered = {
        known[row.file, row.row]: row.cells["XM"]
        for row in table_rows(tianmen.folder, "2026H1", "public_security.hukou")
        if (row.file, row.row) in known
    }
    pupils = children_of(tianmen.folder, "2026H1", "education.enrolment")
    same = [
        registered[pupils[row.file, row.row]] == row.cells["姓名"]
        for row in table_rows(tianmen.folder, "2026H1", "education.enrolment")
        if pupils.get((row.file, row.row)) in registered
    ]
    assert 0.02 < 1 - sum(same) / len(same) < 0.15


def test_a_child_has_the_same_pet_name_wherever_it_is_written(tmp_path: Path) -> None:
    only_pet_names = replace(DEFAULT.scaled(0), nickname=0.95)
    summary = write(tmp_path, jurisdiction="429006", children=300, periods=["2026H1"], seed=5, faults=only_pet_names)
    written: dict[str, list[str]] = defaultdict(list)
    for table in ("education.enrolment", "medical_insurance.enrolment"):
        known = children_of(summary.folder, "2026H1", table)
        for row in table_rows(summary.folder, "2026H1", table):
            written[known[row.file, row.row]].append(row.cells["姓名"])
    twice = [names for names in written.values() if len(names) > 1]
    assert len(twice) > 100
    assert sum(len(set(names)) == 1 for names in twice) > 0.85 * len(twice)


def test_records_that_were_not_brought_up_to_date_hold_one_former_phone(tmp_path: Path) -> None:
    rates = replace(DEFAULT.scaled(0), former_phone=0.4)
    summary = write(tmp_path, jurisdiction="429006", children=300, periods=["2026H1"], seed=5, faults=rates)
    phones: dict[str, set[str]] = defaultdict(set)
    for row in table_rows(summary.folder, "2026H1", "medical_insurance.enrolment"):
        phones[row.cells["监护人证件号"]].add(row.cells["联系电话"])
    assert {len(found) for found in phones.values()} == {1, 2}


def test_newborns_are_entered_as_their_mothers_sons_and_daughters(tianmen: SampleSummary) -> None:
    names = [row.cells["儿童姓名"] for row in table_rows(tianmen.folder, "2026H1", "health.child_health")]
    assert sum(name.endswith(("之子", "之女")) for name in names) >= 3


def test_tibetan_names_come_in_other_writing(lhasa: SampleSummary) -> None:
    text = "\n".join(cells(lhasa, NAME))
    assert re.search(r"[ༀ-࿿]{3}", text)
    assert re.search(r"[A-Z][a-z]{2,} [A-Z][a-z]", text)


def test_retired_codes_and_placeholders_are_delivered(tianmen: SampleSummary) -> None:
    codes = cells(tianmen, {"public_security.hukou": "SSXQ", "education.enrolment": "现住址行政区划码"})
    assert "999999" in codes
    assert "湖北省天门市" in codes
    assert any(code.startswith(("42900", "42240", "42242", "42242")) and code[:6] != "429006" for code in codes if code)


def test_without_faults_every_number_is_blank_or_sound(tmp_path: Path) -> None:
    summary = write(tmp_path, jurisdiction="540100", children=400, periods=["2026H1"], seed=2, faults=DEFAULT.scaled(0))
    assert sum(made for made, _, _ in summary.faults.values()) == 0
    assert all(re.fullmatch(r"(\d{17}[\dX]|[A-Z]\d{9}|)", number) for number in cells(summary, NUMBER))
    assert all(re.fullmatch(r"(19|20)\d{2}.?\d{2}.?\d{2}", born) for born in cells(summary, BORN))


def test_rates_scale_and_stay_below_one() -> None:
    doubled = DEFAULT.scaled(2)
    assert doubled.same_sound == 2 * DEFAULT.same_sound
    assert doubled.number_missing["health.child_health"][0] == 0.95
    assert doubled.hand_typed == DEFAULT.hand_typed
    with pytest.raises(ValueError, match="factor of 0 or more"):
        DEFAULT.scaled(-1)


def test_the_lunar_new_year_of_2020_is_written_as_the_first_of_january() -> None:
    assert lunar_birthday(18_286, "%Y-%m-%d") == "2020-01-01"  # 25 January 2020


@pytest.mark.parametrize("seed", range(20))
def test_a_name_that_sounds_alike_differs_in_one_character(seed: int) -> None:
    other = same_sound("王浩宇", seed)
    assert len(other) == 3
    assert sum(one != two for one, two in zip("王浩宇", other, strict=True)) == 1


def test_every_fault_belongs_to_one_kind() -> None:
    named = [fault for kind in KINDS.values() for fault in kind]
    assert sorted(named) == sorted({each.name for each in fields(DEFAULT)} - {"long_code", "hand_typed"})


def test_a_kind_that_is_switched_off_does_not_occur(tmp_path: Path) -> None:
    rates = DEFAULT.without("date", "missing_number")
    summary = write(tmp_path, jurisdiction="429006", children=300, periods=["2026H1"], seed=5, faults=rates)
    assert all(summary.made(fault)[0] == 0 for fault in (*KINDS["date"], *KINDS["missing_number"]))
    assert summary.made("spaces_in_name")[0] > 0


def test_an_unknown_kind_is_refused_with_those_known() -> None:
    with pytest.raises(ValueError, match="missing_number"):
        DEFAULT.without("weather")


def test_told_faults_stand_beside_the_rows_that_have_them(tmp_path: Path) -> None:
    told, plain = tmp_path / "told", tmp_path / "plain"
    for out, tell in ((told, True), (plain, False)):
        write(out, jurisdiction="429006", children=300, periods=["2026H1"], seed=5, tell_faults=tell)
    faults = [line.split(",") for line in (told / "truth" / "faults_2026H1.csv").read_text("utf-8").splitlines()[1:]]
    table = "health.child_health"
    of_number = [each for each in faults if each[1] == "child_health" and each[4].split(" ")[0] == NUMBER[table]]
    full_width, missing = (
        {(file, int(row)) for _, _, file, row, _, fault in of_number if fault == which}
        for which in ("full_width", "number_missing")
    )
    rows = {(row.file, row.row): row.cells[NUMBER[table]] for row in table_rows(told, "2026H1", table)}
    assert {at for at, number in rows.items() if re.search("[０-９]", number)} == full_width & set(rows)
    assert missing & set(rows)
    assert all(rows[at] == "" for at in missing & set(rows))
    assert not (plain / "truth" / "faults_2026H1.csv").exists()
    for path in (plain / "inbox").rglob("*.csv"):
        assert path.read_bytes() == (told / "inbox" / path.relative_to(plain / "inbox")).read_bytes()
