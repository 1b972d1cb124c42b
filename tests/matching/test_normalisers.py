"""Normalisers by the names that model files give them."""

import pytest

from matching.normalisers import normalise


@pytest.mark.parametrize(
    ("steps", "text", "left"),
    [
        (["fold"], "  Ｍüller-Lüd_enscheidt ", "muller lud enscheidt"),
        (["letters"], "St. Pölten 3", "stpolten"),
        (["digits"], "(0664) １２３-45", "066412345"),
        (["digits", {"last": 4}], "0664 12345", "2345"),
        (["words"], "Gasse 9, Ort Gasse", "9 gasse ort"),
        (["sound"], "Philipp", "FLP"),
        (["soundex"], "Robert", "R163"),
        (["fold", "pinyin"], "王安", "wang an"),
        (["date"], "19840531", "1984-05-31"),
        (["date"], "1984/5/31", "1984-05-31"),
        (["date"], "1984-05-31 00:00:00", "1984-05-31"),
        (["date"], "19841331", None),
        (["date"], "31.5.84", None),
        (["fold", {"word": 2}], "Anna Maria", "maria"),
        (["fold", {"word": 3}], "Anna Maria", None),
        ([{"without": "^(Dr|Mag) "}, {"first": 3}], "Dr Anton", "Ant"),
        (["letters"], "---", None),
    ],
)
def test_what_is_left_of_a_text(steps, text, left):
    assert normalise([text], steps) == [left]
