from datetime import date

import pytest

from policy.rule_file import RuleError, parse
from policy.rule_tables import tables as law_tables
from policy.rules import Rules, load

AS_OF = date(2026, 6, 30)
NATION = """
jurisdiction: {code: "000000", name: 全国}
clauses: {"n/1": {document: 某文, words: 某句}}
migrant_child:
  - rule_id: nation
    in_force: {from: null, to: null}
    clause: "n/1"
    younger_than_years: {value: 16, clause: "n/1", effect: e}
    away_at_least_months: {value: 6, clause: "n/1", effect: e}
    boundary_included: {value: true, interpretation: i, effect: e}
    breaks_up_to_days: {value: 30, interpretation: i, effect: e}
    born_there_within_days: {value: 60, interpretation: i, effect: e}
    carried_periods: {value: 2, interpretation: i, effect: e}
    transfers_in_doubt_years: {value: 5, interpretation: i, effect: e}
    small_child_years: {value: 6, interpretation: i, effect: e}
    came_together_within_days: {value: 92, interpretation: i, effect: e}
    central_districts: {kind: none, interpretation: i}
statistics_population:
  - rule_id: nation-statistics
    in_force: {from: null, to: null}
    clause: "n/1"
    younger_than_years: {value: 16, clause: "n/1", effect: e}
    away_at_least_months: {value: 6, clause: "n/1", effect: e}
    boundary_included: {value: true, clause: "n/1", effect: e}
base_list:
  - rule_id: nation-base
    in_force: {from: null, to: null}
    clause: "n/1"
    statuses: {value: [migrant], clause: "n/1", effect: e}
key_care:
  - rule_id: nation-key-care
    in_force: {from: null, to: null}
    clause: "n/1"
    statuses: {value: [migrant], clause: "n/1", effect: e}
    categories:
      clause: "n/1"
      effect: e
      value: [{category: vagrant, title: 流浪, clause: "n/1", triggers: [visit/is_vagrant]}]
    asking_across_townships: {value: true, clause: "n/1", effect: e}
    review_every_months: {value: 6, clause: "n/1", effect: e}
left_behind:
  - rule_id: nation-left-behind
    in_force: {from: null, to: null}
    clause: "n/1"
    younger_than_years: {value: 16, clause: "n/1", effect: e}
    away_at_least_months: {value: 6, clause: "n/1", effect: e}
    boundary_included: {value: true, clause: "n/1", effect: e}
    urban_hukou: {value: [non_agricultural], clause: "n/1", effect: e}
    one_away_other_incapable: {value: true, clause: "n/1", effect: e}
distressed:
  - rule_id: nation-distressed
    in_force: {from: null, to: null}
    clause: "n/1"
    younger_than_years: {value: 18, clause: "n/1", effect: e}
    categories:
      clause: "n/1"
      effect: e
      value: [{category: orphan, title: 孤儿, clause: "n/1", triggers: [welfare/orphan]}]
single_parent:
  - rule_id: nation-single
    in_force: {from: null, to: null}
    clause: "n/1"
    younger_than_years: {value: 18, clause: "n/1", effect: e}
visits:
  - rule_id: nation-visits
    in_force: {from: null, to: null}
    clause: "n/1"
    every_migrant_child: {value: false, clause: "n/1", effect: e}
    migrant: {visit_months: 6, contact_months: null, interpretation: i, effect: e}
    key_care: {visit_months: 6, contact_months: null, interpretation: i, effect: e}
    left_behind: {visit_months: 6, contact_months: null, interpretation: i, effect: e}
    distressed: {visit_months: 6, contact_months: null, interpretation: i, effect: e}
    single_parent: {visit_months: 6, contact_months: null, interpretation: i, effect: e}
    more_often_months: {value: 2, clause: "n/1", effect: e}
    notice_days: {value: 30, clause: "n/1", effect: e}
villages:
  - rule_id: nation-villages
    in_force: {from: null, to: null}
    clause: "n/1"
    more_than: {value: 30, clause: "n/1", effect: e}
    watch_from: {value: 28, clause: "n/1", effect: e}
school_age:
  - rule_id: nation-school-age
    in_force: {from: null, to: null}
    clause: "n/1"
    from_years: {value: 6, clause: "n/1", effect: e}
    years_of_schooling: {value: 9, clause: "n/1", effect: e}
    begins_in_month: {value: 9, clause: "n/1", effect: e}
    mid_year_from_months: {value: 2, interpretation: i, effect: e}
    mid_year_up_to_months: {value: 9, interpretation: i, effect: e}
events:
  - rule_id: nation-events
    in_force: {from: null, to: null}
    clause: "n/1"
    high_cost_alert_days: {value: 30, clause: "n/1", effect: e}
    dropout_days: {value: 15, clause: "n/1", effect: e}
    new_disability_card_days: {value: 60, clause: "n/1", effect: e}
    school_age_not_enrolled_days: {value: 30, clause: "n/1", effect: e}
watched:
  - rule_id: nation-watched
    in_force: {from: null, to: null}
    clause: "n/1"
    every_days: {value: 30, clause: "n/1", effect: e}
evidence:
  hukou: [{source: s, rank: 1, confidence: 0.9}]
  residence: [{source: s, rank: 1, confidence: 0.9}]
  child: [{source: s, rank: 1, confidence: 0.9}]
age_bands: [{band: "0-2", from_years: 0, to_years: 2}]
"""
COUNTY = """
jurisdiction: {code: "429006", name: 天门市}
clauses: {"t/2": {document: 某通知, words: 某句}}
migrant_child:
  - rule_id: tianmen
    in_force: {from: "2025-07-30", to: null}
    clause: "t/2"
    away_at_least_months: {value: 3, clause: "t/2", effect: e}
"""


