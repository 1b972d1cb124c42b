"""Best edge first, under constraints."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.clusters.agglomeration import Clusters, Constraints, Evidence, Pairs, Profiled, Refusal, cluster

Scored = tuple[int, int, float]


def _pairs(*pairs: tuple[int, int, float]) -> Pairs:
    columns = list(zip(*pairs, strict=True)) or [(), (), ()]
    return Pairs(np.array(columns[0], np.int32), np.array(columns[1], np.int32), np.array(columns[2], float))


def _cluster(
    size: int,
    links: Sequence[Scored],
    forbidden: Sequence[Scored] = (),
    carried: Sequence[Scored] = (),
    **stated: Any,
) -> Clusters:
    """``stated``: as :func:`_evidence` takes it."""
    return cluster(_evidence(size, links, forbidden, **stated), _pairs(*carried))


def _evidence(
    size: int,
    links: Sequence[Scored],
    forbidden: Sequence[Scored] = (),
    unlikely: Sequence[Scored] = (),
    number: list[int] | None = None,
    once: list[int] | None = None,
    must: Sequence[tuple[int, int]] = (),
    must_not: Sequence[tuple[int, int]] = (),
    at_most: int = 40,
    excused: Sequence[tuple[int, int]] = (),
) -> Evidence:
    profiled = Profiled(np.array(number or [0] * size), np.array(once or [0] * size), np.ones(size, dtype=np.int64))
    constraints = Constraints(at_most, 4.0, list(must), list(must_not), frozenset(excused))
    return Evidence(_pairs(*links), _pairs(*forbidden), _pairs(*unlikely), profiled, constraints)


def test_links_without_a_conflict_merge_whole():
    assert _cluster(4, [(0, 1, 9.0), (1, 2, 8.0)]).cluster.tolist() == [0, 0, 0, 3]


def test_a_weak_edge_does_not_chain_two_children():
    found = _cluster(4, [(0, 1, 20.0), (2, 3, 20.0), (1, 2, 7.0)], forbidden=[(0, 3, -9.0)])
    assert found.cluster.tolist() == [0, 0, 2, 2]
    assert found.refused == [(1, 2, Refusal.CONTRADICTION)]


def test_a_cluster_never_holds_two_numbers():
    found = _cluster(3, [(0, 1, 20.0), (1, 2, 9.0)], number=[1, 0, 2])
    assert found.cluster.tolist() == [0, 0, 2]


def test_two_rivals_within_the_margin_both_go_to_a_person():
    found = _cluster(3, [(0, 1, 9.0), (1, 2, 8.0)], number=[1, 0, 2])
    assert found.cluster.tolist() == [0, 1, 2]
    assert {why for _, _, why in found.refused} == {Refusal.MARGIN}


def test_a_table_that_holds_a_person_once_gives_a_cluster_one_row():
    found = _cluster(3, [(0, 1, 20.0), (1, 2, 9.0)], once=[7, 0, 7])
    assert found.cluster.tolist() == [0, 0, 2]


def test_two_agreeing_rows_of_such_a_table_may_meet_through_another_entry():
    found = _cluster(3, [(0, 1, 20.0), (1, 2, 9.0)], once=[7, 0, 7], excused=[(0, 2)])
    assert found.cluster.tolist() == [0, 0, 0]


def test_evidence_against_outweighs_a_weaker_link():
    assert _cluster(3, [(0, 1, 20.0), (1, 2, 7.0)], unlikely=[(0, 2, -15.0)]).cluster.tolist() == [0, 0, 2]
    assert _cluster(3, [(0, 1, 20.0), (1, 2, 18.0)], unlikely=[(0, 2, -15.0)]).cluster.tolist() == [0, 0, 0]


def test_what_people_said_comes_first():
    assert _cluster(2, [], forbidden=[(0, 1, -9.0)], must=[(0, 1)]).cluster.tolist() == [0, 0]
    assert _cluster(2, [(0, 1, 25.0)], must_not=[(0, 1)]).cluster.tolist() == [0, 1]


def test_who_says_same_of_two_clusters_answers_what_a_guard_holds_against_their_other_entries():
    links = [(0, 1, 20.0), (2, 3, 20.0)]
    found = _cluster(4, links, forbidden=[(0, 3, -9.0)], unlikely=[(0, 2, -30.0)], must=[(1, 2)])
    assert found.cluster.tolist() == [0, 0, 0, 0]
    assert found.refused == []


def test_who_says_same_of_entries_of_two_numbered_clusters_speaks_of_the_two_alone():
    found = _cluster(4, [(0, 1, 20.0), (2, 3, 20.0)], number=[5, 0, 0, 6], must=[(1, 2)])
    assert found.cluster.tolist() == [0, 0, 0, 3]
    assert (2, 3, Refusal.CONTRADICTION) in found.refused


def test_two_judgements_that_contradict_one_another_go_back_to_a_person():
    found = _cluster(3, [], must=[(0, 1), (1, 2)], must_not=[(0, 2)])
    assert found.cluster.tolist() == [0, 0, 2]
    assert found.refused == [(1, 2, Refusal.DECISION)]


def test_a_cluster_stays_below_its_bound():
    found = _cluster(4, [(0, 1, 20.0), (2, 3, 19.0), (1, 2, 8.0)], at_most=3)
    assert found.cluster.tolist() == [0, 0, 2, 2]


def test_order_of_edges_does_not_matter():
    links = [(0, 1, 9.0), (1, 2, 9.0), (2, 3, 9.0), (0, 3, 9.0)]
    forbidden = [(0, 2, -9.0)]
    results = {
        tuple(_cluster(4, order, forbidden).cluster.tolist()) for order in (links, links[::-1], links[2:] + links[:2])
    }
    assert len(results) == 1


def test_what_an_earlier_period_held_for_one_child_joins_what_the_links_left_apart():
    found = _cluster(4, [(0, 1, 9.0), (2, 3, 9.0)], carried=[(0, 2, 10.0)])
    assert found.cluster.tolist() == [0, 0, 0, 0]


def test_a_carried_pair_yields_to_this_periods_evidence():
    links, carried = [(0, 1, 9.0), (2, 3, 9.0)], [(0, 2, 10.0)]
    apart = [0, 0, 2, 2]
    assert _cluster(4, links, forbidden=[(1, 3, -9.0)], carried=carried).cluster.tolist() == apart
    assert _cluster(4, links, number=[1, 0, 0, 2], carried=carried).cluster.tolist() == apart
    assert _cluster(4, links, must_not=[(1, 2)], carried=carried).cluster.tolist() == apart
    assert _cluster(4, links, unlikely=[(1, 3, -11.0)], carried=carried).cluster.tolist() == apart
    assert _cluster(4, links, unlikely=[(1, 3, -9.0)], carried=carried).cluster.tolist() == [0, 0, 0, 0]


def test_a_carried_pair_is_no_rival_of_a_link():
    found = _cluster(3, [(0, 1, 9.0)], forbidden=[(1, 2, -9.0)], carried=[(0, 2, 10.0)])
    assert found.cluster.tolist() == [0, 0, 2]
    assert not found.refused


def test_a_known_child_decides_between_two_rivals():
    found = _cluster(3, [(0, 1, 9.0), (1, 2, 8.0)], number=[1, 0, 2], carried=[(1, 2, 10.0)])
    assert found.cluster.tolist() == [0, 1, 1]
    assert found.refused == [(0, 1, Refusal.MARGIN)]


_PAIRS = [(left, right) for right in range(9) for left in range(right)]
_SAID = st.dictionaries(
    st.sampled_from(_PAIRS), st.tuples(st.sampled_from(["link", "forbidden", "unlikely"]), st.integers(5, 25))
)


def _evidence_of(said: dict[tuple[int, int], tuple[str, int]], number: list[int], must: bool = False) -> Evidence:
    """Of nine profiles what is drawn, behind them two that somebody may have said are one."""
    kinds: dict[str, list[Scored]] = {"link": [], "forbidden": [], "unlikely": []}
    for (left, right), (kind, worth) in sorted(said.items()):
        kinds[kind].append((left, right, float(worth if kind == "link" else -worth)))
    judged = [(9, 10)] if must else []
    return _evidence(11, kinds["link"], kinds["forbidden"], kinds["unlikely"], [*number, 0, 0], must=judged)


_NUMBERS = st.lists(st.integers(0, 2), min_size=9, max_size=9)


@given(said=_SAID, number=_NUMBERS)
def test_a_judgement_changes_nothing_for_other_children(said, number):
    without, judged = (cluster(_evidence_of(said, number, must)) for must in (False, True))
    assert judged.cluster[:9].tolist() == without.cluster[:9].tolist()
    assert judged.refused == without.refused
