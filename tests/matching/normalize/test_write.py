from datetime import date
from typing import Any

import pytest

from tests.matching.normalize.landed import entry, faults, normalized, normalized_with_summary, sound_number

CHILD = sound_number("42900620160305001")
SIBLING = sound_number("42900620180911002")
MOTHER = sound_number("42900619900101002")


def pupil(**given: str | None) -> dict[str, Any]:
    return {"name": "王梓涵", "sex": "男", "born_on": "20160305", "citizen_no": CHILD} | given


def test_a_clean_entry_comes_through_whole():
    con = normalized(education__enrolment=[pupil(hukou_division_code="429006", ethnic_code="汉族")])

    found = entry(con)
    assert found["born_on"] == date(2016, 3, 5)
    assert (found["born_precision"], found["born_fault"]) == ("day", None)
    assert (found["citizen_no"], found["citizen_no_state"]) == (CHILD, "sound")
    assert (found["sex"], found["ethnic_code"], found["hukou_county"]) == ("male", "01", "429006")
    assert found["is_adult"] is False
    assert faults(con) == set()


@pytest.mark.parametrize(
    ("citizen_no", "state", "unverified"),
    [
        (CHILD.lower(), "sound", None),
        (
            CHILD[:17] + ("0" if CHILD[17] != "0" else "1"),
            "failed_check",
            CHILD[:17] + ("0" if CHILD[17] != "0" else "1"),
        ),
        ("4.29006E+17", "destroyed", None),
        (CHILD[:15] + "000", "destroyed", None),
        ("", "blank", None),
        (None, "blank", None),
        ("E12345678", "other_document", None),
        (MOTHER, "guardian", None),
    ],
)
def test_a_number_is_a_key_only_where_it_is_sound_and_the_childs_own(citizen_no, state, unverified):
    found = entry(normalized(education__enrolment=[pupil(citizen_no=citizen_no)]))

    assert found["citizen_no_state"] == state
    assert found["citizen_no"] == (CHILD if state == "sound" else None)
    assert found["citizen_no_unverified"] == unverified


@pytest.mark.parametrize("destroyed", ["4.29006E+17", CHILD[:15] + "000"])
def test_a_row_whose_number_excel_destroyed_is_kept_and_counted(destroyed):
    con, summary = normalized_with_summary(education__enrolment=[pupil(citizen_no=destroyed), pupil()])

    assert summary.entries == 2
    assert summary.faults["destroyed"] == 1
    assert entry(con)["name_id"] == entry(con, 2)["name_id"]


def test_a_passport_is_another_document():
    assert entry(normalized(education__enrolment=[pupil(citizen_no=" e1234 5678")]))["other_document_no"] == "E12345678"


def test_a_birth_certificate_in_the_field_of_the_number_is_one_where_an_entry_has_it_for_one():
    con = normalized(
        education__enrolment=[
            pupil(citizen_no="s 247581711", document_kind="居民身份证"),
            pupil(citizen_no="H039895974"),
        ],
        health__child_health=[
            {"name": "高霞之女", "birth_certificate_no": "S247581711"},
            {"name": "高霞之女", "birth_certificate_no": "Ｓ247581711", "citizen_no": "P039876541"},
        ],
    )

    told = [
        (entry(con, place)["birth_certificate_no"], entry(con, place)["other_document_no"]) for place in range(1, 5)
    ]
    certificate = "S247581711"
    assert told == [(certificate, None), (None, "H039895974"), (certificate, None), (certificate, "P039876541")]


def test_the_kind_of_document_tells_a_passport_from_a_broken_number():
    con = normalized(
        education__enrolment=[
            pupil(citizen_no="123456789", document_kind="护照"),
            pupil(citizen_no="123456789", document_kind="居民身份证"),
            pupil(citizen_no="123456789"),
        ]
    )

    states = [entry(con, place)["citizen_no_state"] for place in (1, 2, 3)]
    assert states == ["other_document", "malformed", "malformed"]