def rules(*texts):
    return Rules([parse(text, f"file {number}") for number, text in enumerate(texts)])


def test_a_county_file_states_only_what_differs():
    rule = rules(NATION, COUNTY).migrant_rule("429006", AS_OF)
    assert (rule.rule_id, rule.away_at_least_months, rule.younger_than_years) == ("tianmen", 3, 16)
    assert rule.has_own_file


def test_a_county_without_a_file_uses_the_nearest_above_and_says_so():
    rule = rules(NATION, COUNTY).migrant_rule("429005", AS_OF)
    assert (rule.rule_id, rule.jurisdiction, rule.has_own_file) == ("nation", "000000", False)


def test_before_a_file_is_in_force_the_rule_above_holds():
    assert rules(NATION, COUNTY).migrant_rule("429006", date(2025, 7, 29)).rule_id == "nation"
    assert rules(NATION, COUNTY).migrant_rule("429006", date(2025, 7, 30)).rule_id == "tianmen"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rule_id: tianmen", "rule_id: tianmen\n    away_months: 3", "away_months"),
        ('from: "2025-07-30"', "from: 2025-07-30", "quotes"),
        ('code: "429006"', "code: 429006", "quotes"),
        ("value: 3", 'value: "3"', "away_at_least_months"),
        ("value: 3, clause: \"t/2\", effect: e", "value: 3, effect: e", "interpretation"),
        ("rule_id: tianmen", "rule_id: tianmen\n    rule_id: other", "twice"),
        (
            "rule_id: tianmen",
            'rule_id: tianmen\n    central_districts: {kind: none, sets: [["110101"]], interpretation: i}',
            "listed",
        ),
        ("jurisdiction", "jurisdiction: [", "YAML"),
    ],
)  # fmt: skip
def test_a_file_with_a_fault_is_refused_and_the_fault_named(old, new, said):
    assert old in COUNTY
    with pytest.raises(RuleError, match=said) as caught:
        parse(COUNTY.replace(old, new, 1), "policy/jurisdictions/429006.yml")
    assert "policy/jurisdictions/429006.yml" in str(caught.value)


