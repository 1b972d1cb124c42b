"""The catalogues of services: complete, different where the notices differ, and compared with the one above."""

from datetime import date
from importlib.resources import files

import pytest

from policy.catalogues import load, with_files
from policy.service_file import VERDICTS
from warehouse import specs

AS_OF = date(2026, 6, 30)
LISTS = {code: load().files[code] for code in ("540000", "429006", "110000")}
SHARED = {f"S{number:02}" for number in (*range(1, 16), *range(18, 23))}


def offered(code, item):
    return next(each for each in load().offered(LISTS[code], AS_OF) if each.item.item == item)


def benefit(code, item, name, **facts):
    of = offered(code, item)
    return load().benefit_verdict(of, of.item.benefits[name], {"standing": "migrant"} | facts)


def item(code, name, **facts):
    return load().item_verdict(offered(code, name), {"standing": "migrant"} | facts)


@pytest.mark.parametrize("code", ["540000", "429006"])
def test_a_list_holds_its_twenty_two_items(code):
    assert sorted(each.number for each in LISTS[code].items if each.number) == list(range(1, 23))


def test_twenty_items_are_shared_and_each_list_has_two_of_its_own():
    tibet, tianmen = ({each.item for each in LISTS[code].items if each.number} for code in ("540000", "429006"))
    assert (tibet & tianmen, tibet - tianmen, tianmen - tibet) == (SHARED, {"S16", "S17"}, {"S23", "S24"})


def test_beijing_numbers_nothing_for_its_notice_attaches_no_list():
    assert {each.number for each in LISTS["110000"].items} == {None}


def test_facts_are_the_columns_of_the_table_with_the_same_values():
    columns = specs.get("care", "service_fact").columns
    facts = load().vocabulary.facts
    beside = ("child_id", "period", "catalogue", "emergency_county", "carried", "evidence")
    assert list(facts) == [name for name in columns if name not in beside]
    for name, fact in facts.items():
        expect, kind = columns[name].expect, columns[name].type
        assert (kind == "boolean") == (fact.kind == "yes_no")
        if fact.kind == "word":
            assert expect.one_of == fact.domain
        if fact.kind == "number":
            assert (expect.at_least, expect.at_most) == (fact.from_, fact.to)


@pytest.mark.parametrize(
    ("county", "on", "code"),
    [
        ("540102", AS_OF, "540000"),
        ("429006", AS_OF, "429006"),
        ("110105", AS_OF, "110000"),
        ("540102", date(2025, 6, 30), None),
        ("420502", AS_OF, None),
    ],
)
def test_the_nearest_catalogue_above_holds_from_its_day(county, on, code):
    found = load().catalogue_of(county, on)
    assert (found and found.catalogue.code) == code


def test_tibet_lets_only_children_of_its_own_hukou_sit_the_examination():
    outside = {"school_stage": "senior", "hukou_in_province": "false", "hardship": "none"}
    assert benefit("540000", "S04", "entrance_examination", **outside) == "no"
    assert benefit("429006", "S04", "entrance_examination", **outside) == "needs_proof"
    assert benefit("540000", "S04", "grant", **outside | {"hardship": "certified"}) == "eligible"


@pytest.mark.parametrize(
    ("code", "facts", "verdict"),
    [
        ("540000", {"permit": "own", "has_citizen_no": "false"}, "eligible"),
        ("540000", {"permit": "guardian"}, "likely"),
        ("540000", {"permit": "none", "has_citizen_no": "true"}, "needs_proof"),
        ("540000", {}, "unknown"),
        ("429006", {"permit": "none", "has_citizen_no": "true"}, "eligible"),
        ("429006", {"permit": "own", "has_citizen_no": "false"}, "needs_proof"),
        ("110000", {"permit": "none", "has_citizen_no": "true"}, "needs_proof"),
    ],
)
def test_insurance_asks_for_a_permit_in_tibet_and_beijing_and_for_a_document_in_tianmen(code, facts, verdict):
    assert benefit(code, "S07", "enrolment", **facts) == verdict


