"""Clusters meet the register."""

from matching.children.identity import Overlap, assign, mint


def test_a_known_child_keeps_its_id():
    found = assign([Overlap(1, "a", 12, 1), Overlap(1, "b", 3, 1), Overlap(2, "b", 9, 1)])
    assert found.continued == {1: "a", 2: "b"}
    assert not found.merged
    assert not found.split


def test_on_a_merge_the_older_id_survives():
    found = assign([Overlap(1, "young", 12, 2), Overlap(1, "old", 8, 1)])
    assert found.continued == {1: "old"}
    assert found.merged == [("young", "old")]


def test_among_ids_of_one_age_the_one_with_more_evidence_survives():
    found = assign([Overlap(1, "few", 8, 1), Overlap(1, "many", 12, 1)])
    assert found.merged == [("few", "many")]


def test_among_ids_of_one_age_the_one_that_most_entries_had_survives():
    found = assign([Overlap(1, "few", 12, 1, 1), Overlap(1, "many", 8, 1, 4)])
    assert found.merged == [("few", "many")]


def test_on_a_split_the_cluster_with_most_facts_keeps_the_id():
    found = assign([Overlap(1, "a", 4, 1), Overlap(2, "a", 12, 1)])
    assert found.continued == {2: "a"}
    assert found.split == [(1, "a")]


def test_a_name_and_a_birth_date_alone_neither_merge_nor_split():
    found = assign([Overlap(1, "a", 12, 1), Overlap(2, "a", 1, 1), Overlap(1, "b", 1, 1)])
    assert found.continued == {1: "a"}
    assert not found.merged
    assert not found.split


def test_ids_are_random_and_well_formed():
    ids = mint(1000).to_pylist()
    assert len(set(ids)) == 1000
    assert all(
        len(each) == 14 and each[0] == "c" and set(each[1:]) <= set("abcdefghijklmnopqrstuvwxyz234567") for each in ids
    )
    assert mint(0).to_pylist() == []
