import numpy as np
import pytest

from matching import model, statement
from matching.accuracy import unblocked
from matching.accuracy.unblocked import Uncaught
from tests.matching.linked import Profile, write_link

MODEL = model.load()
WELFARE = "civil_affairs.welfare"


def test_rules_that_begin_with_one_kind_of_key_are_one_attempt():
    groups = unblocked.rule_groups(MODEL)
    named = {word: [MODEL.rule_names[place] for place in places] for word, places in groups.items()}
    assert named["number"] == ["number"]
    assert {"name_birth", "name_part_birth", "name_phone"} <= set(named["name"])
    assert sorted(place for places in groups.values() for place in places) == list(range(len(MODEL.rule_names)))


@pytest.mark.parametrize(("once", "twice", "lost"), [(0, 50, 0.0), (1, 50, 0.0), (41, 49, 41 * 0.3), (10, 0, 33.75)])
def test_few_caught_once_beside_many_caught_twice_means_few_lost(once: int, twice: int, lost: float):
    rate = Uncaught(once, twice, 4).rate(np.array([float(once)]), np.array([float(twice)]))
    assert once * rate[0] == pytest.approx(lost)


def _unseen(many: int, alone: Profile) -> dict[int, float]:
    """What ``unseen`` says where so many children have two linked entries, one a welfare row, and one is alone."""
    profiles = [Profile(2 * (place // 2), WELFARE if place % 2 else "education.enrolment") for place in range(2 * many)]
    con = write_link([*profiles, alone], [(2 * place, 2 * place + 1, 30.0) for place in range(many)], rules=0xFFF)
    con.execute("create temp table profile_source as select profile_id, feed || '.' || table_name as source, entries"
                " from link.profile")  # fmt: skip
    statement.run(con, "estimated/likely_pair")
    unblocked.write_uncaught(con, MODEL)
    return dict(con.execute("select profile_id, p from unseen").fetchall())


def test_an_entry_without_any_key_is_as_likely_as_others_of_its_table_to_have_mates():
    found = _unseen(98, Profile(196, WELFARE, keys=False))
    assert found == {196: pytest.approx(99 / 101, abs=1e-6)}


def test_an_entry_that_every_rule_could_have_caught_is_alone():
    assert _unseen(98, Profile(196, WELFARE))[196] < 1e-6
