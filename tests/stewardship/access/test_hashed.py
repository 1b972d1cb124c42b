"""Tokens: equal for equal things of one purpose, joined by nobody."""

from stewardship.access import hashed
from warehouse.stores import free_text

KEY, OTHER = "5a" * 32, "5b" * 32


def test_tokens_are_of_one_key_and_one_purpose():
    assert hashed.child(KEY, "cabc") == hashed.child(KEY, "cabc")
    assert len({hashed.child(KEY, "cabc"), hashed.child(OTHER, "cabc"), hashed.term(KEY, "cabc")}) == 3


def test_the_same_search_has_the_same_token():
    assert hashed.term(KEY, " Ｗang  An ") == hashed.term(KEY, "wang an")


def test_no_token_looks_like_a_number():
    assert not any(character.isdecimal() for number in range(200) for character in hashed.child(KEY, f"c{number}"))
    assert not free_text.holds_number(hashed.child(KEY, "c"))