def test_a_guardians_number_in_the_childs_field_becomes_evidence_about_the_guardian():
    con = normalized(education__enrolment=[pupil(citizen_no=MOTHER, guardian1_name="李芳")])

    found = con.execute("select slot, citizen_no from std.guardian order by slot").fetchall()
    assert found == [("citizen_no", MOTHER), ("guardian1", None)]
    assert ("citizen_no", "guardian") in faults(con)


def test_the_childs_number_in_the_guardians_field_stays_the_childs():
    con = normalized(education__enrolment=[pupil(guardian1_name="李芳", guardian1_citizen_no=CHILD)])

    assert entry(con)["citizen_no"] == CHILD
    assert con.execute("select citizen_no from std.guardian").fetchall() == [(None,)]


def test_a_guardians_number_is_not_told_twice():
    con = normalized(education__enrolment=[pupil(citizen_no=MOTHER, guardian1_citizen_no=MOTHER)])

    assert con.execute("select slot, citizen_no from std.guardian").fetchall() == [("guardian1", MOTHER)]


def test_a_number_that_disagrees_with_the_birth_date_is_kept_and_said():
    con = normalized(education__enrolment=[pupil(born_on="20160306")])

    assert entry(con)["citizen_no"] == CHILD
    assert ("citizen_no", "born_disagrees") in faults(con)


def test_a_siblings_number_is_taken_from_the_child_whose_birth_date_it_doesnt_tell():
    con = normalized(education__enrolment=[pupil(), pupil(name="李浩宇", born_on="20180911")])

    assert [entry(con, number)["citizen_no_state"] for number in (1, 2)] == ["sound", "borrowed"]
    assert [entry(con, number)["citizen_no"] for number in (1, 2)] == [CHILD, None]
    assert date(2016, 3, 5) not in entry(con, 2)["born_alternatives"]
    assert ("citizen_no", "borrowed") in faults(con, 2)


def test_a_siblings_number_is_a_siblings_in_the_student_number_that_was_made_of_it_too():
    copied = pupil(name="李浩宇", born_on="20180911", student_no=f"G{CHILD}")
    found = entry(normalized(education__enrolment=[pupil(), copied]), 2)

    assert (found["citizen_no"], found["citizen_no_state"]) == (None, "borrowed")
    assert (found["embedded_no"], found["student_no"]) == (None, None)


def test_a_number_that_stands_in_an_entry_twice_is_its_own_where_nobody_else_bears_it():
    found = entry(normalized(education__enrolment=[pupil(born_on="20180911", student_no=f"G{CHILD}")]))

    assert (found["citizen_no"], found["embedded_no"]) == (CHILD, CHILD)


@pytest.mark.parametrize("citizen_no", [MOTHER, None])
def test_a_guardians_number_is_a_guardians_in_the_student_number_too(citizen_no):
    found = entry(normalized(education__enrolment=[pupil(citizen_no=citizen_no, student_no=f"G{MOTHER}")]))

    assert (found["citizen_no"], found["embedded_no"], found["student_no"]) == (None, None, None)
    assert not found["is_adult"]


def test_a_siblings_number_is_no_own_number_though_the_names_sound_alike_where_the_sex_differs_too():
    sister = {"name": "王子寒", "born_on": "20180911"}
    con = normalized(education__enrolment=[pupil(), pupil(sex="女", **sister)])

    assert [entry(con, number)["citizen_no_state"] for number in (1, 2)] == ["sound", "doubtful"]


def test_a_number_whose_owner_nobody_knows_is_unverified_where_it_contradicts_the_birth_date():
    found = entry(normalized(education__enrolment=[pupil(born_on="20180911")]))

    assert (found["citizen_no"], found["citizen_no_state"]) == (None, "doubtful")
    assert found["citizen_no_unverified"] == CHILD


def test_a_number_is_its_bearers_own_where_one_of_that_name_was_born_when_it_tells():
    con = normalized(education__enrolment=[pupil(born_on="20180911"), pupil()])

    assert entry(con)["citizen_no"] == CHILD
    assert date(2016, 3, 5) in entry(con)["born_alternatives"]


