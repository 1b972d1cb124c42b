"""One case as a steward reads it: the question, the evidence, the machine's opinion, what follows from an answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from stewardship import questions
from stewardship.casebook import Case, Casebook, EntryKey, Row
from stewardship.comparison import PARTED
from stewardship.evidence import SideBySide, side_by_side
from stewardship.questions import Answered, Question
from stewardship.waterfall import Waterfall, waterfall
from warehouse.stores import decisions
from warehouse.stores.consistency import Judged
from warehouse.stores.decisions import Pair

_SHARED_BY_TWINS = ("guardian_no", "phone", "address")
_SHARED_LEVELS = frozenset({"equal", "equal_shared"})
_LEDGER_TABLES = frozenset({("civil_affairs", "welfare"), ("disabled_federation", "rehabilitation")})
_MOVING = {
    ("civil_affairs", "field_visit"): "visits",
    ("civil_affairs", "welfare"): "welfare",
    ("disabled_federation", "rehabilitation"): "rehabilitation",
    ("medical_insurance", "high_cost_alert"): "alerts",
}


@dataclass(frozen=True, slots=True)
class Consequence:
    """What saying "same child" does: ids merged into the oldest, what moves with them, why a second person is asked."""

    survives: str
    merged: tuple[str, ...]
    moves: Mapping[str, int]
    second_because: str | None


@dataclass(frozen=True, slots=True)
class Parting:
    """What saying that one child is two does: which side (0 or 1) keeps the id, what goes with the other's new one."""

    child: str
    keeps: int
    moves: Mapping[str, int]


@dataclass(frozen=True)
class CaseFile:
    """A case with one of its questions in front. What a page draws of it is worked out when it is asked for."""

    case: Case
    questions: tuple[Question, ...]
    answered: tuple[Answered, ...]
    question: Question
    is_complete: bool
    book: Casebook
    revealed: Collection[str]

    @property
    def _pair(self) -> Row:
        return self.question.pairs[0]

    @cached_property
    def _weighed(self) -> Waterfall:
        return waterfall(self._pair, self.book.fields, self.book.weights, self.book.prior)

    @cached_property
    def shown(self) -> SideBySide:
        """The two children's records, fact by fact."""
        sides = self.case.cluster(self._pair["left_cluster"]), self.case.cluster(self._pair["right_cluster"])
        return side_by_side(sides, self._pair, self._weighed, self.book.period, self.revealed)

    @property
    def opinion(self) -> Waterfall | None:
        """What the machine makes of the pair; None where it never compared it."""
        return self._weighed if self._pair["score"] is not None else None

    @property
    def twins_by(self) -> tuple[str, ...]:
        """What the two may share as twins."""
        return twins_by(self.case, self._pair)

    @cached_property
    def if_same(self) -> Consequence:
        """What saying "same child" does."""
        return consequence(self.case, self.question.clusters)

    @cached_property
    def if_different(self) -> Parting | None:
        """What saying that the one child is two does, in a case that asks it."""
        if self.case.line.kind != PARTED:
            return None
        return parting(self.case, (self._pair["left_cluster"], self._pair["right_cluster"]))


def assemble(book: Casebook, case: Case, so_far: str = "", revealed: Collection[str] = ()) -> CaseFile:
    """Put the next unanswered question of a case in front. Raises :class:`stewardship.questions.AnswersMisread`."""
    asked = questions.of_case(case)
    answered, following = questions.settle(asked, so_far)
    return CaseFile(
        case=case,
        questions=asked,
        answered=answered,
        question=following or asked[0],
        is_complete=following is None,
        book=book,
        revealed=revealed,
    )


def judgements(case: Case, answered: Sequence[Answered]) -> tuple[Judged, ...]:
    """The judgements that a case's answers make: on every open pair, by the entries' natural keys.

    Where two pairs bear the same keys, the better one's answer holds: it is the pair that was shown.
    """
    if case.line.kind == PARTED:
        return tuple(Judged(*both, said) for both, said in _of_parts(case, answered[0].answer).items())
    found: dict[Pair, Judged] = {}
    for each in answered:
        for both in _keyed_pairs(case, each.question):
            found.setdefault(both, Judged(*both, each.answer))
    return tuple(found.values())


def keys(case: Case) -> frozenset[EntryKey]:
    """The case's entries as the store of decisions names them."""
    return frozenset(key for row in case.entries if (key := _key(row)) is not None)


def is_about(case: Case, judged: Collection[Judged]) -> bool:
    """Whether these judgements are on pairs that the case asks: a run may give another case its number."""
    if case.line.kind == PARTED:
        asked = set(_of_parts(case, "DIFFERENT"))
    else:
        asked = {both for question in questions.of_case(case) for both in _keyed_pairs(case, question)}
    return bool(judged) and all(each.pair in asked for each in judged)


