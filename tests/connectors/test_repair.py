"""A field too many or too few: read only where one reading passes."""

import pytest

from connectors.repair import only_reading
from connectors.shapes import anything


def number(text):
    return not text or text.isdecimal()


def word(text):
    return not text or not any(c.isdecimal() for c in text)


@pytest.mark.parametrize(
    ("fits", "fields", "reading"),
    [
        ((number, word, number), ["1", "a", "b", "2"], ("1", "a|b", "2")),
        ((number, word, number), ["1", "a", "b", "c", "2"], ("1", "a|b|c", "2")),
        ((number, word, number), ["1", "a", "2", ""], ("1", "a", "2")),
        ((number, word, number), ["1", "a2"], ("1", "a", "2")),
        ((number, word, number), ["1", "2"], ("1", "", "2")),
        ((word, word, number), ["a", "b", "c", "1"], None),
        ((word, anything), ["a", "b", "c"], None),
        ((number, number), ["1", "a", "2"], None),
        ((number, word), ["1a"], ("1", "a")),
        # an empty field too many: at the end of a line whose values stand in their own columns it is nobody's value
        ((number, anything, word), ["1", "a", "b", ""], ("1", "a", "b")),
        ((number, anything, word), ["1", "", "b", ""], ("1", "", "b")),
        ((number, anything, anything, word), ["1", "a", "", "b", "", ""], ("1", "a", "", "b")),
        ((number, word, word), ["1", "", "", ""], ("1", "", "")),
        ((number, anything, anything), ["1", "a", "b", ""], None),
        ((number, anything, anything), ["1", "", "b", ""], None),
        ((number, anything, number), ["1", "a", "", "2"], ("1", "a", "2")),
        ((number, number, number), ["1", "", "", "2"], ("1", "", "2")),
        ((word, number, anything, number), ["a", "1", "b", "c", ""], ("a", "1", "b|c", "")),
        ((number, word, number, word), ["1", "a"], None),
        ((number, word, number, number), ["1", "2"], None),
        ((number, word), ["1", *"abcdefgh"], None),
    ],
)
def test_only_reading(fits, fields, reading):
    assert only_reading(fields, fits, "|") == reading
