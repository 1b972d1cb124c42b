"""What a case asks: for each two of its children, whether they are one. Answers given so far imply others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from stewardship.casebook import Case, Row

Answer = Literal["SAME", "DIFFERENT", "UNSURE"]
LETTERS: Mapping[str, Answer] = {"s": "SAME", "d": "DIFFERENT", "u": "UNSURE"}
LETTER_OF: Mapping[str, str] = {answer: letter for letter, answer in LETTERS.items()}


class AnswersMisread(ValueError):
    """The answers of a form don't fit the case's questions."""


@dataclass(frozen=True, slots=True)
class Question:
    """Two clusters of a case with the open pairs between them, the best, which is shown, first."""

    clusters: tuple[int, int]
    pairs: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with what was said of it, or follows from what was said of others."""

    question: Question
    answer: Answer
    is_implied: bool


def of_case(case: Case) -> tuple[Question, ...]:
    """The questions in the order in which they are asked: the best pair first, then nearest to what it joins."""
    found: dict[tuple[int, int], list[Row]] = {}
    for pair in case.pairs:
        one, other = sorted((pair["left_cluster"], pair["right_cluster"]))
        found.setdefault((one, other), []).append(pair)
    return tuple(Question(clusters, tuple(pairs)) for clusters, pairs in found.items())


def settle(questions: Sequence[Question], so_far: str) -> tuple[tuple[Answered, ...], Question | None]:
    """Put the letters of ``so_far`` to the questions in turn; those that follow from them take none.

    Gives what is answered and the next question, None where nothing is left. Raises :class:`AnswersMisread`.
    """
    letters = list(so_far)
    answered: list[Answered] = []
    for question in questions:
        follows = _follows(answered, question)
        if follows is not None:
            answered.append(Answered(question, follows, True))
        elif letters:
            letter = letters.pop(0)
            if letter not in LETTERS:
                raise AnswersMisread(f"so_far: expected letters of {', '.join(LETTERS)}")
            answered.append(Answered(question, LETTERS[letter], False))
        else:
            return tuple(answered), question
    if letters:
        raise AnswersMisread(f"so_far: {len(letters)} answers more than the case has questions")
    return tuple(answered), None


def _follows(answered: Sequence[Answered], question: Question) -> Answer | None:
    """A is B, and B is C or isn't: then so is, or isn't, A. None where nothing follows."""
    group: dict[int, int] = {}

    def root(cluster: int) -> int:
        while group.get(cluster, cluster) != cluster:
            cluster = group[cluster]
        return cluster

    for each in answered:
        if each.answer == "SAME":
            one, other = (root(cluster) for cluster in each.question.clusters)
            group[one] = other
    asked = {root(cluster) for cluster in question.clusters}
    if len(asked) == 1:
        return "SAME"
    apart = [{root(cluster) for cluster in each.question.clusters} for each in answered if each.answer == "DIFFERENT"]
    return "DIFFERENT" if asked in apart else None
