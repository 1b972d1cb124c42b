"""What a child is: values chosen by source and by agreement, and what they were chosen against."""

from datetime import date

import duckdb
import pytest

from tests.warehouse.core.town import Town

MAY = date(2016, 5, 1)
JUNE = date(2016, 6, 1)


def settled(town: Town) -> duckdb.DuckDBPyConnection:
    return town.settle(duckdb.connect(), rooms=["core"])


def child_of(town, column):
    return settled(town).execute(f"select {column} from core.child").fetchall()[0][0]


def test_the_stronger_of_two_sources_is_believed():
    town = Town()
    town.entry("c1", "insurance", born=JUNE)
    town.entry("c1", "hukou", born=MAY)
    assert child_of(town, "born_on") == MAY


def test_two_sources_that_agree_are_believed_against_a_stronger_one():
    town = Town()
    town.entry("c1", "hukou", born=MAY)
    town.entry("c1", "insurance", born=JUNE)
    town.entry("c1", "enrolment", born=JUNE)
    assert child_of(town, "born_on") == JUNE


def test_one_source_that_says_it_twice_is_still_one():
    town = Town()
    town.entry("c1", "hukou", born=MAY)
    town.entry("c1", "insurance", born=JUNE)
    town.entry("c1", "insurance", born=JUNE)
    assert child_of(town, "born_on") == MAY


def test_the_date_inside_a_sound_number_bears_a_birth_date_out():
    town = Town()
    town.entry("c1", "hukou", born=MAY)
    town.entry("c1", "insurance", born=JUNE, number="110105201606010015")
    assert child_of(town, "born_on") == JUNE


def test_a_full_date_is_believed_against_a_month():
    town = Town()
    town.entry("c1", "hukou", born=JUNE, precision="month")
    town.entry("c1", "insurance", born=MAY)
    found = settled(town).execute("select born_on, born_precision from core.child").fetchall()
    assert found == [(MAY, "day")]


def test_competing_values_are_kept_with_their_entries():
    town = Town()
    town.entry("c1", "hukou", name="王安", born=MAY)
    town.entry("c1", "insurance", name="王桉", born=MAY)
    con = settled(town)
    kept = con.execute("select field, value, entry_id, is_chosen from core.competing_value order by place").fetchall()
    assert kept == [("name", "王安", 1, True), ("name", "王桉", 2, False)]
    assert con.execute("select name, names_known, name_entry_id, born_on_known from core.child").fetchall() == [
        ("王安", 2, 1, 1)
    ]


def test_a_guardian_is_one_person_under_one_number():
    town = Town()
    town.entry("c1", "hukou", guardians=[("father", "王建国", "N1")])
    town.entry("c1", "enrolment", guardians=[("father", "王建囯", "N1"), ("mother", "李梅", None)])
    town.entry("c1", "health", guardians=[("mother", "李梅", "N2"), ("contact", "李梅", None)])
    con = settled(town)
    found = con.execute("select relation, name, citizen_no, entries from core.guardian order by guardian_no").fetchall()
    assert found == [("father", "王建国", "N1", 2), ("mother", "李梅", "N2", 2)]


def test_a_guardians_own_registration_stands_beside_it_unless_cancelled():
    town = Town()
    town.entry("c1", "hukou", guardians=[("father", "甲", "N1"), ("mother", "乙", "N2")])
    town.entry(None, "registration", number="N1", lives="429006", residence_since=date(2020, 1, 1))
    town.entry(None, "registration", number="N2", lives="429006", cancelled_on=date(2026, 1, 1))
    con = settled(town)
    found = con.execute("select citizen_no, residence_codes from core.guardian order by 1").fetchall()
    assert found == [("N1", ["429006"]), ("N2", None)]


def test_an_adults_entry_makes_no_child():
    town = Town()
    town.entry(None, "registration", number="N1", lives="429006")
    con = settled(town)
    assert con.execute("select count(*) from core.child").fetchall() == [(0,)]


def test_redirects_lead_to_the_end_of_the_chain():
    town = Town(redirects=(("c1", "c2"), ("c2", "c3")))
    con = settled(town)
    found = con.execute("select * from core.child_redirect order by 1").fetchall()
    assert found == [("c1", "c3"), ("c2", "c3")]


def test_a_circle_of_redirects_ends():
    town = Town(redirects=(("c1", "c2"), ("c2", "c1")))
    con = settled(town)
    assert con.execute("select count(*) from core.child_redirect").fetchall() == [(0,)]


def test_a_citizen_numbers_first_digits_are_never_a_hukou():
    town = Town()
    town.entry("c1", "enrolment", number="420502201605010015", lives="429006")
    con = settled(town)
    assert con.execute("select count(*) from core.hukou where is_chosen").fetchall() == [(0,)]


