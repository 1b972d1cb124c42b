"""When a second person is asked: by what an answer joins, not by how it was asked."""

import pytest

from stewardship import casefile, questions
from stewardship.casebook import Case


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
        }
        for place, name in enumerate("ABC")
    )
    pairs = tuple(
        {"left_entry_id": one, "right_entry_id": other, "left_cluster": one, "right_cluster": other}
        for one, other in ((0, 1), (1, 2))
    )
    return Case("2026H1", None, entries, pairs, (), (), {"A": 1, "B": 2, "C": 3}, frozenset())


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