def test_a_number_on_two_children_that_tells_neithers_birth_date_for_sure_is_shared():
    con = normalized(education__enrolment=[pupil(born_on="20160306"), pupil(name="李浩宇", born_on="20160307")])

    assert [entry(con, number)["citizen_no_state"] for number in (1, 2)] == ["shared", "shared"]
    assert entry(con)["citizen_no"] == CHILD


def test_a_number_isnt_shared_where_one_of_two_names_is_known_with_the_birth_date_that_it_tells():
    day_wrong, other_name = pupil(born_on="20160325"), pupil(name="李浩宇")
    con = normalized(education__enrolment=[pupil(), day_wrong, other_name])

    assert [entry(con, number)["citizen_no_state"] for number in (1, 2, 3)] == ["sound", "sound", "sound"]
    assert date(2016, 3, 5) in entry(con, 2)["born_alternatives"]


def test_a_key_copied_from_the_row_above_is_no_key_of_the_childs():
    con = normalized(
        education__enrolment=[
            pupil(student_no=f"G{CHILD}"),
            pupil(name="李浩宇", born_on="20180911", citizen_no=None, student_no=f"G{CHILD}"),
        ]
    )

    assert [entry(con, number)["embedded_no"] for number in (1, 2)] == [CHILD, None]
    assert entry(con, 2)["student_no"] is None


def test_an_adults_number_in_a_row_without_a_birth_date_is_a_guardians_where_the_adult_bears_another_name():
    con = normalized(
        public_security__residence=[pupil(guardian1_name="李芳", guardian1_citizen_no=MOTHER)],
        civil_affairs__welfare=[{"name": "王梓涵", "citizen_no": MOTHER}, {"name": "李芳", "citizen_no": MOTHER}],
    )

    child, mother = entry(con, 2), entry(con, 3)
    assert (child["citizen_no_state"], child["is_adult"], child["born_on"]) == ("guardian", False, None)
    assert (mother["citizen_no_state"], mother["is_adult"]) == ("sound", True)
    assert con.execute("select citizen_no from std.guardian where entry_id = 2").fetchall() == [(MOTHER,)]


def test_who_is_of_age_by_a_birth_date_but_not_by_a_number_of_its_own_is_a_child():
    con = normalized(education__enrolment=[pupil(born_on="20060305")])

    found = entry(con)
    assert (found["born_on"], found["is_adult"]) == (date(2006, 3, 5), False)


def test_who_is_of_age_by_a_birth_date_that_read_otherwise_is_a_childs_of_that_name_is_of_unknown_age():
    swapped = {"born_on": "20080607", "citizen_no": None}
    con = normalized(
        education__enrolment=[
            pupil(**swapped),
            pupil(born_on="20080706", citizen_no=None),
            pupil(name="李安", **swapped),
        ]
    )

    assert [entry(con, place)["is_adult"] for place in (1, 2, 3)] == [False, False, True]


def test_a_rounded_number_still_tells_a_birth_date_where_there_is_no_other():
    con = normalized(education__enrolment=[pupil(born_on=None, citizen_no="429006201603050000")])

    found = entry(con)
    assert (found["born_on"], found["born_fault"]) == (date(2016, 3, 5), "from_unverified_no")
    assert (found["citizen_no"], found["citizen_no_state"]) == (None, "destroyed")


def test_a_rounded_number_makes_nobody_an_adult():
    con = normalized(education__enrolment=[pupil(born_on=None, citizen_no="429006199003050000")])

    assert (entry(con)["born_on"], entry(con)["is_adult"]) == (None, False)


def test_six_digits_that_would_make_an_adult_as_a_month_are_a_day_of_a_short_year_where_that_makes_a_child():
    con = normalized(education__enrolment=[pupil(born_on="200205", citizen_no=None)])

    found = entry(con)
    assert (found["born_on"], found["born_precision"]) == (date(2020, 2, 5), "day")
    assert (found["born_fault"], found["is_adult"]) == ("two_digit_year", False)
    assert ("born_on", "two_digit_year") in faults(con)


