"""Profiles that bear one key."""

import numpy as np
import pytest

from matching.candidates.blocks import Blocks, blocks, merge


def _blocks(*rows: tuple[int, int]) -> Blocks:
    return blocks(np.array([profile for profile, _ in rows], np.int32), np.array([key for _, key in rows], np.uint64))


def _pairs(found: Blocks, at_most: int) -> set[tuple[int, int]]:
    left, right, _ = merge(found.codes(at_most, 0))
    return set(zip(left.tolist(), right.tolist(), strict=True))


@pytest.mark.parametrize("turned", [1, -1])
def test_every_two_profiles_of_a_key_are_a_pair_whatever_the_order_of_the_rows(turned):
    found = _blocks(*[(4, 7), (1, 7), (9, 7), (2, 8), (3, 9), (1, 9)][::turned])
    assert _pairs(found, 10) == {(1, 4), (1, 9), (4, 9), (1, 3)}
    assert found.sizes().pairs(10) == 4


def test_a_crowded_key_makes_no_pairs_and_is_handed_back():
    found = _blocks((1, 7), (2, 7), (3, 7), (1, 8), (2, 8))
    assert _pairs(found, 2) == {(1, 2)}
    profile, key = found.crowded(2)
    assert sorted(profile.tolist()) == [1, 2, 3]
    assert set(key.tolist()) == {7}


def test_a_key_may_have_fewer_profiles_where_so_many_keys_make_too_many_pairs():
    sizes = _blocks(*[(profile, key) for key, size in enumerate([2, 2, 3, 5]) for profile in range(size)]).sizes()
    assert (sizes.pairs(5), sizes.pairs(4), sizes.pairs_over(4), sizes.keys_over(2)) == (15, 5, 10, 2)
    assert [sizes.bound(9, pairs) for pairs in (15, 14, 5, 4, 1)] == [9, 4, 4, 2, 2]
    assert sizes.bound(3, 15) == 3


def test_a_pair_that_several_rules_find_is_one_pair_with_their_bits():
    one, other = _blocks((1, 7), (2, 7)), _blocks((2, 5), (1, 5), (3, 5))
    left, right, rules = merge([*one.codes(9, 0), *other.codes(9, 30)])
    assert list(zip(left.tolist(), right.tolist(), rules.tolist(), strict=True)) == [
        (1, 2, 1 | 1 << 30),
        (1, 3, 1 << 30),
        (2, 3, 1 << 30),
    ]


def test_the_greatest_profiles_keep_their_numbers():
    left, right, rules = merge(_blocks((2**29 - 1, 2**64 - 1), (2**29 - 2, 2**64 - 1)).codes(2, 31))
    assert (left.tolist(), right.tolist(), rules.tolist()) == ([2**29 - 2], [2**29 - 1], [1 << 31])


def test_pairs_are_expanded_in_parts_without_losing_any():
    many = 3000  # four and a half million pairs: more than one part
    found = blocks(np.arange(many, dtype=np.int32), np.full(many, 7, np.uint64))
    further = blocks(np.tile(np.arange(60, dtype=np.int32), 2000), np.repeat(np.arange(2000, dtype=np.uint64), 60))
    assert sum(map(len, found.codes(many, 0))) == found.sizes().pairs(many)
    assert len(list(further.codes(60, 0))) > 1
    assert len(_pairs(further, 60)) == 60 * 59 // 2


def test_no_rows_make_no_pairs():
    assert _pairs(_blocks(), 10) == set()
    assert _pairs(_blocks((1, 7)), 10) == set()
    assert [len(column) for column in merge([])] == [0, 0, 0]


def test_pairs_put_together_in_portions_are_those_put_together_at_once(monkeypatch):
    generator = np.random.default_rng(5)
    rules = [(generator.integers(0, 400, 900).astype(np.int32), generator.integers(0, 60, 900)) for _ in range(6)]
    found = [_blocks(*sorted({(int(p), int(k)) for p, k in zip(*rule, strict=True)})) for rule in rules]

    def codes():
        return [part for place, each in enumerate(found) for part in each.codes(50, place)]

    at_once = merge(codes())
    monkeypatch.setattr("matching.candidates.blocks._HELD_AT_MOST", 500)
    in_portions = merge(codes())
    assert all((one == other).all() for one, other in zip(at_once, in_portions, strict=True))
    assert len(at_once[0]) > 2000


def test_keys_that_differ_in_their_last_bits_only_are_two():
    base = 2**63
    rows = [(profile, base + profile % 3) for profile in range(60)]
    found = _blocks(*rows, (60, 7), (61, 7))
    assert found.sizes().size.tolist() == [2, 20]
    assert _pairs(found, 20) == {(a, b) for a in range(60) for b in range(a + 1, 60) if a % 3 == b % 3} | {(60, 61)}
