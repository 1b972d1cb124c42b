"""Verdicts: given once, held by the next run, confirmed by another, taken back, never lost."""

import subprocess
import sys
import threading
from datetime import datetime

import pytest

from tests.warehouse.stores.casework import CHEN, LI, WANG, asked_anew, case, entry, form, give, holding, judged
from warehouse.stores import audit, claims, decisions, verdicts
from warehouse.stores.engine import now, open_stores
from warehouse.stores.free_text import WordsRefused
from warehouse.stores.verdicts import KeyReused, State


def test_a_verdict_is_what_the_next_run_reads(stores):
    outcome = give(stores, LI, "B=A A!C", reason="same mother")
    assert (outcome.state, outcome.is_repeat) == (State.DONE, False)
    assert holding(stores) == {"A=B", "A!C"}
    (given,) = verdicts.of_case(stores, "2026H1", 7)
    assert (given.answer, given.steward, given.reason) == ("MIXED", "li", "same mother")
    assert verdicts.judgements_of(stores, given.id) == (judged("A=B"), judged("A!C"))


def test_the_columns_that_the_run_reads_stay_as_they_are(stores):
    give(stores, LI, "A=B")
    assert decisions.read_holding(stores).column_names == [
        *("left_feed", "left_table", "left_key", "right_feed", "right_table", "right_key"),
        *("judgement", "decided_at"),
    ]


def test_the_same_form_sent_twice_is_one_verdict(stores):
    first = give(stores, LI, "A=B", key="form")
    again = give(stores, LI, "A=B", key="form")
    assert (again.verdict_id, again.state, again.is_repeat) == (first.verdict_id, State.DONE, True)
    assert len(verdicts.of_case(stores, "2026H1", 7)) == 1


def test_the_same_form_with_another_answer_changes_nothing(stores):
    give(stores, LI, "A=B", key="form")
    outcome = give(stores, LI, "A!B", key="form")
    assert outcome.state is State.ANSWERED
    assert holding(stores) == {"A=B"}


def test_a_forms_key_is_one_persons_and_one_cases(stores):
    give(stores, LI, "A=B", key="form")
    with pytest.raises(KeyReused):
        give(stores, WANG, "A=B", key="form")
    with pytest.raises(KeyReused):
        give(stores, LI, "A=B", case(8), key="form")


def test_the_second_of_two_stewards_is_told_who_was_first(stores):
    give(stores, LI, "A=B")
    outcome = give(stores, WANG, "A!B")
    assert outcome.state is State.ANSWERED
    assert outcome.standing.verdict.steward == "li"
    assert holding(stores) == {"A=B"}


