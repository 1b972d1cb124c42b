import pytest

from stewardship import questions
from stewardship.questions import AnswersMisread, Question

AB, BC, AC = (Question(clusters, ()) for clusters in ((1, 2), (2, 3), (1, 3)))


@pytest.mark.parametrize(
    ("so_far", "answers", "is_complete"),
    [
        ("", [], False),
        ("s", ["SAME"], False),
        ("ss", ["SAME", "SAME", "SAME"], True),  # A is B and B is C, so A is C
        ("sd", ["SAME", "DIFFERENT", "DIFFERENT"], True),
        ("ds", ["DIFFERENT", "SAME", "DIFFERENT"], True),
        ("dd", ["DIFFERENT", "DIFFERENT"], False),  # A and C may still be one
        ("ddu", ["DIFFERENT", "DIFFERENT", "UNSURE"], True),
    ],
)
def test_what_follows_is_not_asked(so_far, answers, is_complete):
    answered, following = questions.settle((AB, BC, AC), so_far)
    assert [each.answer for each in answered] == answers
    assert (following is None) == is_complete


@pytest.mark.parametrize("so_far", ["x", "ssss", "sss"])
def test_answers_that_no_form_of_ours_sends_are_refused(so_far):
    with pytest.raises(AnswersMisread):
        questions.settle((AB, BC, AC), so_far)
