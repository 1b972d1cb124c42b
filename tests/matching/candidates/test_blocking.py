"""Candidate pairs."""

import duckdb
import pytest

from matching import model
from matching.candidates import blocking
from matching.model import Rule
from matching.profiles import collapse
from tests.matching.standing import Entry, Guardian, citizen_no, write_std

MODEL = model.load()


def _pairs(entries: list[Entry], with_model: model.Model = MODEL) -> set[tuple[int, int]]:
    con = duckdb.connect()
    write_std(con, entries)
    collapse.write_profiles(con, with_model)
    blocking.write_candidate_pairs(con, with_model)
    return set(
        con.execute(
            "select a.entry_id, b.entry_id from link.candidate_pair as pair"
            " join link.profile as a on a.profile_id = left_profile"
            " join link.profile as b on b.profile_id = right_profile"
        ).fetchall()
    )


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (Entry(citizen_no=citizen_no()), Entry("李四", citizen_no=citizen_no(), born_on=None)),
        (Entry(), Entry(source="health.child_health", residence_county=None)),
        (
            Entry(guardians=(Guardian("李芳"),), born_on=None),
            Entry(guardians=(Guardian("李芳"),), residence_county=None),
        ),
        (
            Entry("王安", guardians=(Guardian(phone="13911112222"),)),
            Entry("小宝", guardians=(Guardian(phone="13911112222"),)),
        ),
        (Entry("王梓涵"), Entry("梓涵", hukou_county=None, residence_county=None)),
    ],
    ids=["number", "name and birth", "name and guardian", "birth and phone", "given name and birth"],
)
def test_two_entries_meet_by_what_they_share(left, right):
    assert _pairs([left, right]) == {(0, 1)}


def test_two_children_who_share_nothing_do_not_meet():
    far = Entry("赵敏", born_on=None, residence_county="540102", hukou_county="540103")
    assert _pairs([Entry(), far]) == set()


def test_a_crowded_key_is_split_and_what_is_still_crowded_is_counted():
    rule = Rule(name="name_birth", keys=("name_keys", "birth_keys"), at_most=3, split_by=("county_keys",))
    narrow = MODEL.model_copy(update={"blocking": MODEL.blocking.model_copy(update={"rules": (rule,)})})
    entries = [
        Entry(student_no=f"L{place}", residence_county=county, hukou_county=county)
        for place, county in enumerate(["1"] * 4 + ["2"] * 2)
    ]
    con = duckdb.connect()
    write_std(con, entries)
    collapse.write_profiles(con, narrow)
    found = blocking.write_candidate_pairs(con, narrow)
    assert found.pairs == 1, "only the two of county 2 meet"
    assert found.rules[0].skipped_pairs == 14, "15 pairs of six, less the one made"


def test_who_says_no_county_is_met_until_pairs_cost_time():
    names, mother = ("王安", "王安琪", "李安", "赵敏", "小宝"), (Guardian("李芳"),)
    entries = [Entry(name, sex=None, guardians=mother, student_no=name) for name in names[:4]]
    entries.append(Entry(names[4], sex=None, guardians=mother, hukou_county=None, residence_county=None))

    def met(pairs_unsplit: int) -> set[int]:
        bounds = {"pairs_a_profile": 0.1, "pairs_unsplit": pairs_unsplit}
        bounded = MODEL.model_copy(update={"blocking": MODEL.blocking.model_copy(update=bounds)})
        return {left for left, right in _pairs(entries, bounded) if right == 4}

    assert met(pairs_unsplit=100) == {0, 1, 2, 3}
    assert met(pairs_unsplit=0) == set(), "the key is split by the county that it doesn't say"


def test_a_plan_that_is_too_large_names_its_worst_rule():
    tight = MODEL.model_copy(update={"blocking": MODEL.blocking.model_copy(update={"pairs_at_most": 1})})
    with pytest.raises(blocking.TooManyPairs, match="name_birth"):
        _pairs([Entry(student_no=f"L{place}") for place in range(4)], tight)