@pytest.mark.parametrize(
    ("parameter", "value", "said"),
    [
        ("begins_in_month", 13, "begins_in_month.* is 13; a month is 1 to 12"),
        ("begins_in_month", 0, "a month is 1 to 12"),
        ("mid_year_from_months", 12, "mid_year_from_months.* is 12; a school year has months 0 to 11"),
        ("mid_year_up_to_months", 12, "mid_year_up_to_months.* a school year has months 0 to 11"),
        ("mid_year_up_to_months", -1, "mid_year_up_to_months"),
    ],
)
def test_months_of_a_school_year_are_those_of_a_year(parameter, value, said):
    school = 'school_age:\n  - rule_id: tianmen-school\n    in_force: {from: null, to: null}\n    clause: "t/2"\n'
    stated = f"    {parameter}: {{value: {value}, interpretation: i, effect: e}}\n"
    with pytest.raises(RuleError, match=said):
        parse(COUNTY + school + stated, "policy/jurisdictions/429006.yml")


def test_a_clause_that_no_file_quotes_is_refused():
    with pytest.raises(RuleError, match="t/3"):
        rules(NATION, COUNTY.replace('value: 3, clause: "t/2"', 'value: 3, clause: "t/3"'))


def test_the_nation_leaves_nothing_out():
    with pytest.raises(RuleError, match="breaks_up_to_days"):
        rules("\n".join(line for line in NATION.splitlines() if "breaks_up_to_days" not in line))


def test_without_the_nation_there_are_no_rules():
    with pytest.raises(RuleError, match="000000"):
        rules(COUNTY)


def test_the_committed_files_are_four_and_sound():
    assert sorted(load().files) == ["000000", "110000", "429006", "540000"]


def test_every_open_question_of_the_notices_has_an_answer_chosen():
    assert [item.case for item in load().files["000000"].interpretations] == list(range(1, 16))


@pytest.mark.parametrize(
    ("county", "rule_id"),
    [
        ("429006", "migrant-child/429006"),
        ("110105", "migrant-child/110000"),
        ("540102", "migrant-child/540000"),
        ("542525", "migrant-child/540000"),
        ("420502", "migrant-child/national"),
        ("000000", "migrant-child/national"),
    ],
)
def test_whose_rule_holds_where(county, rule_id):
    assert load().migrant_rule(county, AS_OF).rule_id == rule_id


def test_beijings_rule_holds_from_the_day_of_its_notice():
    assert load().migrant_rule("110105", date(2025, 10, 16)).rule_id == "migrant-child/national"
    assert load().migrant_rule("110105", date(2025, 10, 17)).rule_id == "migrant-child/110000"


@pytest.mark.parametrize(
    ("residence", "hukou", "is_central"),
    [
        ("110101", "110108", True),  # two of Beijing's six
        ("110101", "110114", False),  # 昌平 is none of them
        ("110114", "110115", False),
        ("540102", "540104", True),  # Lhasa: all 市辖区
        ("540102", "540202", False),  # districts of two cities
        ("540102", "540121", False),  # a county of Lhasa
        ("420502", "420503", True),  # 宜昌, no file: all 市辖区 of one city
        ("420502", "420581", False),  # a county-level city of 宜昌
        ("310101", "310104", False),  # a municipality without a file: none
        ("429006", "429005", False),
        ("110101", "110101", False),  # not away at all
    ],
)
def test_moves_within_a_citys_centre(residence, hukou, is_central):
    assert load().is_central_pair(residence, hukou, AS_OF) is is_central
    pairs = law_tables(load(), AS_OF)["central_pair"].to_pylist()
    found = {(pair["residence_county"], pair["hukou_county"]) for pair in pairs}
    assert ((residence, hukou) in found) is is_central


def test_before_beijings_notice_its_six_districts_were_no_exception():
    assert not load().is_central_pair("110101", "110108", date(2025, 10, 16))


def test_every_county_unit_has_exactly_one_rule():
    tables = law_tables(load(), AS_OF)
    counties = [row["county"] for row in tables["migrant_rule"].to_pylist()]
    assert sorted(counties) == sorted([*tables["county"].column("code").to_pylist(), "000000"])