def test_tianmens_study_grant_is_told_to_who_came_of_age_and_tibet_has_none():
    orphan = {"is_listed_orphan": "true", "standing": "came_of_age"}
    assert benefit("429006", "S10", "study_grant", **orphan, age_years="15") == "no"
    assert benefit("429006", "S10", "study_grant", **orphan, age_years="16") == "needs_proof"
    assert benefit("429006", "S10", "study_grant", **orphan, age_years="17") == "needs_proof"
    assert "study_grant" not in offered("540000", "S10").item.benefits


@pytest.mark.parametrize(
    ("code", "item", "name", "place"),
    [
        ("540000", "S11", "rehabilitation", "residence"),  # 就地受理
        ("540000", "S11", "two_subsidies", "hukou"),
        ("429006", "S11", "rehabilitation", "both"),  # its list says hukou, its body residence
        ("429006", "S11", "two_subsidies", "hukou"),
        ("110000", "S11", "rehabilitation", "residence"),
        ("110000", "S11", "two_subsidies", "hukou"),
        ("540000", "S13", "allowance", None),  # the item's: both, its list names no place
        ("429006", "S13", "allowance", None),
    ],
)
def test_where_a_benefit_is_claimed(code, item, name, place):
    assert offered(code, item).item.benefits[name].claim_at == place


@pytest.mark.parametrize(("code", "place"), [("540000", "both"), ("429006", "hukou")])
@pytest.mark.parametrize("item", ["S13", "S14"])
def test_minimum_living_and_extreme_poverty_support_are_claimed_where_the_notice_says(code, item, place):
    found = offered(code, item).item
    assert found.claim_at == place
    assert (found.interpretation is not None) == (place == "both")


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({"school_stage": "primary", "age_years": "5"}, "eligible"),  # enrolment first
        ({"school_stage": "preschool", "age_years": "7"}, "no"),
        ({"age_years": "6"}, "likely"),  # then age
        ({"age_years": "15"}, "unknown"),
        ({"age_years": "5"}, "no"),
        ({}, "unknown"),
    ],
)
def test_the_stage_is_decided_by_enrolment_first_and_age_second(facts, verdict):
    assert benefit("540000", "S03", "schooling", **facts) == verdict


def test_psychological_screening_is_for_all_in_tibet_and_for_those_in_need_in_tianmen():
    assert benefit("540000", "S20", "screening") == "eligible"
    assert benefit("429006", "S20", "screening") == "needs_proof"
    assert benefit("429006", "S20", "screening", behaviour_anomaly="true") == "eligible"


def test_who_came_of_age_keeps_what_pupils_have_and_loses_the_rest():
    assert item("429006", "S05", standing="came_of_age", school_stage="vocational") == "likely"
    assert item("429006", "S06", standing="came_of_age") == "no"


@pytest.mark.parametrize(
    ("name", "facts", "verdict"),
    [
        ("S10", {"company": "both_parents", "lacks_guardianship": "true"}, "needs_proof"),
        ("S10", {"company": "nobody", "lacks_guardianship": "false"}, "needs_proof"),
        ("S10", {"company": "one_parent"}, "unknown"),
        ("S10", {"company": "one_parent", "lacks_guardianship": "false"}, "no"),
        ("S14", {"company": "one_parent", "lacks_guardianship": "true", "hardship": "none"}, "needs_proof"),
        ("S14", {"is_listed_orphan": "false", "company": "one_parent", "hardship": "told"}, "unknown"),
        ("S14", {"is_listed_orphan": "false", "lacks_guardianship": "false", "hardship": "none"}, "no"),
    ],
)
@pytest.mark.parametrize("code", ["540000", "429006"])
def test_a_parent_at_home_does_not_outweigh_what_a_visit_found(code, name, facts, verdict):
    assert item(code, name, **{"is_listed_hiv": "false"} | facts) == verdict


