"""What the last period linked stays together, unless this period objects."""

from dataclasses import replace
from datetime import date

import duckdb
import pytest

from matching import linkage, model
from tests.matching.standing import Decision, Entry, Guardian, citizen_no, write_std

MODEL = model.load()
MOTHER = Guardian("李芳", citizen_no(date(1988, 3, 4), 22, "420984"), "13911112222")
FATHER = Guardian("王强", citizen_no(date(1986, 5, 6), 31, "420984"), "13811113333", "father")
SCHOOL, HEALTH, VISIT = "education.enrolment", "health.child_health", "civil_affairs.field_visit"
Links = dict[int, tuple[str, str]]

# Known by one number; later the clinic writes another name and no number, so that nothing of that period joins the two.
BEFORE = [
    Entry(key="S1", citizen_no=citizen_no(), guardians=(MOTHER,)),
    Entry(source=HEALTH, key="H1", citizen_no=citizen_no(), health_record_no="H1", guardians=(MOTHER,)),
]
AT_SCHOOL = Entry(key="S1", citizen_no=citizen_no(), guardians=(MOTHER,))
AT_CLINIC = Entry("安安", HEALTH, key="H1", health_record_no="H1", born_on=date(2016, 9, 9), guardians=(FATHER,))


def _next(
    before: list[Entry], now: list[Entry], decisions: tuple[Decision, ...] = (), is_rebuilt: bool = False
) -> tuple[Links, Links]:
    """Child and reason by entry in two periods; ``is_rebuilt``: the second twice, the last time counts."""
    con = duckdb.connect()
    write_std(con, before)
    linkage.link(con, MODEL, "2026H1")
    earlier, first = _anchors(con), _links(con)
    write_std(con, now, decisions)
    con.executemany("insert into prior.known_anchor values ($1, $2, 1, $2)", list(earlier.items()))
    linkage.link(con, MODEL, "2026H2")
    if is_rebuilt:
        newest = earlier | _anchors(con)
        write_std(con, now, decisions)
        rows = [(anchor, child, earlier.get(anchor)) for anchor, child in newest.items()]
        con.executemany("insert into prior.known_anchor values (?, ?, 1, ?)", rows)
        linkage.link(con, MODEL, "2026H2")
    return first, _links(con)


def _anchors(con: duckdb.DuckDBPyConnection) -> dict[int, str]:
    return dict(con.execute("select anchor, child_id from link.anchor").fetchall())


def _links(con: duckdb.DuckDBPyConnection) -> Links:
    return {
        entry: (child, how)
        for entry, child, how in con.execute("select entry_id, child_id, how from link.entry_child").fetchall()
    }


def _grouped(links: Links) -> tuple[bool, list[str]]:
    """Whether two entries are one child, and what says so."""
    return links[0][0] == links[1][0], [how for _, (_, how) in sorted(links.items())]


def test_entries_of_one_known_child_stay_one_where_this_period_has_no_evidence():
    first, second = _next(BEFORE, [AT_SCHOOL, AT_CLINIC])
    assert {child for child, _ in second.values()} == {child for child, _ in first.values()}
    assert _grouped(second) == (True, ["carried", "carried"])


def test_without_an_earlier_period_the_same_entries_are_two_children():
    assert _grouped(_next([Entry("赵敏", VISIT, born_on=date(2012, 2, 2))], [AT_SCHOOL, AT_CLINIC])[1]) == (
        False,
        ["alone", "alone"],
    )


def test_a_known_child_with_two_sound_numbers_splits():
    other = Entry("安安", HEALTH, key="H1", health_record_no="H1", citizen_no=citizen_no(order=3))
    first, second = _next(BEFORE, [AT_SCHOOL, other])
    assert not _grouped(second)[0]
    assert first[0][0] in {child for child, _ in second.values()}


def test_twins_told_apart_by_this_period_split():
    twin = Entry("王平", HEALTH, key="H1", health_record_no="H1", guardians=(MOTHER,))
    assert not _grouped(_next(BEFORE, [AT_SCHOOL, twin])[1])[0]


def test_a_person_who_says_different_is_obeyed():
    assert not _grouped(_next(BEFORE, [AT_SCHOOL, AT_CLINIC], (Decision(0, 1, "DIFFERENT"),))[1])[0]


def test_an_entry_that_two_known_children_claim_alike_is_not_carried():
    sibling = Entry("王平", VISIT, key="V9", born_on=date(2018, 8, 9), citizen_no=citizen_no(date(2018, 8, 9), 5))
    torn = Entry(
        "安安", HEALTH, key="H1", health_record_no="H1", embedded_no=sibling.citizen_no, born_on=date(2016, 9, 9)
    )
    assert not _grouped(_next([*BEFORE, sibling], [AT_SCHOOL, torn])[1])[0]


def test_building_a_period_again_gives_the_same_answer():
    for now in ([AT_SCHOOL, AT_CLINIC], [AT_SCHOOL, Entry("赵敏", VISIT, born_on=date(2012, 2, 2))]):
        assert _grouped(_next(BEFORE, now)[1]) == _grouped(_next(BEFORE, now, is_rebuilt=True)[1])


UNNAMED = Entry("李芳之子", HEALTH, key="H1", guardians=(MOTHER,))
NAMED = Entry("王安", HEALTH, key="H2", guardians=(MOTHER,))


def test_a_newborn_that_was_named_since_goes_on_by_its_mothers_number():
    first, second = _next([UNNAMED], [NAMED])
    assert first[0][0] == second[0][0]


@pytest.mark.parametrize("another", [{"sex": "female"}, {"born_on": date(2017, 5, 1)}, {"guardians": (FATHER,)}])
def test_a_sister_or_another_womans_child_does_not(another):
    first, second = _next([UNNAMED], [replace(NAMED, **another)])
    assert first[0][0] != second[0][0]


def test_of_twins_neither_takes_the_others_id():
    twin = replace(UNNAMED, name="李芳之子2", key="H3", birth_certificate_no="S123456789")
    first, second = _next([UNNAMED, twin], [NAMED])
    assert second[0][0] not in {child for child, _ in first.values()}


LISTED = Entry("王安", "civil_affairs.welfare", key="|最低生活保障", born_on=None, sex=None, citizen_no_state="blank")


def test_a_key_without_the_persons_number_is_nobodys():
    first, second = _next([LISTED, AT_SCHOOL], [LISTED, replace(LISTED, name="赵敏"), AT_SCHOOL])
    assert len({child for child, _ in second.values()}) == 3
    assert second[1][0] not in {child for child, _ in first.values()}


def test_a_number_that_fails_its_check_is_a_key_all_the_same():
    listed = replace(LISTED, key="42|最低生活保障", citizen_no_unverified="42", citizen_no_state="failed_check")
    first, second = _next([listed], [replace(listed, name="王小安")])
    assert first[0][0] == second[0][0]
