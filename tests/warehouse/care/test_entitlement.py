"""Services a child may have: the facts from what the feeds say, and SQL's answer the same as the catalogue's own."""

import random
from datetime import date

import duckdb
import pytest

from policy.catalogues import load
from policy.period import Period
from tests.warehouse.core.town import Town, hand_on
from warehouse.build import build_table
from warehouse.law import write_law

AS_OF = date(2026, 6, 30)
VISIT = {"visited_on": date(2026, 4, 1), "visit_kind": "in_home"}


def child(town, name, lives="429006", hukou="420502", **born):
    town.entry(name, "hukou", hukou=hukou, **born)
    town.entry(name, "registration", lives=lives, residence_since=date(2020, 1, 1), **born)


@pytest.fixture(scope="module")
def con():
    town = Town("2026H1")
    child(town, "first grade")
    town.entry("first grade", "enrolment", lives="429006", school_stage="primary", grade="一年级", hardship="hard")
    child(town, "small", born=date(2023, 7, 1))
    child(town, "nobody speaks of")
    child(town, "at home", hukou="429006")
    child(town, "asked at home", hukou="429006001", lives="429006102")
    town.entry("asked at home", "visit", lives="429006102", asked_for_help=True, **VISIT)
    child(town, "alone")
    town.entry("alone", "visit", lives="429006", living_with="nobody", **VISIT)
    child(town, "of age", born=date(2009, 3, 1))
    town.entry(
        "of age", "enrolment", lives="429006", school_stage="vocational", grade="中职一年级", born=date(2009, 3, 1)
    )
    child(town, "in Lhasa", lives="540102", hukou="540121")
    child(town, "with a card")
    town.entry("with a card", "rehabilitation", lives="429006", applied_on=date(2026, 3, 1), disability_grade="2")
    child(town, "on the list")
    town.entry("on the list", "welfare", welfare_kind="minimum_living_allowance", started_on=date(2025, 1, 1))
    child(town, "off the list")
    town.entry("off the list", "welfare", welfare_kind="orphan", ended_on=date(2026, 6, 29))
    child(town, "with an alert")
    town.entry("with an alert", "alert", settled_on=date(2026, 5, 1), alert_level="red")
    child(town, "poor by a visit")
    town.entry("poor by a visit", "visit", lives="429006", in_hardship=True, lacks_guardianship=False, **VISIT)
    child(town, "insured elsewhere")
    town.entry("insured elsewhere", "insurance", lives="420502", insured_on=date(2020, 1, 1), insurance_status="active")
    town.entry("with a permit", "hukou", hukou="420502")
    town.entry("with a permit", "registration", lives="429006", residence_since=date(2020, 1, 1),
               permit_issued_on=date(2025, 7, 1), permit_valid_to=date(2026, 6, 30))  # fmt: skip
    town.entry("with an old permit", "hukou", hukou="420502")
    town.entry("with an old permit", "registration", lives="429006", residence_since=date(2020, 1, 1),
               permit_issued_on=date(2025, 6, 29), permit_valid_to=date(2026, 6, 29))  # fmt: skip
    town.entry("with a mother who has one", "hukou", hukou="420502", guardians=[["mother", "母一", "N1"]])
    town.entry("with a mother who has one", "registration", lives="429006", residence_since=date(2020, 1, 1))
    town.entry(None, "registration", name="母一", number="N1", lives="429006", residence_since=date(2020, 1, 1),
               permit_issued_on=date(2025, 7, 1))  # fmt: skip
    for name, where in (("in an emergency", "420581"), ("in one in a county that was split", ["130502", "130503"])):
        child(town, name)
        town.entry(name, "visit", lives="429006", emergency=where, **VISIT)
    return town.settle(duckdb.connect(), rooms=["core", "care"])


