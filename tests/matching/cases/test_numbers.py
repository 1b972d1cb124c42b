"""A case keeps its number while its least natural key stays."""

from matching.cases.numbers import numbers

SECRET = "a" * 64


def test_a_case_keeps_its_number_whatever_else_is_asked_and_in_whatever_order():
    alone = numbers([["f/t/2", "f/t/7"]], SECRET)
    assert numbers([["f/t/3"], ["f/t/7", "f/t/2"], ["f/t/1", "f/t/9"]], SECRET)[1] == alone[0]
    assert numbers([["f/t/7", "f/t/2", "f/t/8"]], SECRET) == alone  # it gained an entry
    assert numbers([["f/t/2"]], SECRET) == alone  # it lost one


def test_cases_of_one_key_have_numbers_of_their_own_in_any_order():
    family = [["f/t/1", "f/t/2"], ["f/t/1", "f/t/3"], ["f/t/1", "f/t/3"]]
    found = numbers(family, SECRET)
    assert len(set(found)) == 3
    assert numbers(family[::-1], SECRET)[2] == found[0]


def test_numbers_are_unique_among_many_and_of_nine_digits():
    found = numbers([[f"f/t/{each}"] for each in range(60_000)], SECRET)
    assert len(set(found)) == len(found)
    assert {len(str(each)) for each in found} == {9}


def test_without_the_secret_a_number_says_nothing_of_its_key():
    assert numbers([["f/t/1"]], SECRET) != numbers([["f/t/1"]], "b" * 64)
