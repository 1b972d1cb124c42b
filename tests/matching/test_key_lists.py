"""Lists of hashed keys."""

import numpy as np
import pytest

from matching import key_lists

GREATEST = 2**64 - 1


def _keys(*values: int) -> np.ndarray:
    return np.array(values, np.uint64)


def test_lists_of_columns_are_sorted_and_hold_a_value_once_and_no_zero():
    found = key_lists.of_columns([_keys(9, 0, 5), _keys(3, 0, 5), _keys(0, 0, GREATEST)])
    assert found.to_arrow().to_pylist() == [[3, 9], [], [5, GREATEST]]


def test_lists_of_pairs_do_not_depend_on_the_order_of_the_pairs():
    rows, keys = np.array([2, 0, 2, 2, 0]), _keys(GREATEST, 4, 1, GREATEST, 0)
    expected = [[4], [], [1, GREATEST]]
    assert key_lists.of_pairs(3, rows, keys).to_arrow().to_pylist() == expected
    assert key_lists.of_pairs(3, rows[::-1], keys[::-1]).to_arrow().to_pylist() == expected


def test_lists_can_be_taken_in_another_order_and_twice():
    found = key_lists.of_pairs(3, np.array([0, 2, 2]), _keys(4, 1, 7))
    assert found.take(np.array([2, 1, 2])).to_arrow().to_pylist() == [[1, 7], [], [1, 7]]
    assert found.rows.tolist() == [0, 2, 2]


def test_no_rows_are_no_lists():
    assert key_lists.of_columns([_keys(), _keys()]).to_arrow().to_pylist() == []
    assert key_lists.of_pairs(2, np.zeros(0, np.int64), _keys()).to_arrow().to_pylist() == [[], []]


@pytest.mark.parametrize(("times", "expected"), [(1, [5, 2**63]), (2, [5]), (3, []), (9, [])])
def test_keys_that_come_more_often_are_given_once_and_in_order(times, expected):
    keys = np.array([2**63, 5, 7, 5, 2**63, 5], np.uint64)
    assert key_lists.more_than(keys, times).tolist() == expected


def test_keys_among_a_few_are_told_from_those_that_begin_alike():
    few = np.array([3, 2**63, 2**63 + 1], np.uint64)
    keys = np.array([2**63 + 2, 2**63, 4, 3, 0], np.uint64)
    assert key_lists.among(few, keys).tolist() == [False, True, False, True, False]
    assert not key_lists.among(few[:0], keys).any()
