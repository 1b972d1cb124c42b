"""The linkage whole, on a handful of invented children."""

from datetime import date, datetime

import duckdb
import pytest

from matching import linkage, model, statement
from tests.matching.standing import Decision, Entry, Guardian, citizen_no, write_std

MODEL = model.load()
MOTHER = Guardian("李芳", citizen_no(date(1988, 3, 4), 22, "420984"), "13911112222")
HEALTH, HUKOU, INSURANCE, VISIT = (
    "health.child_health",
    "public_security.hukou",
    "medical_insurance.enrolment",
    "civil_affairs.field_visit",
)


def _link(entries: list[Entry], decisions: tuple[Decision, ...] = ()) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    write_std(con, entries, decisions)
    linkage.link(con, MODEL, "2026H1")
    return con


def _children(con: duckdb.DuckDBPyConnection) -> list[list[int]]:
    """Entries by child, in the order of the least."""
    rows = con.execute(
        "select list_sort(list(entry_id)) as held from link.entry_child group by child_id order by held"
    ).fetchall()
    return [row[0] for row in rows]


def _pair(con: duckdb.DuckDBPyConnection, column: str) -> object:
    return con.execute(f"select {column} from link.scored_pair join link.pattern using (pattern)").fetchall()[0][0]


def test_one_child_in_three_feeds_is_one_child():
    con = _link(
        [
            Entry(citizen_no=citizen_no(), guardians=(MOTHER,)),
            Entry(source=HEALTH, guardians=(MOTHER,)),
            Entry(source=INSURANCE, citizen_no=citizen_no()),
        ]
    )
    assert _children(con) == [[0, 1, 2]]
    how = dict(con.execute("select entry_id, how from link.entry_child").fetchall())
    assert how == {0: "number", 1: "score", 2: "number"}


def test_an_adult_gets_no_child_id():
    con = _link([Entry(), Entry("李芳", born_on=date(1988, 3, 4), is_adult=True)])
    assert _children(con) == [[0]]


def test_twins_in_one_household_are_never_linked():
    con = _link([Entry("王安", guardians=(MOTHER,)), Entry("王平", source=HEALTH, guardians=(MOTHER,))])
    assert _pair(con, "guard") == "twins"
    assert _children(con) == [[0], [1]]


def test_twins_known_to_several_departments_stay_two():
    con = _link(
        [
            Entry(name, source, guardians=(MOTHER,))
            for name in ("王安", "王平")
            for source in ("education.enrolment", HEALTH)
        ]
    )
    assert _children(con) == [[0, 1], [2, 3]]


def test_siblings_of_one_household_are_not_linked():
    con = _link([Entry(guardians=(MOTHER,)), Entry("王平", HEALTH, born_on=date(2018, 8, 9), guardians=(MOTHER,))])
    assert _children(con) == [[0], [1]]


def test_a_siblings_number_copied_goes_to_review():
    con = _link(
        [
            Entry(citizen_no=citizen_no(), guardians=(MOTHER,)),
            Entry("王平", HEALTH, born_on=date(2018, 8, 9), citizen_no=citizen_no(), guardians=(MOTHER,)),
        ]
    )
    assert _pair(con, "guard") == "number_shared"
    assert _children(con) == [[0], [1]]
    assert con.execute("select kind, pairs from link.review_case").fetchall() == [("guard", 1)]


@pytest.mark.parametrize(("order", "band", "guard"), [(1, "review", "numbers_near"), (358, "forbid", "two_numbers")])
def test_two_sound_numbers_are_never_linked_by_the_machine(order, band, guard):
    numbers = [citizen_no(order=3), citizen_no(order=order)]
    con = _link(
        [
            Entry(citizen_no=numbers[0], guardians=(MOTHER,)),
            Entry(source=HEALTH, citizen_no=numbers[1], guardians=(MOTHER,)),
        ]
    )
    assert (_pair(con, "band"), _pair(con, "guard")) == (band, guard)
    assert _children(con) == [[0], [1]]