def test_one_number_under_two_spellings_of_a_name_is_not_shared():
    con = normalized(education__enrolment=[pupil(), pupil(name="王子涵", born_on="20160503")])

    assert entry(con)["citizen_no_state"] == "sound"


def test_a_missing_birth_date_is_taken_from_the_number_and_said():
    con = normalized(education__enrolment=[pupil(born_on="20160230"), pupil(born_on=None, citizen_no=SIBLING)])

    assert (entry(con)["born_on"], entry(con)["born_fault"]) == (date(2016, 3, 5), "no_such_day")
    assert faults(con) >= {("born_on", "no_such_day"), ("born_on", "from_citizen_no")}
    assert (entry(con, 2)["born_on"], entry(con, 2)["born_fault"]) == (date(2018, 9, 11), "from_citizen_no")


def test_a_birth_after_the_reference_date_is_missing():
    found = entry(normalized(education__enrolment=[pupil(born_on="20270101", citizen_no=None)]))

    assert (found["born_on"], found["born_fault"]) == (None, "future")


def test_other_readings_of_a_birth_date_are_kept_beside_it():
    assert date(2016, 5, 3) in entry(normalized(education__enrolment=[pupil()]))["born_alternatives"]


def test_the_number_inside_a_verified_student_number_is_found():
    con = normalized(
        education__enrolment=[pupil(student_no=f"g{CHILD}", citizen_no=None), pupil(student_no="L4290060001")]
    )

    assert entry(con)["embedded_no"] == CHILD
    assert entry(con, 2)["embedded_no"] is None


def test_the_digits_of_a_pupil_without_a_number_are_no_citizen_number_even_where_their_check_is_good():
    con = normalized(
        education__enrolment=[
            pupil(student_no=f"J{CHILD}", citizen_no=None),
            pupil(student_no="L429006201603050001", citizen_no=None),
        ]
    )

    assert [entry(con, place)["embedded_no"] for place in (1, 2)] == [None, None]


def test_a_departments_number_that_excel_destroyed_is_no_evidence():
    assert entry(normalized(education__enrolment=[pupil(student_no="4.29006E+17")]))["student_no"] is None


def test_a_disability_card_holds_the_number_and_a_reissue_is_the_same_card():
    con = normalized(disabled_federation__rehabilitation=[{"name": "王梓涵", "disability_card_no": f"{CHILD}43B1"}])

    found = entry(con)
    assert (found["embedded_no"], found["disability_card_no"]) == (CHILD, f"{CHILD}43")
    assert found["born_on"] == date(2016, 3, 5)


def test_a_number_ending_000_is_believed_where_a_database_has_it_unless_the_whole_of_it_is_known():
    first = next(
        f"42900620160305{order}00"
        for order in range(1, 9)
        if sound_number(f"42900620160305{order}00").endswith("0") or order == 8
    )
    number = sound_number(first)
    if not number.endswith("000"):
        number = next(
            candidate
            for day in range(1, 29)
            for order in range(1, 10)
            for candidate in [sound_number(f"429006201603{day:02d}{order}00")]
            if candidate.endswith("000")
        )
    alone = normalized(education__enrolment=[pupil(citizen_no=number, born_on=number[6:14])])
    both = normalized(
        education__enrolment=[pupil(citizen_no=number, born_on=number[6:14])],
        public_security__residence=[pupil(citizen_no=number, born_on=number[6:14])],
    )

    assert entry(alone)["citizen_no_state"] == "destroyed"
    assert [entry(both, place)["citizen_no_state"] for place in (1, 2)] == ["sound", "sound"]

    whole = sound_number(number[:15] + "24")
    rounded = normalized(
        public_security__residence=[
            pupil(citizen_no=number, born_on=number[6:14]),
            pupil(citizen_no=whole, born_on=number[6:14]),
        ],
    )
    neighbour = normalized(
        public_security__residence=[
            pupil(citizen_no=number, born_on=number[6:14]),
            pupil(citizen_no=whole, born_on=number[6:14], name="李明"),
        ],
    )
    assert [entry(rounded, place)["citizen_no_state"] for place in (1, 2)] == ["destroyed", "sound"]
    assert [entry(neighbour, place)["citizen_no_state"] for place in (1, 2)] == ["sound", "sound"]