def facts(con, name):
    return con.execute("from care.service_fact where child_id = ?", [name]).to_arrow_table().to_pylist()[0]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("first grade", {"standing": "migrant", "age_years": 10, "school_stage": "primary", "is_first_grade": True,
                         "schooling": "enrolled", "hardship": "certified"}),
        ("small", {"age_years": 2, "school_stage": None, "schooling": "none"}),
        ("nobody speaks of", {"hardship": None, "permit": "none", "insurance": "none", "disability": "none",
                              "is_listed_orphan": False, "company": None, "lacks_guardianship": None,
                              "has_high_cost_alert": False, "is_key_care": False, "hukou_in_province": True}),
        ("asked at home", {"standing": "asked_for_help", "is_key_care": True}),
        ("alone", {"standing": "unaccompanied", "company": "nobody", "is_key_care": True}),
        ("of age", {"standing": "came_of_age", "age_years": 17, "school_stage": "vocational", "is_first_grade": False}),
        ("with a card", {"disability": "card", "disability_grade": 2, "is_key_care": True}),
        ("on the list", {"is_listed_minimum_living": True, "hardship": "certified", "is_listed_orphan": False}),
        ("off the list", {"is_listed_orphan": False}),
        ("with an alert", {"has_high_cost_alert": True}),
        ("poor by a visit", {"hardship": "told", "lacks_guardianship": False}),
        ("insured elsewhere", {"insurance": "elsewhere"}),
        ("in an emergency", {"has_emergency": True, "emergency_county": "420581"}),
        ("in one in a county that was split", {"has_emergency": True, "emergency_county": None}),
        ("alone", {"has_emergency": False, "emergency_county": None}),
        ("with a permit", {"permit": "own"}),
        ("with an old permit", {"permit": "none"}),
        ("with a mother who has one", {"permit": "guardian", "company": "one_parent"}),
    ],
)  # fmt: skip
def test_the_facts_of_a_child(con, name, expected):
    found = facts(con, name)
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize("name", ["at home", "in Lhasa"])
def test_who_is_no_migrant_or_lives_elsewhere_has_no_rows(con, name):
    assert con.execute("select count(*) from care.service_fact where child_id = ?", [name]).fetchall() == [(0,)]


@pytest.mark.parametrize(("lives", "catalogue"), [("540102", "540000"), ("110105", "110000"), ("420581", None)])
def test_the_catalogue_is_that_of_the_residence_county_or_the_nearest_above(lives, catalogue):
    town = Town("2026H1", jurisdiction=lives)
    child(town, "c1", lives=lives, hukou="429006")
    con = town.settle(duckdb.connect(), rooms=["core", "care"])
    assert con.execute("select catalogue from care.service_fact").fetchall() == ([(catalogue,)] if catalogue else [])


def test_a_feed_that_did_not_come_leaves_its_facts_unknown():
    town = Town("2026H1", missing=frozenset({"education/enrolment", "disabled_federation/rehabilitation",
                                             "civil_affairs/welfare", "medical_insurance/enrolment"}))  # fmt: skip
    child(town, "c1")
    found = facts(town.settle(duckdb.connect(), rooms=["core", "care"]), "c1")
    silent = ("schooling", "disability", "is_listed_orphan", "is_listed_minimum_living", "insurance")
    assert {name: found[name] for name in silent} == dict.fromkeys(silent)


def test_a_row_traces_its_conditions_and_benefits_and_names_bureau_place_and_clause(con):
    asked = "from care.entitlement where child_id = 'first grade' and item = 'S03'"
    row = con.execute(asked).to_arrow_table().to_pylist()[0]
    answers = {name: row.pop(name).split(";") for name in ("conditions", "benefits")}
    assert answers == {
        "conditions": ["migrant:eligible", "compulsory_stage:eligible", "poor:eligible", "offered_here:needs_proof",
                       "local_conditions:needs_proof"],
        "benefits": ["schooling:eligible", "living_aid:eligible", "nutrition:needs_proof", "nearby_school:eligible",
                     "entrance_examination:needs_proof"],
    }  # fmt: skip
    assert row == {
        "child_id": "first grade", "period": "2026H1", "catalogue": "429006", "item": "S03", "state": "eligible",
        "bureau": "市教育局", "claim_at": "residence", "claim_county": None, "clause": "tianmen-2025/list-3",
    }  # fmt: skip
    assert con.execute("select article from policy.clause where clause = 'tianmen-2025/list-3'").fetchall() == [
        ("附件 3",)
    ]


def test_every_child_has_every_item_of_its_catalogue_once(con):
    counted = con.execute("""
        select catalogue, count(*), count(distinct (child_id, item)), count(distinct child_id)
        from care.entitlement
        group by all
    """).fetchall()
    for catalogue, rows, distinct, children in counted:
        items = len(load().offered(load().files[catalogue], AS_OF))
        assert rows == distinct == children * items


