"""Versions of a jurisdiction's rule in time."""

import pytest

from policy.rule_file import RuleError, parse
from tests.policy.test_rules import COUNTY

NEWER = (
    COUNTY
    + """  - rule_id: tianmen-2
    in_force: {from: "2027-01-01", to: null}
    clause: "t/2"
"""
)


def test_versions_follow_one_another():
    ended = NEWER.replace('"2025-07-30", to: null', '"2025-07-30", to: "2026-12-31"')
    assert [each.rule_id for each in parse(ended, "f").migrant_child] == ["tianmen", "tianmen-2"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("NOTHING", "", "tianmen and tianmen-2 are both in force"),
        ('to: null}\n    clause: "t/2"\n    away', 'to: "2027-01-01"}\n    clause: "t/2"\n    away', "both in force"),
        ("rule_id: tianmen-2", "rule_id: tianmen", "several versions"),
        ('"2027-01-01", to: null', '"2027-01-01", to: "2026-01-01"', "before it begins"),
    ],
)
def test_versions_that_overlap_in_time_are_refused(old, new, said):
    assert old in NEWER or old == "NOTHING"
    with pytest.raises(RuleError, match=said) as caught:
        parse(NEWER.replace(old, new), "policy/tianmen.yml")
    assert "policy/tianmen.yml" in str(caught.value)