def chosen_hukou(town, child="c1"):
    rows = settled(town).execute("select county, source from core.hukou where is_chosen and child_id = ?", [child])
    return rows.fetchall()


def registered(town, county="429006", many=3):
    """Have the hukou register of a county come, with other children."""
    for number in range(many):
        town.entry(f"neighbour {number}", "hukou", hukou=county)
    return town


def test_who_is_missed_by_a_countys_own_register_has_its_hukou_where_others_say():
    town = registered(Town())
    town.entry("c1", "registration", hukou="429006", lives="429006")
    town.entry("c1", "enrolment", hukou="420502", lives="429006")
    assert chosen_hukou(town) == [("420502", "education/enrolment")]


def test_where_nobody_says_otherwise_the_child_is_believed_to_be_of_the_county():
    town = registered(Town())
    town.entry("c1", "enrolment", hukou="429006", lives="429006")
    assert chosen_hukou(town) == [("429006", "education/enrolment")]


def test_a_register_that_was_only_asked_about_some_speaks_against_nobody():
    town = registered(Town(), many=1)
    for number in range(3):
        town.entry(f"pupil {number}", "enrolment", hukou="429006")
    town.entry("c1", "registration", hukou="429006", lives="429006")
    town.entry("c1", "enrolment", hukou="420502", lives="429006")
    assert chosen_hukou(town) == [("429006", "public_security/residence")]


FATHER, MOTHER = ("father", "王强", "F1"), ("mother", "李芳", "M1")


@pytest.mark.parametrize(
    ("guardians", "hukous", "found"),
    [
        ([FATHER, MOTHER], {"F1": "420502", "M1": "420502"}, [("420502", "parents")]),
        ([MOTHER], {"M1": "420502"}, [("420502", "one_parent")]),
        ([FATHER, MOTHER], {"F1": "420502", "M1": "429005"}, []),
        ([FATHER, MOTHER], {"M1": "420502"}, []),
        ([("grandparent", "王强", "F1")], {"F1": "420502"}, []),
    ],
    ids=["both", "one that is named", "two places", "one of two", "a grandparent"],
)
def test_a_child_of_no_known_hukou_has_that_of_its_registered_parents_where_it_is_one(guardians, hukous, found):
    town = Town()
    town.entry("c1", "health", lives="429006", guardians=guardians)
    for number, county in hukous.items():
        town.entry(None, "registration", name=f"家长{number}", number=number, hukou=county, lives="429006")
    assert chosen_hukou(town) == found


@pytest.mark.parametrize(
    ("guardians", "found"),
    [([FATHER, MOTHER], [("420502", "parents")]), ([MOTHER], [("429006", "education/enrolment")])],
    ids=["both", "one"],
)
def test_both_parents_gainsay_a_school_where_the_countys_register_does_too(guardians, found):
    town = registered(Town())
    town.entry("c1", "enrolment", hukou="429006", lives="429006", guardians=guardians)
    for _, name, number in guardians:
        town.entry(None, "registration", name=name, number=number, hukou="420502", lives="429006")
    assert chosen_hukou(town) == found


def test_parents_say_nothing_of_a_hukou_that_is_known():
    town = Town()
    town.entry("c1", "health", hukou="429006", lives="429006", guardians=[MOTHER])
    town.entry(None, "registration", name="李芳", number="M1", hukou="420502", lives="429006")
    con = settled(town)
    assert con.execute("select reason, disagreeing from core.hukou order by reason").fetchall() == [
        ("known_itself", None),
        ("only_source", 0),
    ]


def test_at_most_one_claim_is_chosen_a_child():
    town = Town()
    for day in (1, 2):
        town.entry("c1", "registration", hukou="420502", lives="429006", residence_since=date(2024, 1, day))
        town.entry("c1", "enrolment", hukou="420503", lives="429005", enrolled_in=date(2024, day, 1))
    con = settled(town)
    for table in ("hukou", "residence"):
        assert con.execute(f"select count(*) from core.{table} where is_chosen").fetchall() == [(1,)]


def test_of_two_registrations_the_later_is_believed():
    town = Town()
    town.entry("c1", "registration", lives="429006", residence_since=date(2025, 1, 1))
    town.entry("c1", "registration", lives="420502", residence_since=date(2023, 1, 1))
    con = settled(town)
    assert con.execute("select county from core.residence where is_chosen").fetchall() == [("429006",)]


def test_a_claim_that_names_no_county_is_kept_and_says_so():
    town = Town()
    town.entry("c1", "enrolment", hukou="province", lives="prefecture")
    con = settled(town)
    assert con.execute("select reason, level from core.hukou").fetchall() == [("no_county", "province")]
    assert con.execute("select reason, level from core.residence where source = 'enrolment'").fetchall() == [
        ("no_county", "prefecture")
    ]
