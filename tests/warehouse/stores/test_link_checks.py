"""What people say of automatic links is kept once, decides nothing, and is told to the next run as said blind."""

import pytest

from tests.warehouse.stores.casework import LI, WANG, entry, give
from warehouse.stores import audit, decisions, link_checks
from warehouse.stores.free_text import WordsRefused

PERIOD = "2026H1"


def check(stores, by, judgement, case_id=1_000_000_007, **more):
    pair = (entry("B"), entry("A"))
    return link_checks.give(stores, by, PERIOD, case_id, "near", pair, judgement, model_version="1", **more)


def test_the_first_word_on_a_link_is_kept(stores):
    check(stores, LI, "DIFFERENT")
    assert check(stores, WANG, "SAME").steward == "li"
    (kept,) = link_checks.read(stores, PERIOD)
    assert (kept.judgement, kept.link_band, kept.steward) == ("DIFFERENT", "near", "li")
    assert [row.actor for row in audit.read(stores, act="link verified")] == ["li"]


def test_unsure_needs_a_reason_and_no_words_hold_a_number(stores):
    for judgement, reason in (("UNSURE", " "), ("SAME", "110101201801011234")):
        with pytest.raises(WordsRefused):
            check(stores, LI, judgement, reason=reason)
    assert link_checks.read(stores, PERIOD) == []


def test_what_is_said_blind_is_told_apart_and_decides_nothing(stores):
    before = decisions.read_holding(stores)
    check(stores, LI, "DIFFERENT")
    check(stores, LI, "UNSURE", 1_000_000_008, reason="两份户口")
    give(stores, WANG, "X=Y")
    give(stores, LI, "X!Y", is_blind=True)
    assert decisions.read_holding(stores).num_rows == before.num_rows + 1
    told = decisions.read_blind(stores).to_pylist()
    assert [(row["left_key"], row["right_key"], row["judgement"]) for row in told] == [
        ("A", "B", "DIFFERENT"),
        ("X", "Y", "DIFFERENT"),
    ]
