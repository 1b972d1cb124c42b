"""Guards looked at once for pairs that are alike."""

import duckdb
import pytest

from matching import model
from matching.candidates import blocking
from matching.guards import guard
from matching.profiles import collapse
from matching.scoring import scored_pairs
from tests.matching.engines import county
from tests.matching.standing import write_std

MODEL = model.load()


@pytest.fixture(scope="module")
def paired():
    con = duckdb.connect()
    write_std(con, county.entries(300))
    collapse.write_profiles(con, MODEL)
    blocking.write_candidate_pairs(con, MODEL)
    return con


def _scored(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    scored_pairs.write_scored_pairs(con, MODEL)
    return con.execute("from link.scored_pair order by all").fetchall()


def test_a_pair_is_held_by_the_guard_that_holds_it_when_looked_at_alone(paired, monkeypatch):
    of_alike = _scored(paired)
    looked_at = []

    def one_by_one(registry, guards, seen, scores, pattern):
        looked_at.append(len(seen.left))
        return guard.first(registry, guards, seen, scores).code

    monkeypatch.setattr(guard, "first_of_alike", one_by_one)
    assert _scored(paired) == of_alike
    assert sum(looked_at) == len(of_alike)
    held = {row[0] for row in paired.execute("select distinct guard::varchar from link.scored_pair").fetchall()}
    assert held >= {"none", "two_numbers", "twins", "sex_and_birth", "once_per_period"}


def test_few_pairs_are_looked_at_one_by_one(paired, monkeypatch):
    looked_at = []
    first = guard.first

    def counted(registry, guards, seen, scores):
        looked_at.append(len(seen.left))
        return first(registry, guards, seen, scores)

    monkeypatch.setattr(guard, "first", counted)
    many = len(_scored(paired))
    _, beside_examples = looked_at
    assert beside_examples < many / 2
