import pytest

from matching.lexicon import characters


@pytest.mark.parametrize(("left", "right"), [("己", "已"), ("晴", "睛"), ("末", "未"), ("析", "折"), ("颖", "颍")])
def test_characters_of_one_shape_look_alike_both_ways(left, right):
    assert {(left, right), (right, left)} <= characters.look_alikes()


@pytest.mark.parametrize(("left", "right"), [("涵", "萱"), ("宇", "轩"), ("子", "梓"), ("浩", "涛"), ("佳", "怡")])
def test_characters_that_siblings_share_a_generation_with_do_not(left, right):
    assert (left, right) not in characters.look_alikes()


def test_a_variant_never_stands_for_itself_or_for_another_variant():
    variants = characters.variants()

    assert all(variant != character and character not in variants for variant, character in variants.items())