def said(case: Case, question: Question, judged: Collection[Judged]) -> str | None:
    """What a verdict's judgements say of a question: of its best pair that has keys."""
    by_pair = {each.pair: each.judgement for each in judged}
    return next((by_pair[both] for both in _keyed_pairs(case, question) if both in by_pair), None)


def unkept(case: Case, answered: Sequence[Answered], judged: Collection[Judged]) -> bool:
    """Whether some question's answer is lost: no pair of it can be named, or its names bear another answer."""
    return any(said(case, each.question, judged) != each.answer for each in answered if not each.is_implied)


def _of_parts(case: Case, said: questions.Answer) -> dict[Pair, questions.Answer]:
    """The judgements of a child's two parts: of each two entries across; where they differ, each part is one child."""
    parts: dict[int, list[EntryKey]] = {}
    for row in case.entries:
        key = _key(row)
        if key is not None and key not in case.shared_keys and key not in parts.setdefault(row["cluster_id"], []):
            parts[row["cluster_id"]].append(key)
    one, other = parts.values()
    found: dict[Pair, questions.Answer] = {decisions.pair(a, b): said for a in one for b in other}
    if said == "DIFFERENT":
        found |= {decisions.pair(a, b): "SAME" for part in (one, other) for a, b in pairwise(part)}
    return found


def _keyed_pairs(case: Case, question: Question) -> list[Pair]:
    """The pairs of a question as the store names them, the best first; without those that it can't."""
    found = []
    for row in question.pairs:
        one, other = (_key(case.by_entry[row[f"{side}_entry_id"]]) for side in ("left", "right"))
        if one is not None and other is not None and one != other:
            found.append(decisions.pair(one, other))
    return found


def second_because(case: Case, answered: Sequence[Answered]) -> str | None:
    """Why another person must confirm these answers; None where one is enough.

    All that they join to one child counts, not each two of it: what stands between two numbers may have none.
    """
    if case.line.kind == PARTED:
        return "split" if any(each.answer == "DIFFERENT" for each in answered) else None
    joined: list[set[int]] = []
    for each in answered:
        if each.answer == "SAME":
            group = set(each.question.clusters)
            group.update(*(other for other in joined if other & group))
            joined = [other for other in joined if not other & group] + [group]
    reasons = (_second([case.cluster(cluster) for cluster in sorted(group)]) for group in joined)
    return next((reason for reason in reasons if reason is not None), None)


def consequence(case: Case, clusters: tuple[int, int]) -> Consequence:
    """What joining two clusters does. The oldest id survives, the others point to it."""
    sides = [case.cluster(cluster) for cluster in clusters]
    children = sorted({row["child_id"] for side in sides for row in side if row["child_id"]}, key=case.ages.__getitem__)
    survives, merged = children[0], tuple(children[1:])
    rows = [row for side in sides for row in side if row["child_id"] in merged]
    moving = [_MOVING[table] for row in rows if (table := _table(row)) in _MOVING]
    moving += ["ledger" for _ in {row["child_id"] for row in rows if row["is_on_ledger"]}]
    return Consequence(survives, merged, {what: moving.count(what) for what in dict.fromkeys(moving)}, _second(sides))


def parting(case: Case, clusters: tuple[int, int]) -> Parting:
    """What telling the two parts of a child apart does."""
    keeps = clusters.index(case.keeps_id) if case.keeps_id in clusters else 0
    leaving = case.cluster(clusters[1 - keeps])
    moving = [_MOVING[table] for row in leaving if (table := _table(row)) in _MOVING]
    return Parting(leaving[0]["child_id"], keeps, {what: moving.count(what) for what in dict.fromkeys(moving)})


def _second(sides: Sequence[Sequence[Row]]) -> str | None:
    if sum(any(row["citizen_no"] or row["embedded_no"] for row in side) for side in sides) > 1:
        return "two_numbers"
    ledgers = {any(row["is_on_ledger"] or _table(row) in _LEDGER_TABLES for row in side) for side in sides}
    return "ledger" if len(ledgers) > 1 else None


def _table(row: Row) -> tuple[str, str]:
    return row["feed"], row["table_name"]


def _key(row: Row) -> EntryKey | None:
    """How the store of decisions names an entry; None where the department gave it no key."""
    return (row["feed"], row["table_name"], row["named"]) if row["key"] else None


def twins_by(case: Case, pair: Row) -> tuple[str, ...]:
    """What two children of one birth date share of a household; nothing where they may not be twins."""
    one, other = (case.by_entry[pair[f"{side}_entry_id"]] for side in ("left", "right"))
    if one["born_on"] is None or one["born_on"] != other["born_on"]:
        return ()
    return tuple(field for field in _SHARED_BY_TWINS if pair.get(field) in _SHARED_LEVELS)
