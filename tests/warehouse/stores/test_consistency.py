"""Answers that don't fit together are found with the rows that make it so."""

from pathlib import Path

import pytest
import yaml

from tests.warehouse.stores.casework import LI, case, entry, give, judged
from warehouse.stores import consistency

CASES = yaml.safe_load(Path("tests/cases/verdicts/consistency.yml").read_text(encoding="utf-8"))
_MARKS = {"SAME": "=", "DIFFERENT": "!"}


def told(step):
    return f"{step.left[2]}{_MARKS[step.judgement]}{step.right[2]}"


@pytest.mark.parametrize("row", CASES, ids=[row["says"] for row in CASES])
def test_contradictions(stores, row):
    for number, held in enumerate(row["held"]):
        # each of a case of its own, and beside what it may contradict: as rows of before there were verdicts
        give(stores, LI, held, case(number), reason="as told", shared=[entry(letter) for letter in "ABCDEXYZ"])
    given, shared = [judged(each) for each in row["given"]], {entry(each) for each in row.get("shared", ())}
    with stores.connect() as connection:
        found = consistency.contradictions(consistency.reached(connection, given, shared), given, shared)
    chains = [[told(step) for step in sorted(each.same, key=told)] for each in found]
    assert sorted(
        f"{told(each.different)} <- {' '.join(chain)}" for each, chain in zip(found, chains, strict=True)
    ) == [*row["found"]]


def test_a_contradiction_names_the_rows_and_their_stewards(stores):
    first = give(stores, LI, "A=B", case(1))
    give(stores, LI, "B=C", case(2))
    outcome = give(stores, LI, "A!C", case(3))
    ((contradiction),) = outcome.contradictions
    assert contradiction.different.steward is None  # the one being given
    assert [(step.steward, step.decision_id is not None) for step in contradiction.same] == [("li", True), ("li", True)]
    assert contradiction.same[0].verdict_id == first.verdict_id
