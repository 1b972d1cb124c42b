"""The sections of the law behind the lists: inherited, cited, and refused with file and key where they are wrong."""

from datetime import date
from importlib.resources import files

import pytest

from policy.rule_file import NATIONAL, SECTIONS, RuleError, parse
from policy.rule_tables import tables as law_tables
from policy.rules import Rules, committed, load

AS_OF = date(2026, 6, 30)


def text(name):
    return files("policy").joinpath("jurisdictions", f"{name}.yml").read_text(encoding="utf-8")


def with_changed(name, old, new):
    """All rules, with one file's text changed."""
    changed = text(name)
    assert old in changed
    given = parse(changed.replace(old, new, 1), f"policy/jurisdictions/{name}.yml")
    held = {file.jurisdiction.code: file for file in [*committed(), given]}
    return Rules(list(held.values()))


@pytest.mark.parametrize(
    ("section", "county", "parameter", "value", "stated_by"),
    [
        ("left_behind", "540121", "away_at_least_months", 3, "540000"),
        ("left_behind", "429006", "away_at_least_months", 6, NATIONAL),
        ("left_behind", "540121", "younger_than_years", 16, NATIONAL),
        ("visits", "429006", "every_migrant_child", True, "429006"),
        ("visits", "110105", "every_migrant_child", False, NATIONAL),
        ("villages", "540121", "more_than", 30, NATIONAL),
        ("distressed", "110105", "younger_than_years", 18, NATIONAL),
    ],
)
def test_the_nearest_file_that_states_a_parameter_holds(section, county, parameter, value, stated_by):
    stated = load().holding(section, county, AS_OF).stated[parameter]
    assert (stated.value.value, stated.jurisdiction) == (value, stated_by)


@pytest.mark.parametrize(("county", "categories"), [("540121", 6), ("110105", 6), ("429006", 7), ("420502", 6)])
def test_tibet_and_beijing_have_six_categories_of_key_care_and_tianmen_seven(county, categories):
    stated = load().holding("key_care", county, AS_OF).stated["categories"].value
    assert len(stated.value) == categories
    assert ("dropped_out" in {each.category for each in stated.value}) is (county == "429006")


def test_a_cadence_that_no_notice_sets_has_no_clause():
    visits = load().holding("visits", "110105", AS_OF).stated
    assert (visits["key_care"].value.clause, visits["key_care"].value.visit_months) == (None, 6)


def test_before_a_notice_the_rule_above_holds():
    assert load().holding("visits", "429006", date(2025, 7, 29)).rule_id == "visits/national"
    assert load().holding("left_behind", "540121", date(2024, 7, 1)).rule_id == "left-behind/540000"


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("429006", "triggers: [visit/dropped_out,", "triggers: [visit/left_school,", "key_care.0.categories.value.3"),
        ("429006", "category: dropped_out", "category: vagrant", "stated twice"),
        (
            "429006",
            "visit_months: 3, contact_months: null",
            "visit_months: 0, contact_months: null",
            "visits.0.migrant",
        ),
        ("429006", "visit_months: 3, contact_months: null", "visit_months: 3", "visits.0.migrant.contact_months"),
        ("540000", "away_at_least_months:", "away_at_most_months:", "left_behind.0.away_at_most_months"),
        ("540000", "value: 3\n", 'value: "3"\n', "left_behind.0.away_at_least_months"),
        ("540000", 'in_force: {from: "2024-07-01"', "in_force: {from: 2024-07-01", "quotes"),
        ("national", "value: [non_agricultural]", "value: [urban]", "left_behind.0.urban_hukou"),
        ("national", "value: [migrant, unaccompanied]", "value: []", "key_care.0.statuses"),
        ("national", ", why_none: they are words of the calendar and no rule", "", "interpretations.7"),
    ],
)
def test_a_fault_is_refused_with_its_file_and_key(name, old, new, said):
    with pytest.raises(RuleError, match=said) as caught:
        with_changed(name, old, new)
    assert f"policy/jurisdictions/{name}.yml" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("429006", 'title: 流浪, clause: "tianmen-2025/three-2"', 'title: 流浪, clause: "tianmen-2025/ten"', "ten"),
        ("national", "parameter: villages.more_than", "parameter: villages.most", "case 12 points at no parameter"),
        ("national", "parameter: villages.more_than", "parameter: hamlets.more_than", "case 12 points at no parameter"),
        ("national", "    watch_from:\n      value: 28\n", "    more_than:\n      value: 28\n", "twice"),
    ],
)
def test_what_files_say_of_each_other_must_hold(name, old, new, said):
    with pytest.raises(RuleError, match=said):
        with_changed(name, old, new)


def test_every_open_question_points_at_a_parameter_or_says_why_there_is_none():
    for item in load().files[NATIONAL].interpretations:
        assert (item.parameter is None) != (item.why_none is None)
        if item.parameter:
            section, parameter = item.parameter.split(".")
            assert parameter in load().holding(section, NATIONAL, AS_OF).stated


def test_every_county_unit_has_exactly_one_rule_of_each_section_and_every_category_a_trigger():
    law = law_tables(load(), AS_OF)
    counties = sorted([*law["county"].column("code").to_pylist(), NATIONAL])
    for section in SECTIONS.keys() - {"migrant_child"}:
        assert sorted(law[f"{section}_rule"].column("county").to_pylist()) == counties
    stating = set(law["care_trigger"].column("rule_id").to_pylist())
    for section in ("key_care", "distressed"):
        assert set(law[f"{section}_rule"].column("categories_of").to_pylist()) <= stating
    quoted = set(law["clause"].column("clause").to_pylist())
    assert set(law["visit_cadence"].column("clause").to_pylist()) - {None} <= quoted
