"""Faults put into the real rule files and catalogues, one at a time: each is refused, file and key are named."""

from __future__ import annotations

import copy
from collections import Counter
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from policy.catalogues import with_files
from policy.rule_file import RuleError, parse
from policy.rules import Rules, committed
from policy.service_file import parse_vocabulary

BAD: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "cases/policy/bad_files.yml").read_text(encoding="utf-8")
)
DOUBLED = [
    ("jurisdictions/110000", "    in_force:", "    clause: x\n    in_force:", "clause"),
    ("jurisdictions/540000", "migrant_child:", "migrant_child: []\nmigrant_child:", "migrant_child"),
    ("services/540000", "    number: 1\n", "    number: 1\n    number: 2\n", "number"),
    ("services/429006", "requirements:", "items: []\nrequirements:", "items"),
]


@cache
def text(name: str) -> str:
    return files("policy").joinpath(f"{name}.yml").read_text(encoding="utf-8")


def read(name: str, changed: str) -> None:
    """Read the changed file in place of the real one, as the program would."""
    if name == "services/vocabulary":
        parse_vocabulary(changed, f"{name}.yml")
    elif name.startswith("services/"):
        with_files([(changed, f"{name}.yml")])
    else:
        file = parse(changed, f"{name}.yml")
        Rules(list({each.jurisdiction.code: each for each in [*committed(), file]}.values()))


def mutated(bad: dict[str, Any]) -> str:
    held = yaml.safe_load(text(bad["in"]))
    *above, key = bad["at"]
    parent = held
    for step in above:
        parent = parent[step]
    if "put" in bad:
        parent[key] = bad["put"]
    elif "again" in bad:
        parent.append(copy.deepcopy(parent[key]) | bad["again"])
    else:
        del parent[key]
    return yaml.safe_dump(held, allow_unicode=True, sort_keys=False)


def named(bad: dict[str, Any]) -> str:
    return f"{bad['kind']} {bad['in']} {'.'.join(map(str, bad['at']))}"


@pytest.mark.parametrize("bad", BAD, ids=named)
def test_a_file_with_a_fault_is_refused_and_file_and_key_are_named(bad):
    with pytest.raises(RuleError) as caught:
        read(bad["in"], mutated(bad))
    said = str(caught.value)
    assert bad["in"].split("/")[1] in said, said
    assert bad["says"] in said, said


@pytest.mark.parametrize(("name", "old", "new", "key"), DOUBLED)
def test_a_key_written_twice_is_refused(name, old, new, key):
    assert old in text(name)
    with pytest.raises(RuleError, match=f"twice: .*{key}") as caught:
        read(name, text(name).replace(old, new, 1))
    assert f"{name}.yml" in str(caught.value)


@pytest.mark.parametrize("name", sorted({bad["in"] for bad in BAD}))
def test_the_same_file_without_a_fault_is_taken(name):
    read(name, yaml.safe_dump(yaml.safe_load(text(name)), allow_unicode=True, sort_keys=False))


def test_there_are_enough_faults_of_each_kind():
    counted = Counter(bad["kind"] for bad in BAD)
    assert len(BAD) >= 40
    assert min(counted.values()) >= 4, counted