def test_adults_are_told_by_their_birth_date_or_their_own_number():
    con = normalized(
        public_security__residence=[
            {"name": "李芳", "born_on": "19900101", "citizen_no": MOTHER},
            {"name": "李芳", "citizen_no": MOTHER},
            {"name": "李芳", "citizen_no": "420106900101002"},
            {"name": "陈晨"},
            {"name": "陈晨", "born_on": "20080630"},
            {"name": "陈晨", "born_on": "20080701"},
        ]
    )

    assert [entry(con, place)["is_adult"] for place in range(1, 7)] == [True, True, True, False, True, False]


def test_places_are_resolved_to_the_county_in_force():
    con = normalized(
        education__enrolment=[
            pupil(hukou_division_code="540125", residence_division_code="429000"),
            pupil(hukou_division_code="天门市", residence_division_code="999999"),
        ]
    )

    places = dict(con.execute("select entry_id || kind, (county, fault) from std.place").fetchall())
    assert places["1hukou"] == ("540103", "retired")
    assert places["1residence"] == (None, "pseudo")
    assert places["2hukou"] == ("429006", "name_not_code")
    assert places["2residence"] == (None, "placeholder")
    assert entry(con)["hukou_county"] == "540103"
    assert ("residence_division_code", "placeholder") in faults(con, 2)


def test_where_a_code_names_no_county_the_division_in_front_of_the_address_does():
    con = normalized(
        education__enrolment=[
            pupil(residence_division_code="999999", residence_address="湖北省天门市竟陵街道接官路12号"),
            pupil(residence_division_code=None, residence_address="天门市 岳口镇健康路3号"),
            pupil(residence_division_code="540100", residence_address="湖北省天门市竟陵街道接官路12号"),
            pupil(residence_division_code="420117", residence_address="湖北省天门市竟陵街道接官路12号"),
            pupil(residence_division_code="999999", residence_address="朝阳区人民路5号"),
            pupil(residence_division_code=None, residence_address="接官路12号"),
        ]
    )
    places = dict(con.execute("select entry_id, (county, fault) from std.place where kind = 'residence'").fetchall())
    assert places == {
        1: ("429006", "from_address"),
        2: ("429006", "from_address"),
        3: (None, "city_level"),  # the two disagree
        4: ("420117", None),
        5: (None, "placeholder"),  # several districts bear the name
    }
    assert ("residence_division_code", "placeholder") in faults(con, 1)


def test_a_township_named_in_an_address_has_the_code_that_other_entries_write_beside_it():
    town, other = "天门市竟陵街道解放路12号", "天门市渔薪镇杨场村3组"
    rows = [
        {"residence_division_code": code, "residence_address": address}
        for code, address in [
            ("429006001", town), ("429006001201", town), ("429006", town),  # written twice: known
            ("429006102", other), ("429006", other),  # written once: may be a slip
            ("429005", "潜江市竟陵街道解放路12号"),  # another county's township of that name
            ("999999", "湖北省天门市竟陵街道东湖路3号"),  # the address names the county too
        ]
    ]  # fmt: skip
    con = normalized(education__enrolment=rows)

    places = dict(con.execute("select entry_id, township from std.place where kind = 'residence'").fetchall())
    assert [places.get(entry) for entry in range(1, 8)] == [
        "429006001", "429006001", "429006001", "429006102", None, None, "429006001",
    ]  # fmt: skip
    assert con.execute("from std.township").fetchall() == [("429006", "竟陵街道", "429006001", 2)]


