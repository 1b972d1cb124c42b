"""Why a child has its status, told from a published town."""

import json
from dataclasses import asdict
from datetime import date

import pytest

from policy.period import Period
from policy.rules import load
from tests.warehouse.core.town import Town
from warehouse.explanation import TESTS, NoSuchChild, explain
from warehouse.store import Warehouse

PERIOD = Period("2026H1")
CITY, TIANMEN = "420502", "429006"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    town = Town(str(PERIOD), redirects=(("merged", "came long ago"),))
    for child, born, lives, since in (
        ("came long ago", date(2016, 5, 1), TIANMEN, date(2024, 9, 1)),
        ("came lately", date(2016, 5, 1), TIANMEN, date(2026, 3, 1)),
        ("grown up", date(2010, 6, 30), TIANMEN, date(2024, 9, 1)),
        ("at home", date(2016, 5, 1), CITY, date(2024, 9, 1)),
    ):
        town.entry(child, "hukou", hukou=CITY, born=born, name="秘密之名", number="110105201512310021")
        town.entry(child, "registration", hukou=CITY, lives=lives, residence_since=since, born=born)
    town.entry("nothing known", "alert")
    home = tmp_path_factory.mktemp("town") / "home"
    town.publish(home)
    return Warehouse(home)


@pytest.fixture(scope="module")
def explained(house):
    return lambda child: explain(house, PERIOD, child, load())


@pytest.mark.parametrize(
    ("child", "decides"),
    [
        ("came long ago", None),
        ("came lately", "long_enough"),
        ("grown up", "age"),
        ("at home", "away"),
        ("nothing known", "places_known"),
    ],
)
def test_the_first_test_that_decides_ends_them(explained, child, decides):
    tests = explained(child).tests
    answers = {test.test: test.decided for test in tests}
    assert tuple(answers) == TESTS
    place = TESTS.index(decides) if decides else len(TESTS)
    expected = [False] * place + ([True] if decides else []) + [None] * (len(TESTS) - place - 1)
    assert list(answers.values()) == expected


def test_every_test_names_words_or_says_what_was_chosen(explained):
    for test in explained("came long ago").tests:
        assert test.words or test.interpretation
        assert test.clause is None or test.clause in load().clauses


def test_the_day_that_six_months_ask_for_is_the_rules_own(explained):
    facts = {test.test: test.facts for test in explained("came lately").tests}["long_enough"]
    assert facts["at_latest"] == date(2025, 12, 30)


def test_claims_say_which_was_chosen_and_why(explained):
    claims = explained("came long ago").claims
    chosen = {claim["kind"]: claim for claim in claims if claim["is_chosen"]}
    assert chosen["hukou"]["source"] == "public_security/hukou"
    assert chosen["residence"]["codes"] == [TIANMEN]
    assert all(claim["reason"] for claim in claims)


def test_a_merged_id_leads_to_the_child_it_became(explained):
    found = explained("merged")
    assert found.became == "came long ago"
    assert len(found.entries) == 2


def test_nothing_names_the_child(explained):
    told = json.dumps(asdict(explained("came long ago")), default=str, ensure_ascii=False)
    assert "秘密" not in told
    assert "110105201512310021" not in told


def test_an_id_that_the_period_does_not_hold_is_said_to_be_none(explained):
    with pytest.raises(NoSuchChild, match="2026H1"):
        explained("nobody")
