"""The main loop once more with the stores in PostgreSQL: decide, undo, second person, the next run, a browser."""

import pytest

from tests.stewardship import test_app, test_browser, test_loop
from warehouse.store import Warehouse

pytestmark = [pytest.mark.slow, pytest.mark.postgresql]


@pytest.fixture
def home(home_beside):
    return home_beside


@pytest.fixture
def house(home, stores_beside, keys, monkeypatch):
    monkeypatch.setenv("CHILDINDEX_KEYS", str(keys))
    with Warehouse(home, stores=stores_beside) as house:
        assert house.stores.dialect.name == "postgresql"
        yield house


desk = test_browser.desk

test_an_answer_is_kept = test_app.test_an_answer_is_kept_with_its_steward_before_the_next_case_shows
test_a_form_sent_twice_counts_once = test_app.test_a_form_sent_twice_counts_once
test_undo_puts_back_what_held = test_app.test_undo_puts_back_what_held
test_two_stewards_one_case = test_app.test_two_stewards_one_case_one_wins_and_the_other_is_told
test_what_changes_a_ledger_waits = test_app.test_what_changes_a_care_ledger_waits_for_another_person
test_another_countys_case_is_not_there = test_app.test_another_countys_case_is_as_if_it_were_not_there
test_a_revealed_field_is_in_the_audit = test_app.test_a_revealed_field_is_in_the_audit_before_it_is_on_the_page
test_a_nul_in_a_form_is_left_out = test_app.test_a_nul_in_a_form_is_left_out
test_notes_and_flags_are_told_to_the_next = test_app.test_notes_and_flags_are_told_to_the_next
test_the_empty_queue_is_empty = test_app.test_the_empty_queue_is_empty
test_the_next_run_obeys_and_the_cases_are_gone = test_loop.test_the_next_run_obeys_and_the_cases_are_gone
test_fifty_cases_by_keyboard_alone = test_browser.test_fifty_cases_by_keyboard_alone