def test_whom_nobody_lives_with_is_heard():
    assert item("429006", "S06", standing="unaccompanied") == "needs_proof"


def test_who_only_asked_for_help_gets_no_more_than_a_hearing():
    for each in load().offered(LISTS["429006"], AS_OF):
        facts = {"standing": "asked_for_help", "has_citizen_no": "true", "hardship": "certified"}
        best = load().item_verdict(each, facts)
        assert VERDICTS.index(best) <= VERDICTS.index("needs_proof")


LHASA = (
    files("policy").joinpath("services/540000.yml").read_text(encoding="utf-8")
    .replace('code: "540000"', 'code: "540102"').replace("tibet-2025/", "lhasa/")
)  # fmt: skip


def shortfalls(text):
    held = with_files([(text, "540102.yml")])
    lower = held.files["540102"]
    higher = held.above(lower, AS_OF)
    assert higher is not None
    return held.shortfalls(lower, higher, AS_OF)


def test_a_county_that_takes_over_the_regions_list_is_not_below_it():
    assert shortfalls(LHASA) == []


def test_a_county_without_an_item_of_the_regions_is_below_it():
    start, end = LHASA.index("  - item: S17"), LHASA.index("  - item: S18")
    assert [(each.item, each.is_certain) for each in shortfalls(LHASA[:start] + LHASA[end:])] == [("S17", True)]


def test_a_county_with_a_narrower_condition_is_below_the_region_and_a_child_is_shown():
    narrower = LHASA.replace("needs: [migrant, age_0_to_6]", "needs: [migrant, age_0_to_6, residence_permit]")
    found = shortfalls(narrower)
    assert {each.item for each in found} == {"S01"}
    assert all(each.is_certain for each in found)
    assert "narrower: likely where the region's says eligible" in found[0].what
    assert "permit=guardian" in found[0].what


def test_a_county_with_a_wider_condition_is_not_below_the_region():
    wider = LHASA.replace("needs: [hukou_in_the_region, local_conditions]", "needs: [local_conditions]")
    assert shortfalls(wider) == []


def test_a_county_that_reads_ages_to_the_birthday_is_below_a_region_that_reads_them_through_the_year():
    found = shortfalls(LHASA.replace("through_the_year", "to_the_birthday"))
    assert {each.item for each in found} == {"S01", "S02", "S12"}


def test_a_county_that_sends_a_family_to_the_hukou_place_is_below_a_region_that_serves_it():
    of_benefit, of_item = "needs: [local_conditions], claim_at: ", "needs: [migrant, disabled]"
    moved = LHASA.replace(f"{of_benefit}residence", f"{of_benefit}hukou")
    moved = moved.replace(f"claim_at: both\n    {of_item}", f"claim_at: hukou\n    {of_item}")
    assert [each.item for each in shortfalls(moved)] == ["S11"]


def test_other_words_and_other_benefits_are_left_to_a_person():
    found = shortfalls(LHASA.replace("免费提供作业本", "提供作业本").replace("dictionary:", "word_book:"))
    assert [(each.item, each.benefit, each.is_certain) for each in found] == [
        ("S03", "dictionary", False), ("S03", "exercise_books", False),
    ]  # fmt: skip


def test_an_item_is_revised_by_a_second_version_from_a_day_on():
    item_19 = LHASA[LHASA.index("  - item: S19") : LHASA.index("  - item: S20")]
    newer = 'number: 19\n    clause: "lhasa/list-19-2026"\n    in_force: {from: "2026-01-01", to: null}'
    older = 'number: 19\n    in_force: {from: "2025-07-01", to: "2025-12-31"}'
    revised, ended = (item_19.replace("number: 19", words) for words in (newer, older))
    held = with_files([(LHASA.replace(item_19, ended + revised), "540102.yml")])
    for on, clause in ((date(2025, 12, 31), "lhasa/list-19"), (AS_OF, "lhasa/list-19-2026")):
        found = [each.clause for each in held.offered(held.files["540102"], on) if each.item.item == "S19"]
        assert found == [clause]