def test_two_at_once_one_wins_and_nothing_is_lost(stores):
    outcomes = {}
    start = threading.Barrier(8)

    def answer(number):
        start.wait()
        outcomes[number] = give(stores, (LI, WANG)[number % 2], "A=B" if number % 2 else "A!B", key=f"race {number}")

    threads = [threading.Thread(target=answer, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = (number for number, outcome in outcomes.items() if outcome.is_written)
    assert {outcome.state for number, outcome in outcomes.items() if number != winner} == {State.ANSWERED}
    assert holding(stores) == {"A=B" if winner % 2 else "A!B"}


def test_a_case_that_somebody_else_claimed_is_theirs_to_answer(stores):
    claims.take(stores, WANG, "2026H1", 7)
    outcome = give(stores, LI, "A=B")
    assert (outcome.state, outcome.claim.steward) == (State.CLAIMED, "wang")
    assert give(stores, WANG, "A=B").state is State.DONE
    assert claims.read(stores, "2026H1") == []


def test_facts_that_changed_make_the_case_open_again(stores):
    first = give(stores, LI, "A=B")
    assert verdicts.standing(stores, "2026H1", 7).bars("f")
    assert not verdicts.standing(stores, "2026H1", 7).bars("changed")
    seen = case(fingerprint="changed", last_act=first.verdict_id)
    assert give(stores, WANG, "A!B", seen).state is State.DONE
    assert holding(stores) == {"A!B"}


def test_who_was_shown_an_older_state_is_told(stores):
    give(stores, LI, "A?B", reason="no photo")
    assert give(stores, WANG, "A=B").state is State.ANSWERED  # the page that Wang saw knew of no answer
    last = verdicts.standing(stores, "2026H1", 7).last_act
    assert give(stores, WANG, "A=B", case(last_act=last)).state is State.DONE  # an UNSURE bars nobody


def test_unsure_says_why(stores):
    with pytest.raises(WordsRefused):
        give(stores, LI, "A?B")


@pytest.mark.parametrize(
    "words", ["身份证 110105 19491231 002X", "电话１３８００１３８０００", "4290061990010112345"[:18]]
)
def test_a_reason_holds_no_persons_number(stores, words):
    with pytest.raises(WordsRefused) as refused:
        give(stores, LI, "A=B", reason=words)
    assert words not in str(refused.value)
    assert holding(stores) == set()


@pytest.mark.parametrize("answers", ["", "A=B B!A"])
def test_a_verdict_judges_each_pair_once(stores, answers):
    with pytest.raises(ValueError, match="each once"):
        give(stores, LI, answers)
    assert verdicts.of_case(stores, "2026H1", 7) == []


def test_a_verdict_that_does_not_fit_is_refused_and_changes_nothing(stores):
    give(stores, LI, "A=B", case(1))
    give(stores, WANG, "B=C", case(2))
    outcome = give(stores, LI, "A!C", case(3))
    assert (outcome.state, outcome.is_written) == (State.CONTRADICTS, False)
    assert holding(stores) == {"A=B", "B=C"}
    assert verdicts.of_case(stores, "2026H1", 3) == []


@pytest.mark.parametrize(
    ("answers", "looked_at", "state"),
    [
        ("B=C", "BC", State.PENDING),  # joins A, whom nobody looked at here
        ("B=C", "ABC", State.DONE),
        ("B!C", "BC", State.DONE),
        ("D=C", "CD", State.DONE),
    ],
)
def test_a_same_that_reaches_into_another_case_takes_two(stores, answers, looked_at, state):
    give(stores, LI, "A=B", case(1))
    outcome = give(stores, LI, answers, case(2), looked_at=[entry(letter) for letter in looked_at])
    assert outcome.state is state


class TestOverruling:
    def test_what_another_case_holds_is_not_answered_otherwise_here(self, stores):
        give(stores, WANG, "A=B", case(1))
        for about in (case(2), case(2, begun_at=datetime(2020, 1, 1))):
            outcome = give(stores, LI, "A!B", about)
            assert (outcome.state, outcome.standing.verdict.steward) == (State.ANSWERED, "wang")
        assert give(stores, LI, "A?B", case(2), reason="no photo").state is State.ANSWERED
        assert give(stores, LI, "A=B", case(2)).state is State.DONE
        assert holding(stores) == {"A=B"}

    def test_what_a_later_run_asks_anew_another_overrules_with_a_second_person(self, stores):
        give(stores, WANG, "A=B", case(1))
        assert give(stores, LI, "A!B", asked_anew(2)).state is State.PENDING
        assert give(stores, WANG, "A!B", asked_anew(3)).state is State.DONE  # one's own

    @pytest.mark.parametrize("number", [1, 2])
    def test_one_never_overrules_two(self, stores, number):
        first = give(stores, LI, "A=B", case(1), second_because="ledger")
        second = verdicts.confirm(stores, WANG, first.verdict_id, key=form())
        about = verdicts.Case("2026H1", number, "changed", second.verdict_id, now())
        outcome = give(stores, LI, "A!B", about)
        assert (outcome.state, holding(stores)) == (State.PENDING, {"A=B"})
        assert verdicts.standing(stores, "2026H1", number).waits.second_because == "ledger"

    def test_a_key_of_several_children_overrules_nothing(self, stores):
        give(stores, WANG, "A=B", case(1))
        shared = [entry("B")]
        assert give(stores, LI, "A!B", case(2), shared=shared).state is State.DONE

    def test_what_waited_is_not_confirmed_over_a_newer_answer(self, stores):
        waits = give(stores, LI, "A=B", case(1), second_because="ledger")
        give(stores, WANG, "A!B", case(2))
        assert verdicts.confirm(stores, CHEN, waits.verdict_id, key=form()).state is State.SUPERSEDED
        assert holding(stores) == {"A!B"}


class TestUndo:
    def test_puts_back_nothing_where_nothing_held(self, stores):
        given = give(stores, LI, "A=B")
        assert verdicts.undo(stores, LI, given.verdict_id, key=form()).state is State.DONE
        assert holding(stores) == set()
        assert verdicts.standing(stores, "2026H1", 7).state == "open"

    def test_puts_back_the_answer_before(self, stores):
        give(stores, LI, "A=B", case(1))
        given = give(stores, LI, "A!B A!C", asked_anew())
        verdicts.undo(stores, LI, given.verdict_id, key=form())
        assert holding(stores) == {"A=B"}

    def test_is_a_newer_row(self, stores):
        given = give(stores, LI, "A=B")
        verdicts.undo(stores, LI, given.verdict_id, key=form(), reason="wrong key")
        acts = verdicts.of_case(stores, "2026H1", 7)
        assert [(each.act, each.concerns, each.reason) for each in acts] == [
            ("give", None, ""),
            ("undo", given.verdict_id, "wrong key"),
        ]

    def test_is_done_once(self, stores):
        given = give(stores, LI, "A=B")
        first = verdicts.undo(stores, LI, given.verdict_id, key="u")
        assert verdicts.undo(stores, LI, given.verdict_id, key="u") == verdicts.Outcome(
            State.DONE, first.verdict_id, is_repeat=True
        )
        assert verdicts.undo(stores, LI, given.verdict_id, key="v").state is State.SUPERSEDED

    def test_is_ones_own_or_an_approvers(self, stores):
        given = give(stores, LI, "A=B")
        assert verdicts.undo(stores, WANG, given.verdict_id, key=form()).state is State.NOT_YOURS
        assert holding(stores) == {"A=B"}
        assert verdicts.undo(stores, CHEN, given.verdict_id, key=form()).state is State.DONE

    def test_leaves_what_somebody_decided_since(self, stores):
        given = give(stores, LI, "A=B A=C")
        later = give(stores, WANG, "A!B", asked_anew(8))  # another case that holds the pair
        verdicts.confirm(stores, CHEN, later.verdict_id, key=form())
        assert verdicts.undo(stores, LI, given.verdict_id, key=form()).state is State.SUPERSEDED
        assert holding(stores) == {"A!B", "A=C"}

    def test_may_be_answered_anew(self, stores):
        given = give(stores, LI, "A=B")
        undone = verdicts.undo(stores, LI, given.verdict_id, key=form())
        assert give(stores, LI, "A!B", case(last_act=undone.verdict_id)).state is State.DONE
        assert holding(stores) == {"A!B"}

    def test_of_one_that_nobody_gave_is_refused(self, stores):
        assert verdicts.undo(stores, LI, 99, key=form()).state is State.SUPERSEDED

    def test_that_would_contradict_is_refused(self, stores):
        give(stores, LI, "A!B", case(1))
        changed = give(stores, LI, "A=B", asked_anew(2))
        give(stores, LI, "A=C", case(3))
        give(stores, LI, "B=C", case(4))
        assert verdicts.undo(stores, LI, changed.verdict_id, key=form()).state is State.CONTRADICTS

    def test_by_keys_of_several_children_contradicts_nothing(self, stores):
        give(stores, LI, "A!B", case(1))
        changed = give(stores, LI, "A=B", asked_anew(2))
        give(stores, LI, "A=C", case(3))
        give(stores, LI, "B=C", case(4))
        shared = {("education", "enrolment", "C")}
        assert verdicts.undo(stores, LI, changed.verdict_id, key=form(), shared=shared).state is State.DONE


class TestSecondPerson:
    BECAUSE = "merges two ids"

    def given(self, stores):
        outcome = give(stores, LI, "A=B", second_because=self.BECAUSE)
        assert outcome.state is State.PENDING
        return outcome.verdict_id

    def test_nothing_holds_before_the_second(self, stores):
        number = self.given(stores)
        assert holding(stores) == set()
        standing = verdicts.standing(stores, "2026H1", 7)
        assert (standing.state, standing.waits.id, standing.bars("f")) == ("pending", number, True)

    def test_the_second_is_another(self, stores):
        number = self.given(stores)
        assert verdicts.confirm(stores, LI, number, key=form()).state is State.NOT_ANOTHER
        assert holding(stores) == set()
        assert verdicts.confirm(stores, WANG, number, key=form()).state is State.DONE
        assert holding(stores) == {"A=B"}

    def test_the_decision_is_signed_by_who_gave_it(self, stores):
        number = self.given(stores)
        verdicts.confirm(stores, WANG, number, key=form())
        with stores.connect() as connection:
            (kept,) = decisions.about(connection, {("education", "enrolment", "A")}).values()
        assert (kept.decision.steward, kept.decision.verdict_id) == ("li", number)

    def test_confirming_twice_is_confirming_once(self, stores):
        number = self.given(stores)
        first = verdicts.confirm(stores, WANG, number, key="c")
        assert verdicts.confirm(stores, WANG, number, key="c").verdict_id == first.verdict_id
        assert verdicts.confirm(stores, CHEN, number, key="d").state is State.SUPERSEDED

    def test_rejected_the_case_is_open(self, stores):
        number = self.given(stores)
        assert verdicts.reject(stores, WANG, number, key=form(), reason="twins").state is State.DONE
        assert (holding(stores), verdicts.standing(stores, "2026H1", 7).state) == (set(), "open")

    def test_rejecting_says_why(self, stores):
        with pytest.raises(WordsRefused):
            verdicts.reject(stores, WANG, self.given(stores), key=form(), reason=" ")

    def test_the_giver_may_withdraw_while_it_waits(self, stores):
        number = self.given(stores)
        assert verdicts.undo(stores, LI, number, key=form()).state is State.DONE
        assert verdicts.confirm(stores, WANG, number, key=form()).state is State.SUPERSEDED
        assert holding(stores) == set()

    def test_what_no_longer_fits_is_not_confirmed(self, stores):
        number = self.given(stores)
        give(stores, LI, "A=C", case(1))
        give(stores, LI, "B!C", case(2))
        assert verdicts.confirm(stores, WANG, number, key=form()).state is State.CONTRADICTS
        assert holding(stores) == {"A=C", "B!C"}

    def test_taking_back_what_two_said_takes_two(self, stores):
        number = self.given(stores)
        verdicts.confirm(stores, WANG, number, key=form())
        undoing = verdicts.undo(stores, LI, number, key=form())
        assert (undoing.state, holding(stores)) == (State.PENDING, {"A=B"})
        assert verdicts.undo(stores, LI, number, key=form()).state is State.ANSWERED
        assert verdicts.confirm(stores, LI, undoing.verdict_id, key=form()).state is State.NOT_ANOTHER
        assert verdicts.confirm(stores, WANG, undoing.verdict_id, key=form()).state is State.DONE
        assert (holding(stores), verdicts.standing(stores, "2026H1", 7).state) == (set(), "open")

    def test_a_taking_back_that_is_rejected_leaves_the_verdict(self, stores):
        number = self.given(stores)
        verdicts.confirm(stores, WANG, number, key=form())
        undoing = verdicts.undo(stores, LI, number, key=form())
        verdicts.reject(stores, WANG, undoing.verdict_id, key=form(), reason="it is one child")
        standing = verdicts.standing(stores, "2026H1", 7)
        assert (holding(stores), standing.state, standing.waits) == ({"A=B"}, "decided", None)
        assert verdicts.undo(stores, LI, number, key=form()).state is State.PENDING


class TestBlind:
    def test_a_blind_answer_is_kept_and_decides_nothing(self, stores):
        give(stores, LI, "A=B")
        assert give(stores, WANG, "A!B", is_blind=True).state is State.DONE
        assert holding(stores) == {"A=B"}
        assert verdicts.standing(stores, "2026H1", 7).verdict.steward == "li"
        assert [each.answer for each in verdicts.of_case(stores, "2026H1", 7) if each.is_blind] == ["DIFFERENT"]

    def test_nobody_checks_their_own(self, stores):
        give(stores, LI, "A=B")
        assert give(stores, LI, "A=B", is_blind=True).state is State.NOT_ANOTHER

    def test_a_case_is_asked_again_once_and_only_when_decided(self, stores):
        assert give(stores, WANG, "A=B", is_blind=True).state is State.SUPERSEDED
        give(stores, LI, "A=B")
        give(stores, WANG, "A!B", is_blind=True, key="form")
        assert give(stores, CHEN, "A=B", is_blind=True).state is State.ANSWERED
        assert give(stores, WANG, "A!B", is_blind=True).state is State.ANSWERED
        assert give(stores, WANG, "A!B", is_blind=True, key="form").is_repeat


class TestManyAtOnce:
    def answered(self, stores, **cases):
        return verdicts.give_many(
            stores,
            LI,
            {case(int(number[1:])): [judged(text)] for number, text in cases.items()},
            batch="b",
            model_version="1",
            reason="exact repeats",
        )

    def test_all_are_given_and_taken_back_by_one_handle(self, stores):
        outcomes = self.answered(stores, c1="A=B", c2="C=D")
        assert {outcome.state for outcome in outcomes.values()} == {State.DONE}
        assert holding(stores) == {"A=B", "C=D"}
        undone = verdicts.undo_batch(stores, LI, "b", key=form())
        assert [outcome.state for outcome in undone] == [State.DONE, State.DONE]
        assert holding(stores) == set()

    def test_one_that_cannot_be_given_keeps_all_back(self, stores):
        give(stores, WANG, "C!D", case(2))
        outcomes = self.answered(stores, c1="A=B", c2="C=D")
        assert [outcome.state for outcome in outcomes.values()] == [State.WITHHELD, State.ANSWERED]
        assert holding(stores) == {"C!D"}
        assert verdicts.of_case(stores, "2026H1", 1) == []

    def test_sent_again_they_are_the_same(self, stores):
        first = self.answered(stores, c1="A=B")
        again = self.answered(stores, c1="A=B")
        assert [outcome.verdict_id for outcome in again.values()] == [outcome.verdict_id for outcome in first.values()]


def test_a_queue_asks_only_for_what_changed(stores):
    first = give(stores, LI, "A=B", case(1))
    give(stores, LI, "C=D", case(2))
    assert [each.case_id for each in verdicts.standings(stores, "2026H1")] == [1, 2]
    assert [each.case_id for each in verdicts.acts_since(stores, "2026H1", first.verdict_id)] == [2]
    assert verdicts.standings(stores, "2026H2") == verdicts.acts_since(stores, "2026H2") == []


def test_what_changed_stands_by_all_its_acts(stores):
    earlier = give(stores, LI, "A=B", case(1))
    give(stores, LI, "C=D", case(2))
    seen = verdicts.acts_since(stores, "2026H1")
    verdicts.undo(stores, LI, earlier.verdict_id, key="undone")
    for number, pair in enumerate(["E=F", "G=H"], 3):
        give(stores, LI, pair, case(number))
    acts = seen + verdicts.acts_since(stores, "2026H1", seen[-1].id)
    of = {number: [act for act in acts if act.case_id == number] for number in range(1, 5)}
    found = {number: verdicts.stand("2026H1", number, its) for number, its in of.items()}
    assert {number: each.state for number, each in found.items()} == {1: "open"} | dict.fromkeys((2, 3, 4), "decided")
    assert list(found.values()) == [verdicts.standing(stores, "2026H1", number) for number in found]
    assert verdicts.standings(stores, "2026H1") == list(found.values())


def test_every_act_is_audited_without_its_entries(stores):
    give(stores, LI, "A=B", second_because="merges two ids")
    (row,) = audit.read(stores)
    assert (row.actor, row.act, row.subject) == ("li", "verdict give", "case 2026H1/7")
    assert row.detail == '{"answer":"SAME","pairs":1,"state":"pending","verdict":1}'


def test_kill_minus_nine_loses_nothing_that_was_acknowledged(place):
    acknowledged = set()
    for first in ("1", "1000"):
        command = [sys.executable, "-m", "tests.warehouse.stores.killed", str(place), first]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as steward:
            acknowledged |= {int(steward.stdout.readline()) for _ in range(40)}
            steward.kill()
            acknowledged |= {int(line) for line in steward.stdout if line.endswith("\n")}
    stores = open_stores(place)
    held = {standing.case_id for standing in verdicts.standings(stores, "2026H1")}
    assert len(acknowledged) >= 80
    assert acknowledged <= held
    assert len(holding(stores)) == len(held)  # every verdict whole, with its judgement
    assert audit.verify(audit.walk(stores)).breaks == ()
    stores.dispose()
