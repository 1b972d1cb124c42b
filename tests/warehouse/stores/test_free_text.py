"""Which digits are a person's."""

import pytest

from warehouse.stores import free_text


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("11010519491231002X", True),
        ("110105491231002", True),  # fifteen
        ("ID110105194912310021", True),
        ("number 110105 1949 1231 002x of the mother", True),
        ("１３８００１３８０００", True),
        ("138-0013-8000", True),
        ("138\u200b0013\u20608000", True),  # with characters between that nobody sees
        ("2026-07-01 to 2026-12-31", False),
        ("case 2026H1/12345678", False),
        ("2026-07-01 2026-12-31", False),
        ("429006 429004 2026H1", False),
        ("a" * 20 + "13800138000" + "b", False),  # part of a hash
        ("429006", False),
        ("0713-3251234", False),
        ("12345678901", False),  # no mobile's beginning
    ],
)
def test_holds_number(text, holds):
    assert free_text.holds_number(text) is holds


def test_characters_that_nobody_sees_are_not_kept():
    assert free_text.checked("\ufeff母亲\u202e说\x07\n是转学 ", "reason") == "母亲说\n是转学"
    with pytest.raises(free_text.WordsRefused):
        free_text.checked("\u200b", "reason")


def test_words_without_end_are_refused():
    with pytest.raises(free_text.WordsRefused, match="at most 2000"):
        free_text.checked("长" * 2001, "reason")