def test_sql_answers_as_the_catalogue_does_for_children_of_every_kind():
    services = load()
    dice = random.Random(1)
    kinds = {name: fact.kind for name, fact in services.vocabulary.facts.items()}
    children = []
    for number in range(400):
        known = {name: dice.choice([*fact.domain, None]) for name, fact in services.vocabulary.facts.items()}
        known["standing"] = dice.choice(["migrant", "migrant", "came_of_age", "asked_for_help", "unaccompanied"])
        children.append((f"c{number}", dice.choice(list(services.files)), known))
    con = duckdb.connect()
    write_law(con, AS_OF)
    types = {"yes_no": "boolean", "number": "integer", "word": "varchar"}
    columns = ", ".join(f"{name} {types[kind]}" for name, kind in kinds.items())
    con.execute("create schema care")
    beside = "emergency_county varchar, carried varchar[], evidence varchar[]"
    row = f"child_id varchar, period varchar, catalogue varchar, {columns}, {beside}"
    con.execute(f"create table care.service_fact ({row})")
    con.execute("create table care.child (child_id varchar, residence_county varchar)")
    marks = ", ".join("?" * len(kinds))
    con.executemany(
        f"insert into care.service_fact values (?, '2026H1', ?, {marks}, null, [], [])",
        [(name, catalogue, *known.values()) for name, catalogue, known in children],
    )
    build_table(con, "care", "entitlement", {"period": "2026H1"})
    found = {(child, item): (state, benefits) for child, item, state, benefits in
             con.execute("select child_id, item, state, benefits from care.entitlement").fetchall()}  # fmt: skip
    asked = 0
    for name, catalogue, known in children:
        for each in services.offered(services.files[catalogue], AS_OF):
            benefits = ";".join(
                f"{benefit}:{services.benefit_verdict(each, of, known)}" for benefit, of in each.item.benefits.items()
            )
            assert found[name, each.item.item] == (services.item_verdict(each, known), benefits)
            asked += 1
    assert asked == len(found)


@pytest.mark.parametrize(
    ("name", "county", "state"),
    [
        ("in an emergency", "420581", "likely"),
        ("in one in a county that was split", "429006", "likely"),
        ("poor by a visit", "429006", "needs_proof"),
    ],
)
def test_relief_is_claimed_where_the_emergency_happened(con, name, county, state):
    asked = "select claim_at, claim_county, state from care.entitlement where child_id = ? and item = 'S15'"
    assert con.execute(asked, [name]).fetchall() == [("emergency", county, state)]


def carried_over(missing, lives="429006", later="429006", jurisdiction="429006"):
    """A child's facts in three half-years: all tables came in the first, these didn't in the others."""
    tables = frozenset(missing)
    told = []
    before = None
    for at, period in enumerate(("2026H1", "2026H2", "2027H1", "2027H2")):
        town = Town(period, missing=tables if at else frozenset(), jurisdiction=jurisdiction)
        place = later if at else lives
        town.entry("c1", "hukou", hukou="420502")
        if not at or "public_security/residence" not in tables:
            town.entry("c1", "registration", lives=place, residence_since=date(2020, 1, 1),
                       permit_issued_on=date(2020, 1, 1))  # fmt: skip
        town.entry("c1", "enrolment", lives=place, school_stage="primary", enrolled_in=date(2020, 9, 1))
        if at and later != lives:
            town.entry("c1", "visit", lives=later, visited_on=Period(period).as_of, residence_since=date(2021, 1, 1))
        con = duckdb.connect()
        before = town.settle(con, hand_on(before, con) if before else None, rooms=["core", "care"])
        told.append(facts(before, "c1"))
    return told


def test_what_a_table_told_stands_for_two_half_years_in_which_it_does_not_come():
    told = carried_over({"public_security/residence", "civil_affairs/welfare", "medical_insurance/enrolment",
                         "disabled_federation/rehabilitation", "medical_insurance/high_cost_alert"})  # fmt: skip
    names = ("permit", "insurance", "disability", "is_listed_orphan", "has_high_cost_alert")
    for each in told[:3]:
        assert [each[name] for name in names] == ["own", "none", "none", False, False], each["period"]
    assert [told[3][name] for name in names] == [None] * 5
    assert told[0]["carried"] == told[3]["carried"] == []
    assert told[2]["carried"] == sorted(f"{table}@2026H1" for table in (
        "public_security/residence", "civil_affairs/welfare", "medical_insurance/enrolment",
        "disabled_federation/rehabilitation", "medical_insurance/high_cost_alert"))  # fmt: skip


def test_a_permit_is_not_carried_into_another_county():
    moved = carried_over({"public_security/residence"}, lives="540102", later="540121", jurisdiction="540000")
    assert [each["permit"] for each in moved[:2]] == ["own", None]
