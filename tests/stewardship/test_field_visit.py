"""What somebody types into the form of a visit is a visit, or says beside the field why not."""

from datetime import date
from importlib import resources

import pytest
import yaml

from stewardship import field_visit, words
from stewardship.field_visit import GROUPS

TODAY, BORN = date(2026, 7, 1), date(2016, 5, 1)
GOOD = {"visited_on": "2026-06-20", "visit_kind": "in_home"}


def read(**form):
    return field_visit.read(GOOD | form, today=TODAY, born_on=BORN, lives="429006001")


def test_what_is_not_said_is_not_told():
    told, faults = read()
    assert faults == {}
    assert {name for name, value in told.items() if value is not None} == {"visited_on", "visit_kind"}


def test_a_whole_visit_is_read():
    told, faults = read(
        living_with="grandparents", lives="same", residence_since="2025-09-01", in_hardship="yes", is_vagrant="no",
        father_away_since="2025-03-01", needs=" 需要书 ", emergency_division_code="429006002",
    )  # fmt: skip
    assert faults == {}
    assert told["residence_division_code"] == "429006001"
    assert (told["in_hardship"], told["is_vagrant"], told["dropped_out"]) == (True, False, None)
    assert told["emergency_division_code"] == "429006002"
    assert (told["father_away_since"], told["needs"]) == (date(2025, 3, 1), "需要书")


@pytest.mark.parametrize(
    ("form", "field", "fault"),
    [
        ({"visited_on": ""}, "visited_on", "needed"),
        ({"visit_kind": ""}, "visit_kind", "needed"),
        ({"visit_kind": "letter"}, "visit_kind", "no_choice"),
        ({"visited_on": "20.6.2026"}, "visited_on", "no_date"),
        ({"visited_on": "2026-07-02"}, "visited_on", "lies_ahead"),
        ({"visited_on": "2016-04-30"}, "visited_on", "before_birth"),
        ({"in_hardship": "maybe"}, "in_hardship", "no_choice"),
        ({"father_away_since": "2026-06-21"}, "father_away_since", "after_visit"),
        ({"residence_since": "2025-01-01"}, "residence_since", "no_place"),
        ({"lives": "elsewhere", "residence_division_code": "4290"}, "residence_division_code", "no_code"),
        ({"emergency_division_code": "天门"}, "emergency_division_code", "no_code"),
        ({"emergency_division_code": "999999"}, "emergency_division_code", "no_county"),
        ({"lives": "elsewhere", "residence_division_code": "999999"}, "residence_division_code", "no_county"),
        ({"living_with": "both_parents", "mother_away_since": "2025-01-01"}, "living_with", "parents_away"),
        ({"problems": "身份证 110105194912310021"}, "problems", "holds_number"),
        ({"needs": "打 13812345678"}, "needs", "holds_number"),
        ({"resolution": "好" * 2001}, "resolution", "too_long"),
    ],
)
def test_what_is_wrong_is_said_of_its_field(form, field, fault):
    _, faults = read(**form)
    assert faults == {field: fault}
    assert f"field_visit.fault_{fault}" in words.load()


def test_fields_are_the_feeds_with_its_own_titles_and_words():
    text = (resources.files("connectors") / "civil_affairs" / "field_visit.yml").read_text(encoding="utf-8")
    columns = yaml.safe_load(text)["columns"]
    for field in (each for group in GROUPS.values() for each in group):
        assert words.load()[f"field_visit.{field.name}"]["zh"] == columns[field.name]["title"]
        if field.kind == "choice":
            said = {meaning: word for word, meaning in columns[field.name]["words"].items()}
            before = "with_" if field.name == "living_with" else ""
            assert {each: words.load()[f"field_visit.{before}{each}"]["zh"] for each in field.choices} == said