def test_sex_and_birth_date_both_different_forbid():
    sister = {"sex": "female", "born_on": date(2011, 12, 24)}
    con = _link([Entry(guardians=(MOTHER,), student_no="L1"), Entry("王静", HEALTH, **sister, guardians=(MOTHER,))])
    assert _pair(con, "guard") == "sex_and_birth"
    assert _children(con) == [[0], [1]]


def test_sex_and_birth_date_mistyped_in_two_entries_leave_no_child_in_three():
    number = citizen_no()
    con = _link(
        [
            Entry(guardians=(MOTHER,), student_no="L1", citizen_no=number),
            Entry(source=HEALTH, sex="female", guardians=(MOTHER,), citizen_no=number),
            Entry(source=INSURANCE, born_on=date(2011, 12, 24), guardians=(MOTHER,), citizen_no=number),
        ]
    )
    assert _children(con) == [[0, 1, 2]]


def test_two_rows_in_a_table_that_holds_a_person_once_go_to_review():
    con = _link(
        [
            Entry(source=INSURANCE, citizen_no=citizen_no(), insured_no="A1"),
            Entry(source=INSURANCE, citizen_no=citizen_no(), insured_no="A2"),
        ]
    )
    assert _pair(con, "guard") == "once_per_period"
    assert _children(con) == [[0], [1]]


def test_a_newborns_entry_is_linked_through_its_mother():
    con = _link(
        [
            Entry("李芳之子", HEALTH, guardians=(MOTHER,), residence_address="和平路1号"),
            Entry("王安", HUKOU, guardians=(MOTHER,), residence_address="和平路1号"),
        ]
    )
    assert _pair(con, "name") == "newborn"
    assert _pair(con, "band") in ("link", "review")


def test_a_schools_phone_is_no_evidence():
    school = Guardian(phone="0728-5222222", relation="contact")
    surnames = "赵钱孙李周吴郑冯陈褚卫蒋沈韩杨朱秦尤许何"
    entries = [
        Entry(f"{surname}敏", born_on=date(2010, 1, place + 1), guardians=(school,))
        for place, surname in enumerate(surnames)
    ]
    con = _link([*entries, Entry("赵敏", HEALTH, born_on=None, guardians=(school,))])
    assert con.execute("select distinct phone from link.pattern").fetchall() == [("missing",)]


def test_a_steward_is_obeyed_both_ways():
    apart = [Entry("王安", guardians=(MOTHER,)), Entry("王平", HEALTH, guardians=(MOTHER,))]
    con = _link(apart, (Decision(0, 1, "SAME"),))
    assert _children(con) == [[0, 1]]
    assert con.execute("select distinct how from link.entry_child").fetchall() == [("steward",)]
    together = [Entry(citizen_no=citizen_no()), Entry(source=HEALTH, citizen_no=citizen_no())]
    assert _children(_link(together, (Decision(0, 1, "DIFFERENT"),))) == [[0], [1]]


def test_the_newest_judgement_holds():
    entries = [Entry(citizen_no=citizen_no()), Entry(source=HEALTH, citizen_no=citizen_no())]
    older, newer = datetime(2026, 7, 1), datetime(2026, 7, 2)
    con = _link(entries, (Decision(0, 1, "DIFFERENT", older), Decision(0, 1, "SAME", newer)))
    assert _children(con) == [[0, 1]]


def test_a_judgement_of_a_key_that_siblings_share_is_about_the_entry_that_was_asked_about():
    entries = [
        Entry("王安", source=HUKOU, key="|0017", guardians=(MOTHER,)),
        Entry("王平川", source=HUKOU, key="|0017", born_on=date(2012, 9, 9), guardians=(MOTHER,)),
        Entry("王平", source=HEALTH, key="HP1", guardians=(MOTHER,)),
    ]
    assert _children(_link(entries, (Decision(0, 2, "SAME"),))) == [[0, 2], [1]]


