"""What one child's entries may have in common when a department got something wrong."""

from datetime import date

import duckdb

from matching import linkage, model
from tests.matching.standing import Entry, Guardian, citizen_no, write_std

MODEL = model.load()
MOTHER = Guardian("李芳", citizen_no(date(1988, 3, 4), 22, "420984"), "13911112222")
HEALTH, HUKOU, INSURANCE, ALERT = (
    "health.child_health",
    "public_security.hukou",
    "medical_insurance.enrolment",
    "medical_insurance.high_cost_alert",
)
WELFARE = "civil_affairs.welfare"


def _linked(*entries: Entry) -> tuple[duckdb.DuckDBPyConnection, int]:
    """The linkage of a few entries, and how many children it makes of them."""
    con = duckdb.connect()
    write_std(con, list(entries))
    linkage.link(con, MODEL, "2026H1")
    (children,) = con.execute("select count(distinct child_id) from link.entry_child").fetchone() or (0,)
    return con, children


def test_a_former_name_is_the_childs():
    renamed = Entry("王新宇", HUKOU, former_name="王小虎", guardians=(MOTHER,))
    con, children = _linked(renamed, Entry("王小虎", HEALTH, guardians=(MOTHER,)))
    assert con.execute("select name from link.pattern").fetchall() == [("equal",)]
    assert children == 1


def test_sisters_whose_names_end_in_a_character_nobody_could_write_are_two():
    con, children = _linked(
        Entry("李琳□", born_on=date(2016, 2, 23), guardians=(MOTHER,)),
        Entry("李琳□", HEALTH, born_on=date(2021, 11, 20), guardians=(MOTHER,)),
    )
    assert con.execute("select name from link.pattern").fetchall() == [("unknown_character",)]
    assert children == 2


def test_one_child_under_two_keys_of_a_feed_is_one_child():
    _, children = _linked(
        Entry(key="HP1", source=HEALTH, citizen_no=citizen_no(), guardians=(MOTHER,)),
        Entry(key="HP2", source=HEALTH, citizen_no=citizen_no(), guardians=(MOTHER,), residence_address="解放路12"),
    )
    assert children == 1


def test_an_unverified_number_is_evidence_and_no_key():
    wrong = citizen_no()[:-1] + ("0" if citizen_no()[-1] != "0" else "1")
    _, children = _linked(
        Entry("赵大海", citizen_no_unverified=wrong, citizen_no_state="failed_check", born_on=date(2012, 9, 9)),
        Entry("王安", HEALTH, citizen_no_unverified=wrong, citizen_no_state="failed_check"),
    )
    assert children == 2


def test_the_insured_persons_number_in_both_tables_of_the_bureau_is_one_person():
    _, children = _linked(
        Entry(source=INSURANCE, insured_no="429006000017"),
        Entry(
            source=ALERT, insured_no="429006000017", born_on=None, sex=None, residence_county=None, hukou_county=None
        ),
    )
    assert children == 1


def test_a_name_with_one_character_wrong_is_found_by_the_rest_of_it_and_the_birth_date():
    con, _ = _linked(Entry("王志浩"), Entry("王忘浩", HEALTH), Entry("张志浩", HEALTH, born_on=date(2012, 3, 4)))

    assert _found_by(con) == [((0, 1), "name_rest_birth")]


def test_a_name_is_found_beside_a_birth_date_with_another_year_or_another_day():
    con, _ = _linked(
        Entry("王志浩", born_on=date(2012, 3, 4)),
        Entry("王志浩", HEALTH, born_on=date(2013, 3, 4), residence_county="110101", hukou_county=None),
        Entry("王志浩", HUKOU, born_on=date(2012, 3, 14), residence_county="110102", hukou_county=None),
    )

    assert _found_by(con) == [((0, 1), "name_month"), ((0, 2), "name_month")]


def test_a_rare_name_in_one_county_is_found_without_any_birth_date():
    con, _ = _linked(Entry("王志浩"), Entry("王志浩", WELFARE, born_on=None, sex=None, residence_county=None))

    assert _found_by(con) == [((0, 1), "name_county")]


def _found_by(con: duckdb.DuckDBPyConnection) -> list[tuple[tuple[int, int], str]]:
    """Candidate pairs and the last rule that found each."""
    rows = con.execute("select left_profile, right_profile, rules from link.candidate_pair order by all").fetchall()
    return [((left, right), MODEL.rule_names[rules.bit_length() - 1]) for left, right, rules in rows]
