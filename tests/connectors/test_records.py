"""Records that need care: quotes, line breaks inside fields, stray quotes."""

import pytest

from connectors import records
from connectors.records import Layout, Record, Unfinished


def number(text):
    return not text or text.isdecimal()


def anything(_text):
    return True


LAYOUT = Layout(",", (number, anything, number))


def read(*lines, at=0, is_end=True, is_cut=False):
    return records.read(list(lines), at, LAYOUT, is_end=is_end, is_cut=is_cut)


@pytest.mark.parametrize(
    ("lines", "fields", "taken"),
    [
        (['1,"a,b",2'], ("1", "a,b", "2"), 1),
        (['1,"a ""b""",2'], ("1", 'a "b"', "2"), 1),
        (['1,"a', 'b",2'], ("1", "a\nb", "2"), 2),
        (['1,"a', "", 'b",2'], ("1", "a\n\nb", "2"), 3),
        (['1,"a', "3,b,4"], ("1", "a", "2"), 0),
        (['1,a"b,2'], ("1", 'a"b', "2"), 1),
        (['1,"a,2', "3,b,4"], ("1", "a", "2"), 1),
        (['1,"a,2', '3,"b,4'], ("1", "a", "2"), 1),
        (['1,"a,2', '3,b","4'], ("1", "a", "2"), 1),
        (['"1,a,2'], ("1", "a", "2"), 1),
        (['1,"a"b,2'], ("1", "ab", "2"), 1),
    ],
)
def test_quotes_are_honoured_and_never_swallow_a_good_line(lines, fields, taken):
    found = read(*lines)
    if taken == 0:
        assert found.reason == "stray_quote"
    else:
        assert (found.fields, found.lines, found.reason) == (fields, taken, None)


def test_an_open_quote_waits_for_the_lines_to_come():
    assert isinstance(read('1,"a', "b", is_end=False), Unfinished)
    assert isinstance(read('1,"a', "b", is_end=True), Record)


def test_an_open_quote_waits_no_longer_than_a_hundred_lines():
    assert isinstance(read('1,"a', *["b"] * 200, is_end=False), Record)


def test_a_line_that_does_not_decode_ends_a_quoted_field():
    assert read('1,"a,2', None, 'b",2').lines == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1,a,b,2,x", "too_many_fields"),
        ("a,b", "too_few_fields"),
        ('a,"b', "stray_quote"),
        ('1,"a"b,c,"d', "stray_quote"),
    ],
)
def test_what_has_no_single_reading_goes_to_quarantine_with_a_reason(line, reason):
    assert read(line).reason == reason


def test_a_last_line_cut_short_is_not_repaired():
    assert read("1,2", is_cut=True).reason == "truncated_last_line"
    assert read('1,"a', is_cut=True).reason == "truncated_last_line"
    assert read("1,a").fields == ("1", "a", "")
