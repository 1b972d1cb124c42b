"""When a second person is asked: by what an answer joins, not by how it was asked."""

from types import SimpleNamespace

import pytest

from stewardship import casefile, questions
from stewardship.casebook import Case
from warehouse.stores.consistency import Judged


def case_of(numbers, ledger=()):
    """Three children A, B, C, asked A-B, then B-C; ``numbers``: who has one, ``ledger``: who is on it."""
    entries = tuple(
        {
            "entry_id": place,
            "cluster_id": place,
            "child_id": name,
            "citizen_no": "a number" if name in numbers else None,
            "embedded_no": None,
            "is_on_ledger": name in ledger,
            "feed": "education",
            "table_name": "enrolment",
            "key": name,
            "named": name,
        }
        for place, name in enumerate("ABC")
    )
    pairs = tuple(
        {"left_entry_id": one, "right_entry_id": other, "left_cluster": one, "right_cluster": other}
        for one, other in ((0, 1), (1, 2))
    )
    return Case(
        "2026H1", SimpleNamespace(kind="threshold"), entries, pairs, (), (), {"A": 1, "B": 2, "C": 3}, frozenset()
    )


@pytest.mark.parametrize(
    ("so_far", "numbers", "ledger", "because"),
    [
        ("ss", "AC", "", "two_numbers"),  # each question alone joins a number to none
        ("sd", "AC", "", None),
        ("ss", "A", "", None),
        ("sd", "AB", "", "two_numbers"),
        ("sd", "", "A", "ledger"),
        ("ss", "", "ABC", None),
        ("dd", "ABC", "A", None),
    ],
)
def test_a_second_person_is_asked_by_all_that_is_joined(so_far, numbers, ledger, because):
    case = case_of(numbers, ledger)
    answered, _ = questions.settle(questions.of_case(case), so_far)
    assert casefile.second_because(case, answered) == because


@pytest.mark.parametrize(("keyless", "is_lost"), [("", False), ("C", True), ("B", True)])
def test_an_answer_of_which_nothing_could_be_kept_is_known(keyless, is_lost):
    case = case_of("")
    for row in case.entries:
        row["key"] = None if row["key"] == keyless else row["key"]
    answered, _ = questions.settle(questions.of_case(case), "sd")
    assert casefile.unkept(case, answered, casefile.judgements(case, answered)) == is_lost


def test_two_answers_under_one_name_are_not_one():
    case = case_of("")
    case.entries[2]["key"] = case.entries[2]["named"] = "A"  # B-A and B-C bear the same keys
    answered, _ = questions.settle(questions.of_case(case), "sd")
    assert casefile.unkept(case, answered, casefile.judgements(case, answered))


def test_each_questions_answer_is_read_back_from_a_verdict():
    case = case_of("")
    answered, _ = questions.settle(questions.of_case(case), "sd")
    judged = casefile.judgements(case, answered)
    assert [casefile.said(case, each.question, judged) for each in answered] == ["SAME", "DIFFERENT"]
    assert casefile.is_about(case, judged)
    elsewhere = Judged(("education", "enrolment", "A"), ("education", "enrolment", "Z"), "SAME")
    assert not casefile.is_about(case, [*judged, elsewhere])
    assert not casefile.is_about(case, [])
