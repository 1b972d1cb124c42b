"""The page of what the notices ask for: complete, current, and true of the program."""

import re

import pytest

from pipelines import requirements
from pipelines.requirements import BUILT, NOT_YET, Requirement, exists, load


def test_every_duty_and_every_service_has_its_row():
    assert [each.id for each in load().requirements] == [f"R{number:03}" for number in range(1, 100)]
    assert list(load().services) == [f"S{number:02}" for number in range(1, 25)]
    assert all(exists(f"service {name}") for name in load().services)


def test_the_page_is_what_the_file_and_the_program_say():
    page = requirements.PLACE.read_text(encoding="utf-8")
    assert page == requirements.render(), "run: python -m pipelines.requirements"


def test_the_counts_at_the_top_are_those_of_the_rows():
    page = requirements.render()
    told = {
        status: int(count)
        for count, status in re.findall(r"(\d+) (built|entered by people|out of scope|not yet)", page)
    }
    rows = re.findall(r"^\| R\d{3} \|.*\| (built|entered by people|out of scope|not yet) \|", page, re.MULTILINE)
    assert told == {status: rows.count(status) for status in told}
    assert sum(told.values()) == len(rows) == 99


def test_a_duty_cites_the_notices_that_are_named():
    cited = {clause.split()[0] for each in load().requirements for clause in each.clauses}
    assert cited == set(load().notices)


@pytest.mark.parametrize("each", load().requirements, ids=lambda each: each.id)
def test_what_is_built_names_what_is_there_and_what_is_not_says_what_lacks(each):
    assert (each.status == BUILT) == (bool(each.shown) and all(map(exists, each.shown)) and each.lacks is None)
    assert each.status != NOT_YET or each.missing or each.lacks


@pytest.mark.parametrize(
    "where",
    [
        "table care.wishes",
        "table care.entitlement.wish",
        "feed education/enrolment.wish",
        "command wish",
        "command policy wish",
        "command run wish",
        "export wishes",
        "parameter visits.wish",
        "parameter wishes.value",
        "service S99",
        "file policy/wishes.yml",
        "file policy/requirements.yml: wishes",
    ],
)
def test_what_is_not_in_the_program_is_not_there(where):
    assert not exists(where)


def test_a_kind_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="begins with none of"):
        exists("wish for more")


def test_a_duty_whose_answer_is_missing_is_not_yet_whatever_its_row_would_like():
    row = {"id": "R001", "title": "某", "clauses": ["T25 （三）"], "gist": "g"}
    assert Requirement(**row, shown=("table care.migrant_status",)).status == BUILT
    assert Requirement(**row, shown=("table care.migrant_status", "table care.wishes")).status == NOT_YET
    assert Requirement(**row, shown=("table care.migrant_status",), lacks="more").status == NOT_YET
    with pytest.raises(ValueError, match="one of"):
        Requirement(**row, shown=("table care.migrant_status",), out_of_scope="no")
