"""Each line of what the app promises has tests that hold it to that: ``cases/stewardship/promises.csv`` says which."""

import csv
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
_LINES = (TESTS / "cases/stewardship/promises.csv").read_text(encoding="utf-8").splitlines()
PROMISES = list(csv.DictReader(line for line in _LINES if not line.startswith("#")))


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: f"{promise['promise']}: {promise['test']}")
def test_a_promise_has_its_test(promise):
    text = (TESTS / promise["file"]).read_text(encoding="utf-8")
    assert re.search(rf"^ *def {promise['test']}\(", text, re.M)
