"""Notes and flags on cases."""

import pytest

from tests.warehouse.stores.casework import LI, WANG
from warehouse.stores import case_notes
from warehouse.stores.free_text import WordsRefused


def test_notes_are_read_in_order(stores):
    case_notes.add(stores, LI, "2026H1", 7, "note", " called the school ")
    case_notes.add(stores, WANG, "2026H1", 7, "note", "no answer")
    found = case_notes.of_case(stores, "2026H1", 7)
    assert [(each.written_by, each.words) for each in found] == [("li", "called the school"), ("wang", "no answer")]


def test_a_flag_stands_until_it_is_taken_down(stores):
    for number in (7, 8):
        case_notes.add(stores, LI, "2026H1", number, "flag", "twins?")
    case_notes.add(stores, WANG, "2026H1", 7, "unflag", "seen")
    case_notes.add(stores, LI, "2026H1", 8, "note", "more")
    assert case_notes.flagged(stores, "2026H1") == {8}


def test_a_note_holds_no_phone(stores):
    with pytest.raises(WordsRefused):
        case_notes.add(stores, LI, "2026H1", 7, "note", "call 138 0013 8000")