def test_a_township_that_is_written_with_several_codes_is_not_guessed():
    address = "天门市竟陵街道解放路12号"
    codes = ["429006001"] * 3 + ["429006002", "429006"]
    con = normalized(
        education__enrolment=[{"residence_division_code": code, "residence_address": address} for code in codes]
    )

    assert con.execute("select township from std.place where entry_id = 5 and kind = 'residence'").fetchone() == (None,)


def test_guardians_have_their_relation_their_number_and_a_valid_phone():
    con = normalized(
        education__enrolment=[
            pupil(
                guardian1_name="李 芳",
                guardian1_relation="母亲",
                guardian1_citizen_no=MOTHER,
                guardian1_phone="+86 13912349876",
            ),
            pupil(guardian1_name="某某", guardian1_phone="13800000000"),
        ],
        health__child_health=[{"name": "李芳之子", "mother_name": "李芳", "phone": "13912349876"}],
    )

    rows = con.execute(
        "select entry_id, slot, relation, folded, citizen_no, phone"
        " from std.guardian left join std.name using (name_id) order by entry_id, slot"
    ).fetchall()
    assert rows == [
        (1, "guardian1", "mother", "李芳", MOTHER, "13912349876"),
        (3, "contact", "contact", None, None, "13912349876"),
        (3, "mother", "mother", "李芳", None, None),
    ]
    assert ("guardian1_phone", "placeholder") in faults(con, 2)


def test_decoded_tables_hold_dates_words_and_what_is_not_an_identifier():
    con = normalized(
        education__enrolment=[
            pupil(boarding="住校", enrolled_in="202309", is_migrant_declared="是", own_cost="1,234.50", grade="三年级"),
            pupil(
                boarding="寄宿",
                enrolled_in="2023-09-01",
                is_migrant_declared="也许",
                own_cost="很多",
                registered_on="20230231",
            ),
        ]
    )

    columns = "boarding, enrolled_in, is_migrant_declared, own_cost::varchar, grade"
    rows = con.execute(f"select {columns} from std.education_enrolment order by entry_id").fetchall()
    assert rows == [
        ("boarder", date(2023, 9, 1), True, "1234.50", "三年级"),
        (None, date(2023, 9, 1), None, None, None),
    ]
    assert faults(con) == set()
    assert faults(con, 2) >= {
        ("boarding", "unknown_word"),
        ("is_migrant_declared", "unknown_word"),
        ("own_cost", "malformed"),
        ("registered_on", "no_such_day"),
    }
    held = {row[0] for row in con.execute("describe std.education_enrolment").fetchall()}
    assert held.isdisjoint({"name", "citizen_no", "guardian1_phone", "residence_address", "student_no"})


def test_names_are_numbered_by_their_text_not_by_their_row():
    forward = normalized(education__enrolment=[pupil(name="王芳"), pupil(name="李英")])
    backward = normalized(education__enrolment=[pupil(name="李英"), pupil(name="王芳")])

    query = "select name_id, delivered from std.name order by name_id"
    assert forward.execute(query).fetchall() == backward.execute(query).fetchall()


def test_no_fault_holds_a_value():
    con = normalized(education__enrolment=[pupil(citizen_no="abc", name="张某某", guardian1_phone="123", born_on="x")])

    said = {word for row in con.execute("select column_name, fault from std.fault").fetchall() for word in row}
    assert said
    assert said.isdisjoint({"abc", "ABC", "张某某", "123", "x"})


def test_the_summary_counts_and_an_empty_landing_is_no_error():
    _, summary = normalized_with_summary(education__enrolment=[pupil()], health__child_health=[])
    _, nothing = normalized_with_summary(education__enrolment=[])

    assert (summary.entries, summary.adults, summary.names) == (1, 0, 1)
    assert summary.typed == {"education_enrolment": 1, "health_child_health": 0}
    assert (nothing.entries, nothing.faults) == (0, {})


def test_no_temporary_table_of_values_is_left():
    con = normalized(education__enrolment=[pupil()])

    assert con.execute("select count(*) from duckdb_tables() where temporary").fetchone() == (0,)
