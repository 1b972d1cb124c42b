"""Entries into profiles."""

from dataclasses import replace

import duckdb
import pytest

from matching import model
from matching.profiles import collapse, portion
from tests.matching.engines import county
from tests.matching.standing import Entry, Guardian, citizen_no, write_std

MODEL = model.load()


def _collapsed(entries: list[Entry]) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    write_std(con, entries)
    collapse.write_profiles(con, MODEL)
    return con


def _profiles(entries: list[Entry]) -> list[int]:
    rows = _collapsed(entries).execute("select profile_id from link.entry_profile order by entry_id").fetchall()
    return [row[0] for row in rows]


WANG_AN = Entry("王安", citizen_no=citizen_no(), guardians=(Guardian("李芳", phone="13911112222"), Guardian("王强")))


def test_entries_that_agree_on_everything_share_a_profile_named_by_the_least():
    other = Entry("赵敏", guardians=(Guardian("孙兰"),))
    assert _profiles([other, WANG_AN, replace(WANG_AN, key="k9"), other]) == [0, 1, 1, 0]


@pytest.mark.parametrize(
    "little",
    [
        Entry("赵敏"),
        Entry("赵敏", born_on=None),
        Entry("赵敏", born_on=None, guardians=(Guardian("孙兰"),)),
        Entry(None),
    ],
)
def test_entries_that_say_too_little_share_no_profile_though_they_agree(little):
    assert _profiles([little, replace(little, key="k9")]) == [0, 1]


@pytest.mark.parametrize("number", [{"insured_no": "A1"}, {"citizen_no": citizen_no()}, {"student_no": "L1"}])
def test_a_number_is_enough_to_share_a_profile(number):
    nameless = Entry(None, born_on=None, **number)
    assert _profiles([nameless, replace(nameless, key="k9")]) == [0, 0]


@pytest.mark.parametrize(
    "difference",
    [
        {"source": "health.child_health"},
        {"name": "王岸"},
        {"former_name": "王宝"},
        {"sex": None},
        {"born_precision": "month"},
        {"citizen_no": citizen_no(order=3)},
        {"citizen_no_state": "shared"},
        {"insured_no": "A1"},
        {"household_no": "7"},
        {"residence_county": None},
        {"residence_address": "人民路"},
        {"guardians": (Guardian("李芳", phone="13911112222"),)},
        {"guardians": (Guardian("李芳", phone="13911112223"), Guardian("王强"))},
        {"guardians": (Guardian("李芳", phone="13911112222", citizen_no=citizen_no(order=5)), Guardian("王强"))},
    ],
    ids=lambda difference: next(iter(difference)),
)
def test_a_difference_in_anything_comparable_makes_another_profile(difference):
    assert _profiles([WANG_AN, replace(WANG_AN, **difference)]) == [0, 1]


@pytest.mark.parametrize(
    ("fault", "is_of_number"),
    [(None, False), ("from_citizen_no", True), ("no_such_day", True), ("excel_serial", False), ("lunar", False)],
)
def test_a_birth_date_is_the_numbers_only_where_the_cell_told_none(fault, is_of_number):
    con = _collapsed([replace(WANG_AN, born_fault=fault)])
    assert con.execute("select is_birth_of_number from link.profile").fetchall() == [(is_of_number,)]


def test_the_order_of_guardians_makes_no_other_profile():
    assert _profiles([WANG_AN, replace(WANG_AN, guardians=WANG_AN.guardians[::-1])]) == [0, 0]


def test_an_adults_entry_has_no_profile_and_its_guardians_go_nowhere():
    con = _collapsed([replace(WANG_AN, is_adult=True), Entry("赵敏")])
    assert con.execute("select entry_id, entries, phone_keys from link.profile").fetchall() == [(1, 1, [])]


def test_what_two_entries_have_in_common_is_one_key():
    con = _collapsed([WANG_AN, Entry("王平", embedded_no=citizen_no(), guardians=(Guardian("李芳"),))])
    (shared,) = con.execute(
        "select list_intersect(a.number_keys, b.number_keys),"
        " list_intersect(a.guardian_name_keys, b.guardian_name_keys),"
        " list_intersect(a.phone_keys, b.phone_keys), a.birth_keys = b.birth_keys"
        " from link.profile as a join link.profile as b on a.profile_id < b.profile_id"
    ).fetchall()
    assert [len(keys) for keys in shared[:3]] == [1, 1, 0]
    assert shared[3]


def test_a_value_is_common_when_more_names_stand_at_it_than_a_family_has_children():
    names = ["王安", "李平", "赵敏", "孙权", "周瑜", "吴用"]
    school, home = Guardian(phone="02788888888"), Guardian(phone="13911112222")
    at_school = [Entry(name, guardians=(school,)) for name in names]
    at_home = [Entry(name, guardians=(home,), student_no=f"L{place}") for place, name in enumerate(names[:5] * 2)]
    con = _collapsed([*at_school, *at_home])
    assert con.execute("select kind, children from link.common_value").fetchall() == [("phone", 6)]


def test_children_without_a_name_count_as_one():
    names = ["王安", "李平", "赵敏", "孙权", "周瑜", None, None]
    school = Guardian(phone="02788888888")
    con = _collapsed([Entry(name, guardians=(school,), student_no=f"L{at}") for at, name in enumerate(names)])
    assert con.execute("select children from link.common_value where kind = 'phone'").fetchall() == [(6,)]


def test_no_entries_are_no_profiles():
    con = _collapsed([replace(WANG_AN, is_adult=True)])
    for table in ("profile", "entry_profile", "common_value"):
        assert con.execute(f"select count(*) from link.{table}").fetchall() == [(0,)]


def test_entries_taken_in_portions_make_the_same_profiles(monkeypatch):
    con = duckdb.connect()
    write_std(con, [*county.entries(40), *county.entries(20), WANG_AN, Entry("赵敏"), Entry("赵敏")])
    found = {}
    for at_once in (10**6, 50, 1):
        monkeypatch.setattr(portion, "_ENTRIES_AT_ONCE", at_once)
        collapse.write_profiles(con, MODEL)
        tables = ("profile", "entry_profile", "common_value")
        found[at_once] = [con.execute(f"from link.{table}").fetchall() for table in tables]
    assert any(entries > 1 for _, entries, *_ in found[1][0])
    assert found[1] == found[50] == found[10**6]