@pytest.mark.parametrize(("named", "children"), [("王平川", [[0], [1, 2]]), ("王静", [[0], [1], [2]])])
def test_a_judgement_that_names_the_person_beside_a_shared_key_is_about_no_other(named, children):
    born_on = date(2012, 9, 9)
    entries = [
        Entry("王安", source=HUKOU, key="|0017", guardians=(MOTHER,)),
        Entry("王平川", source=HUKOU, key="|0017", born_on=born_on, guardians=(MOTHER,)),
        Entry("王平", source=HEALTH, key="HP1", guardians=(MOTHER,)),
    ]
    con = duckdb.connect()
    write_std(con, [*entries, Entry(named, key="told", born_on=born_on)], (Decision(0, 2, "SAME"),))
    statement.run(con, "link/with_person")
    con.execute(
        "update prior.decision set left_key = (select with_person('|0017', near_sound_key, born_on)"
        " from std.entry join std.name using (name_id) where key = 'told')"
    )
    con.execute("delete from std.entry where key = 'told'")
    linkage.link(con, MODEL, "2026H1")
    assert _children(con) == children


def test_identical_entries_collapse_into_one_profile():
    visit = Entry(source=VISIT, citizen_no=citizen_no(), guardians=(MOTHER,))
    con = _link([visit, visit, visit])
    assert con.execute("select count(*) from link.profile").fetchall() == [(1,)]
    assert _children(con) == [[0, 1, 2]]


def test_the_same_child_keeps_its_id_in_the_next_period():
    con = _link(
        [Entry(key="L1", citizen_no=citizen_no(), guardians=(MOTHER,)), Entry("王平", HEALTH, born_on=date(2018, 8, 9))]
    )
    first = dict(con.execute("select entry_id, child_id from link.entry_child").fetchall())
    known = con.execute("select anchor, child_id from link.anchor").fetchall()
    write_std(
        con, [Entry(key="G1", citizen_no=citizen_no()), Entry("王平", HEALTH, key="new", born_on=date(2018, 8, 9))]
    )
    con.executemany("insert into prior.known_anchor values ($1, $2, 1, $2)", known)
    linkage.link(con, MODEL, "2026H2")
    assert dict(con.execute("select entry_id, child_id from link.entry_child").fetchall()) == first
    assert con.execute("select distinct how from link.entry_child").fetchall() == [("carried",)]
    assert con.execute("select distinct event, period from link.child_event").fetchall() == [("continue", "2026H2")]


def test_order_of_entries_and_threads_do_not_matter():
    entries = [
        Entry(
            name, source, born_on=date(2010 + place % 5, 1 + place % 9, 3), guardians=(MOTHER,), student_no=str(place)
        )
        for place, (name, source) in enumerate(
            [(n, s) for n in ("王安", "王平", "李静", "赵敏") for s in ("education.enrolment", HEALTH)] * 3
        )
    ]
    results = []
    for threads in (1, 2):
        con = duckdb.connect(config={"threads": threads})
        write_std(con, entries)
        con.execute(
            "create or replace table std.entry as select * from std.entry order by hash(entry_id + ?)", [threads]
        )
        linkage.link(con, MODEL, "2026H1")
        results.append(
            (
                _children(con),
                con.execute("from link.scored_pair order by all").fetchall(),
                con.execute(
                    "select case_id, left_entry_id, right_entry_id, kind from link.review_pair order by all"
                ).fetchall(),
            )
        )
    assert results[0] == results[1]


def test_no_deliveries_give_no_children():
    con = _link([Entry(is_adult=True)])
    assert _children(con) == []


def test_what_a_family_has_in_common_does_not_tell_its_children_apart():
    con = _link(
        [Entry(guardians=(MOTHER,)), Entry(source=HEALTH), Entry("王平", born_on=date(2018, 8, 9), guardians=(MOTHER,))]
    )
    told = con.execute(
        "select field, level from link.level_weight where same = household and level <> 'missing'"
    ).fetchall()
    assert {("guardian_no", "equal"), ("phone", "different"), ("hukou_county", "equal")} <= set(told)


def test_no_family_gives_two_children_one_name_whatever_the_deliveries_seem_to_say():
    con = _link([Entry(guardians=(MOTHER,)), Entry(source=HEALTH, born_on=date(2018, 8, 9), guardians=(MOTHER,))] * 20)
    stated = MODEL.fields["name"].levels["equal"].household
    household = con.execute(
        "select household from link.level_weight where (field, level) = ('name', 'equal')"
    ).fetchall()[0][0]
    assert stated is not None
    assert household == pytest.approx(stated, rel=0.02)
