"""One child or two born together, told by the entries around them."""

from datetime import date, timedelta

import duckdb

from matching import linkage, model
from tests.matching.standing import Entry, Guardian, citizen_no, write_std

MODEL = model.load()
SCHOOL, HEALTH, HUKOU, WELFARE = (
    "education.enrolment",
    "health.child_health",
    "public_security.hukou",
    "civil_affairs.welfare",
)
BORN = date(2016, 8, 20)
MOTHER = Guardian("李芳", citizen_no(date(1988, 3, 4), 22, "420984"), "13911112222")
_SURNAMES, _GIVEN = "赵钱孙周吴郑冯陈", "涛敏静磊洋艳勇杰娟强"


def _neighbours() -> list[Entry]:
    """Eighty other children of that year, each known to school, health and hukou."""
    found = []
    for place in range(80):
        name = _SURNAMES[place % 8] + _GIVEN[place % 10] + _GIVEN[place // 10]
        born = date(2016, 1, 1) + timedelta(days=2 * place)
        mother = Guardian(None, citizen_no(date(1987, 1, 1) + timedelta(days=place), 22), f"138{place:08d}")
        number = citizen_no(born, 101)
        found += [
            Entry(name, source, born_on=born, citizen_no=number, guardians=(mother,)) for source in (SCHOOL, HUKOU)
        ]
        found.append(Entry(name, HEALTH, born_on=born, guardians=(mother,)))
    return found


def _linked(*entries: Entry) -> tuple[duckdb.DuckDBPyConnection, list[int]]:
    """The connection, and for each of the entries the place of the first that has the same child."""
    con = duckdb.connect()
    write_std(con, [*entries, *_neighbours()])
    linkage.link(con, MODEL, "2026H1")
    children = [row[0] for row in con.execute("select child_id from link.entry_child order by entry_id").fetchall()]
    return con, [children.index(children[place]) for place in range(len(entries))]


def _entry(name: str, source: str, **more: object) -> Entry:
    return Entry(name, source, born_on=BORN, guardians=(MOTHER,), **more)  # type: ignore[arg-type]


def _guards(con: duckdb.DuckDBPyConnection) -> set[str]:
    found = con.execute("select distinct guard::varchar from link.scored_pair where left_profile < 4").fetchall()
    return {row[0] for row in found} - {"none"}


def test_a_name_that_only_one_table_has_and_no_other_name_there_is_a_name_typed_wrong():
    con, children = _linked(_entry("王安宁", SCHOOL), _entry("王安宁", HUKOU), _entry("王安定", HEALTH))

    assert children == [0, 0, 0]
    assert _guards(con) == {"one_child"}
    worth = con.execute("select min(worth) from link.scored_pair where guard = 'one_child'").fetchall()[0][0]
    assert worth > 0


def test_two_names_that_the_same_table_knows_are_twins():
    con, children = _linked(_entry("王安宁", SCHOOL), _entry("王安宁", HUKOU), _entry("王安定", SCHOOL))

    assert children == [0, 0, 2]
    assert _guards(con) == {"twins"}


def test_a_character_that_could_not_be_written_is_asked_about_though_one_table_knows_both():
    con, children = _linked(_entry("王安宁", SCHOOL), _entry("王安宁", HUKOU), _entry("王安□", SCHOOL))

    assert children == [0, 0, 2]
    assert con.execute("select distinct guard::varchar from link.review_pair").fetchall() == [("one_child",)]


def test_twins_whom_the_same_tables_know_stay_two_though_one_of_them_has_no_numbers():
    numbered = [_entry("王安宁", source, citizen_no=citizen_no(BORN, 33)) for source in (SCHOOL, HUKOU)]
    _, children = _linked(*numbered, _entry("王安定", SCHOOL), _entry("王安定", HUKOU))

    assert children == [0, 0, 2, 2]


def test_a_number_in_common_makes_two_names_one_childs():
    number = citizen_no(BORN, 33)
    _, children = _linked(
        _entry("王安宁", SCHOOL, citizen_no=number),
        _entry("王安宁", HUKOU),
        _entry("王浩然", HEALTH, citizen_no=number),
    )

    assert children == [0, 0, 0]


def test_a_twins_number_goes_to_a_person_where_its_bearers_name_is_known_under_another():
    numbers = [citizen_no(BORN, order) for order in (33, 75)]
    con, children = _linked(
        _entry("王安宁", HUKOU, citizen_no=numbers[0]),
        _entry("王浩然", HUKOU, citizen_no=numbers[1]),
        _entry("王安宁", HEALTH, citizen_no=numbers[1]),
    )

    assert len(set(children)) == 3
    assert "twin_number" in _guards(con)


def test_a_number_alone_under_another_name_goes_to_a_person_where_nothing_else_is_known():
    number = citizen_no(BORN, 33)
    con, children = _linked(
        _entry("王安宁", SCHOOL, citizen_no=number), Entry("李安定", WELFARE, born_on=None, sex=None, citizen_no=number)
    )

    assert children == [0, 1]
    assert con.execute("select guard from link.review_pair").fetchall() == [("twin_number",)]
