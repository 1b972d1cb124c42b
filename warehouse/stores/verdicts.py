"""Verdicts: stewards' answers to cases, each with its judgements on pairs, in one transaction and for ever.

A verdict's effect are rows of ``decision``, which the next run obeys. One that needs a second person has none before
that person confirms it; undoing is a newer row that puts back what held before. Whatever can't be obeyed (somebody
else was first, answers don't fit) writes nothing and is told in the :class:`Outcome`.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Literal

import sqlalchemy as sa

from warehouse.stores import audit, claims, consistency, decisions, free_text, together
from warehouse.stores.actors import Actor
from warehouse.stores.casework_tables import verdict
from warehouse.stores.claims import Claim
from warehouse.stores.consistency import Contradiction, Judged
from warehouse.stores.decisions import Decision, EntryKey, Kept, Pair
from warehouse.stores.engine import now, take_turn, writing
from warehouse.stores.tables import decision

Act = Literal["give", "confirm", "reject", "undo"]
Answer = Literal["SAME", "DIFFERENT", "UNSURE", "MIXED"]
_UNDOES_OTHERS = "approver"
_OPPOSED = frozenset({"SAME", "DIFFERENT"})


class KeyReused(ValueError):
    """An idempotency key came with something else than what it was first sent with."""


class State(StrEnum):
    """What became of what somebody asked for. The first two were written and are durable; the rest wrote nothing."""

    DONE = "done"  # it holds from now on
    PENDING = "pending"  # it holds when a second person confirms it
    CLAIMED = "claimed"  # somebody else works on the case: `claim`
    ANSWERED = "answered"  # somebody acted on the case since it was shown, or it is answered: `standing`
    CONTRADICTS = "contradicts"  # with answers that hold: `contradictions`
    SUPERSEDED = "superseded"  # a newer answer on one of its pairs holds, or it was undone or answered before
    NOT_ANOTHER = "not_another"  # the second person must be another one
    NOT_YOURS = "not_yours"  # only an approver undoes other people's verdicts
    WITHHELD = "withheld"  # of several at once: another of them can't be given


@dataclass(frozen=True, slots=True)
class Case:
    """A case as the steward was shown it."""

    period: str
    case_id: int
    fingerprint: str  # of its facts, made by whoever shows it
    last_act: int = 0  # id of the newest act on it that the page showed
    begun_at: datetime | None = None  # of the run that asks it, UTC: what another case holds since isn't asked anew


@dataclass(frozen=True, slots=True)
class Written:
    """One row of the store: an act on a verdict. ``concerns`` is the row that it confirms, rejects or undoes."""

    id: int
    act: Act
    concerns: int | None
    period: str
    case_id: int
    fingerprint: str
    answer: Answer
    reason: str
    second_because: str | None
    is_blind: bool
    batch: str | None
    model_version: str
    steward: str
    at: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands by its acts: ``open`` (again), ``pending`` a second person, or ``decided``.

    Of a case that is open again, ``verdict`` is the one undone or rejected. Whoever shows the case asks
    :meth:`bars` whether it is answered for the facts that it shows.
    """

    period: str
    case_id: int
    state: Literal["open", "pending", "decided"]
    verdict: Written | None  # the newest given; None where only blind ones were
    waits: Written | None  # what waits for a second person: the verdict, or its undoing
    last_act: int

    def bars(self, fingerprint: str, begun_at: datetime | None = None) -> bool:
        """Whether the case is answered for these facts: by what waits, or by more than an UNSURE.

        ``begun_at``: of the run that asks it; an older answer was obeyed, and didn't settle what is still asked.
        """
        if self.verdict is None or self.state == "open" or self.verdict.fingerprint != fingerprint:
            return False
        if self.state == "pending":
            return True
        return self.verdict.answer != "UNSURE" and (begun_at is None or self.verdict.at >= begun_at)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a verdict, and who or what stood in its way."""

    state: State
    verdict_id: int | None = None
    is_repeat: bool = False  # the same request came before; this is what became of that
    claim: Claim | None = None
    standing: Standing | None = None
    contradictions: tuple[Contradiction, ...] = ()

    @property
    def is_written(self) -> bool:
        """Whether it was kept."""
        return self.state in (State.DONE, State.PENDING)


def give(
    engine: sa.Engine,
    by: Actor,
    case: Case,
    judgements: Sequence[Judged],
    *,
    key: str,
    model_version: str,
    reason: str = "",
    second_because: str | None = None,
    is_blind: bool = False,
    batch: str | None = None,
    looked_at: Collection[EntryKey] = (),
    shared: Collection[EntryKey] = (),
    answer: Answer | None = None,
) -> Outcome:
    """Answer a case by judgements on its pairs. What is returned as written survives a power cut.

    ``key``: made once for a form; the same request sent again changes nothing and gives the first outcome.
    ``second_because``: why another person must confirm it (it merges two ids with sound numbers, …).
    ``looked_at``: the case's entries. A SAME that reaches others, by what holds of other cases, needs a second person.
    ``is_blind``: a quality sample; it is kept but decides nothing, and isn't the first steward's to give.
    ``shared``: keys that several children bear, see :mod:`warehouse.stores.consistency`. ``answer``: the steward's word
    where the judgements are of several kinds: who says that a child is two, says that each part is one.
    An UNSURE needs a reason. Raises :class:`KeyReused` and :class:`warehouse.stores.free_text.WordsRefused`.
    """
    seen = frozenset(looked_at)
    judged = tuple(judgements)
    asked = _Asked(
        case, judged, key, model_version, reason, second_because, is_blind, batch, seen, answer or _said(judged)
    )
    return together.write(engine, lambda connection: _give(connection, by, asked, shared))


def give_many(
    engine: sa.Engine,
    by: Actor,
    cases: Mapping[Case, Sequence[Judged]],
    *,
    batch: str,
    model_version: str,
    reason: str,
    looked_at: Mapping[Case, Collection[EntryKey]] = MappingProxyType({}),
    shared: Collection[EntryKey] = (),
) -> dict[Case, Outcome]:
    """Answer cases of one kind at once, with one reason and one handle for undoing: all of them or none.

    Where one can't be given, the outcomes say which, and nothing is written.
    """
    outcomes: dict[Case, Outcome] = {}
    with writing(engine) as connection:
        take_turn(connection)
        all_or_none = connection.begin_nested()
        for case, judgements in cases.items():
            seen = frozenset(looked_at.get(case, ()))
            key = _part_of(batch, f"{case.period}/{case.case_id}")
            judged = tuple(judgements)
            asked = _Asked(case, judged, key, model_version, reason, None, False, batch, seen, _said(judged))
            outcomes[case] = _give(connection, by, asked, shared)
        if all(outcome.is_written for outcome in outcomes.values()):
            all_or_none.commit()
            return outcomes
        all_or_none.rollback()
    withheld = Outcome(State.WITHHELD)
    return {case: withheld if outcome.is_written else outcome for case, outcome in outcomes.items()}


def confirm(
    engine: sa.Engine,
    by: Actor,
    verdict_id: int,
    *,
    key: str,
    reason: str = "",
    shared: Collection[EntryKey] = (),
) -> Outcome:
    """Let a verdict (or an undoing) that waits for a second person take effect. That person isn't the first."""
    return _second(engine, by, verdict_id, "confirm", key, reason, shared)


def reject(engine: sa.Engine, by: Actor, verdict_id: int, *, key: str, reason: str) -> Outcome:
    """Refuse what waits for a second person: the case is open again, or the verdict stays."""
    return _second(engine, by, verdict_id, "reject", key, reason)


def undo(
    engine: sa.Engine,
    by: Actor,
    verdict_id: int,
    *,
    key: str,
    reason: str = "",
    shared: Collection[EntryKey] = (),
) -> Outcome:
    """Take back one's verdict, as an approver another's: what held before it holds again.

    A verdict that a second person confirmed is taken back when a second person confirms that too.
    """
    return together.write(engine, lambda connection: _undo(connection, by, verdict_id, key, reason, shared))


def undo_batch(
    engine: sa.Engine, by: Actor, batch: str, *, key: str, reason: str = "", shared: Collection[EntryKey] = ()
) -> list[Outcome]:
    """Take back what was given at once, each as :func:`undo` does; what can't be is told and stays."""
    with writing(engine) as connection:
        take_turn(connection)
        given = _rows(connection, _given_in(batch))
        return [_undo(connection, by, each.id, _part_of(key, str(each.id)), reason, shared) for each in given]


def of_batch(engine: sa.Engine, batch: str) -> list[Written]:
    """What was given at once under a handle."""
    with engine.connect() as connection:
        return _rows(connection, _given_in(batch))


def of_case(engine: sa.Engine, period: str, case_id: int) -> list[Written]:
    """All acts on a case, oldest first, blind ones too."""
    with engine.connect() as connection:
        return _of_case(connection, period, case_id)


def standing(engine: sa.Engine, period: str, case_id: int) -> Standing:
    """How one case stands."""
    with engine.connect() as connection:
        return _standing(connection, period, case_id)


def acts_since(engine: sa.Engine, period: str, after: int = 0) -> list[Written]:
    """All acts on a period's cases since the act ``after``, oldest first: for a queue that is kept up to date."""
    with engine.connect() as connection:
        rows = connection.execute(_SINCE, {"of_period": period, "after": after}).all()
    return [Written(*row) for row in rows]


def standings(engine: sa.Engine, period: str) -> list[Standing]:
    """How every case stands that somebody acted on."""
    of: dict[int, list[Written]] = {}
    for act in acts_since(engine, period):
        of.setdefault(act.case_id, []).append(act)
    return [stand(period, case_id, acts) for case_id, acts in of.items()]


def stand(period: str, case_id: int, acts: Sequence[Written]) -> Standing:
    """How a case stands by all acts on it, oldest first. Blind ones decide nothing."""
    seen = [act for act in acts if not act.is_blind]
    last_act = seen[-1].id if seen else 0
    given = next((act for act in reversed(seen) if act.act == "give"), None)
    if given is None:
        return Standing(period, case_id, "open", None, None, last_act)
    word = {act.concerns: act.act for act in seen if act.act in ("confirm", "reject")}
    if given.second_because and given.id not in word:
        undone = any(act.act == "undo" and act.concerns == given.id for act in seen)
        return Standing(period, case_id, "open" if undone else "pending", given, None if undone else given, last_act)
    waits = None
    for undoing in (act for act in seen if act.act == "undo" and act.concerns == given.id):
        if undoing.second_because is None or word.get(undoing.id) == "confirm":
            return Standing(period, case_id, "open", given, None, last_act)
        if undoing.id not in word:
            waits = undoing
    is_refused = word.get(given.id) == "reject"
    return Standing(period, case_id, "open" if is_refused else "decided", given, waits, last_act)


def judgements_of(engine: sa.Engine, verdict_id: int) -> tuple[Judged, ...]:
    """The judgements on pairs that a verdict gives, whether or not they hold."""
    with engine.connect() as connection:
        return _judgements(connection, verdict_id)


@dataclass(frozen=True, slots=True)
class _Asked:
    case: Case
    judgements: tuple[Judged, ...]
    key: str
    model_version: str
    reason: str
    second_because: str | None
    is_blind: bool
    batch: str | None
    looked_at: frozenset[EntryKey]
    answer: Answer


def _said(judgements: Sequence[Judged]) -> Answer:
    said = {each.judgement for each in judgements}
    return said.pop() if len(said) == 1 else "MIXED"  # type: ignore[return-value]


_COLUMNS = tuple(verdict.c[name] for name in Written.__slots__)
# Asked at every page: a statement that is made once is also compiled and named only once.
_SINCE = (
    sa.select(*_COLUMNS)
    .where(verdict.c.period == sa.bindparam("of_period"), verdict.c.id > sa.bindparam("after"))
    .order_by(verdict.c.id)
)
_OF_CASE = (
    sa.select(*_COLUMNS)
    .where(verdict.c.period == sa.bindparam("of_period"), verdict.c.case_id == sa.bindparam("of_case"))
    .order_by(verdict.c.id)
)


def _give(connection: sa.Connection, by: Actor, asked: _Asked, shared: Collection[EntryKey]) -> Outcome:
    if not asked.judgements or len({each.pair for each in asked.judgements}) < len(asked.judgements):
        raise ValueError(f"A verdict judges one pair or more, each once; found {len(asked.judgements)} judgements.")
    reason = _words(asked.reason, is_needed=asked.answer == "UNSURE")
    written = [[*each.pair[0], *each.pair[1], each.judgement] for each in asked.judgements]
    row = {
        "act": "give",
        "concerns": None,
        "period": asked.case.period,
        "case_id": asked.case.case_id,
        "fingerprint": asked.case.fingerprint,
        "answer": asked.answer,
        "judgements": written,
        "reason": reason,
        "second_because": None,
        "is_blind": asked.is_blind,
        "batch": asked.batch,
        "model_version": asked.model_version,
    }
    if refused := _repeated(connection, by, asked.key, row) or _in_the_way(connection, by, asked):
        return refused
    if asked.is_blind:
        return _write(connection, by, asked.key, row)
    held = consistency.reached(connection, asked.judgements, shared)
    others = _held_otherwise(connection, asked, held, shared)
    for other in others:
        if not _is_same_case(other, asked.case) and (asked.case.begun_at is None or other.at >= asked.case.begun_at):
            return Outcome(State.ANSWERED, standing=_standing(connection, other.period, other.case_id))
    if found := consistency.contradictions(held, asked.judgements, shared):
        return Outcome(State.CONTRADICTS, contradictions=found)
    claims.drop(connection, by.username, asked.case.period, [asked.case.case_id])
    row["second_because"] = asked.second_because or _because_of_others(by, asked, others, held, shared)
    return _write(connection, by, asked.key, row, () if row["second_because"] else asked.judgements)


def _held_otherwise(
    connection: sa.Connection, asked: _Asked, held: Mapping[Pair, Kept], shared: Collection[EntryKey]
) -> list[Written]:
    """The acts by which another answer holds on one of these pairs; an UNSURE holds nothing."""
    acts: set[int | None] = set()
    for each in asked.judgements:
        kept = held.get(each.pair)
        if kept is not None and not set(each.pair) & set(shared):
            acts |= {kept.decision.verdict_id} if kept.decision.judgement in _OPPOSED - {each.judgement} else set()
    return _rows(connection, verdict.c.id.in_(acts)) if acts else []


def _is_same_case(act: Written, case: Case) -> bool:
    return (act.period, act.case_id) == (case.period, case.case_id)


def _because_of_others(
    by: Actor, asked: _Asked, others: Sequence[Written], held: Mapping[Pair, Kept], shared: Collection[EntryKey]
) -> str | None:
    """Why what holds by other verdicts asks for a second person: one doesn't overrule two, nor another elsewhere."""
    for other in others:
        if other.second_because:
            return other.second_because
    if any(other.steward != by.username and not _is_same_case(other, asked.case) for other in others):
        return "overrules"
    reaches = consistency.reaches_others(held, asked.judgements, asked.looked_at, shared)
    return "reaches" if reaches else None


def _in_the_way(connection: sa.Connection, by: Actor, asked: _Asked) -> Outcome | None:
    """Whoever was first: the first steward of a blind sample, the holder of a claim, the giver of an answer."""
    case = asked.case
    stands = _standing(connection, case.period, case.case_id)
    if asked.is_blind:
        return _not_asked_again(connection, by, stands)
    held = claims.holder(connection, case.period, case.case_id)
    if held is not None and held.is_held_by_other(by.username, now()):
        return Outcome(State.CLAIMED, claim=held)
    if stands.last_act > case.last_act or stands.bars(case.fingerprint, case.begun_at):
        return Outcome(State.ANSWERED, standing=stands)
    return None


def _not_asked_again(connection: sa.Connection, by: Actor, stands: Standing) -> Outcome | None:
    """A decided case is asked once again, of another."""
    first = stands.verdict
    if first is None or stands.state != "decided":
        return Outcome(State.SUPERSEDED, standing=stands)
    if first.steward == by.username:
        return Outcome(State.NOT_ANOTHER, standing=stands)
    acts = _of_case(connection, stands.period, stands.case_id)
    is_done = any(act.is_blind and act.id > first.id for act in acts)
    return Outcome(State.ANSWERED, standing=stands) if is_done else None


def _second(
    engine: sa.Engine,
    by: Actor,
    verdict_id: int,
    act: Literal["confirm", "reject"],
    key: str,
    reason: str,
    shared: Collection[EntryKey] = (),
) -> Outcome:
    """The second person's word on a verdict or an undoing."""
    words = _words(reason, is_needed=act == "reject")
    with writing(engine) as connection:
        take_turn(connection)
        first = _row(connection, verdict_id)
        if first is None:
            return Outcome(State.SUPERSEDED)
        row = _about(first, act, words)
        if repeat := _repeated(connection, by, key, row):
            return repeat
        stands = _standing(connection, first.period, first.case_id)
        if stands.waits != first:
            return Outcome(State.SUPERSEDED, standing=stands)
        if first.steward == by.username:
            return Outcome(State.NOT_ANOTHER, standing=stands)
        if act == "reject":
            return _write(connection, by, key, row)
        effect = _judgements(connection, first.id)
        if first.act == "give" and any(_is_newer(connection, each, first.id) for each in effect):
            return Outcome(State.SUPERSEDED, standing=stands)
        if first.act == "undo":
            if not _holds_still(connection, first.concerns):
                return Outcome(State.SUPERSEDED, standing=stands)
            effect = _held_before(connection, first.concerns)
        if found := _contradictions(connection, effect, shared):
            return Outcome(State.CONTRADICTS, contradictions=found, standing=stands)
        return _write(connection, by, key, row, effect, first)


def _undo(
    connection: sa.Connection, by: Actor, verdict_id: int, key: str, reason: str, shared: Collection[EntryKey]
) -> Outcome:
    given = _row(connection, verdict_id)
    if given is None or given.act != "give" or given.is_blind:
        return Outcome(State.SUPERSEDED)
    row = _about(given, "undo", _words(reason))
    if repeat := _repeated(connection, by, key, row):
        return repeat
    if given.steward != by.username and _UNDOES_OTHERS not in by.roles:
        return Outcome(State.NOT_YOURS)
    stands = _standing(connection, given.period, given.case_id)
    if stands.verdict != given or stands.state == "open":
        return Outcome(State.SUPERSEDED, standing=stands)
    if stands.state == "pending":
        return _write(connection, by, key, row)
    if stands.waits is not None:
        return Outcome(State.ANSWERED, standing=stands)
    if not _holds_still(connection, given.id):
        return Outcome(State.SUPERSEDED, standing=stands)
    effect = _held_before(connection, given.id)
    if found := _contradictions(connection, effect, shared):
        return Outcome(State.CONTRADICTS, contradictions=found, standing=stands)
    row["second_because"] = given.second_because
    return _write(connection, by, key, row, () if given.second_because else effect)


def _write(
    connection: sa.Connection,
    by: Actor,
    key: str,
    row: dict[str, Any],
    effect: Sequence[Judged] = (),
    of: Written | None = None,
) -> Outcome:
    """Keep the act, what it makes hold (in the name of whoever gave it first), and its line of the audit."""
    at = now()
    made = connection.execute(verdict.insert(), row | {"idempotency_key": key, "steward": by.username, "at": at})
    (number,) = made.inserted_primary_key or (0,)
    signed = (of.steward, of.id) if of else (by.username, int(number))
    decisions.append(
        connection,
        [
            Decision(*each.pair, each.judgement, row["reason"], signed[0], at, row["model_version"], signed[1])
            for each in effect
        ],
    )
    state = State.PENDING if row["second_because"] else State.DONE
    told = {"verdict": number, "answer": row["answer"], "pairs": len(row["judgements"]), "state": state.value}
    subject = f"case {row['period']}/{row['case_id']}"
    audit.append(connection, by.username, f"verdict {row['act']}", subject, detail=told)
    return Outcome(state, int(number))


def _contradictions(
    connection: sa.Connection, effect: Sequence[Judged], shared: Collection[EntryKey]
) -> tuple[Contradiction, ...]:
    return consistency.contradictions(consistency.reached(connection, effect, shared), effect, shared)


def _repeated(connection: sa.Connection, by: Actor, key: str, row: Mapping[str, Any]) -> Outcome | None:
    """The outcome of the same request, where it came before."""
    compared = ("act", "concerns", "period", "case_id", "judgements")
    columns = [verdict.c[name] for name in ("id", "steward", "second_because", *compared)]
    query = sa.select(*columns).where(verdict.c.idempotency_key == key)
    before = connection.execute(query).mappings().one_or_none()
    if before is None:
        return None
    if before["steward"] != by.username or any(before[name] != row[name] for name in compared[:-1]):
        raise KeyReused("This form was sent before about something else. Open the page again and send it anew.")
    if before["judgements"] != row["judgements"]:
        return Outcome(State.ANSWERED, standing=_standing(connection, row["period"], row["case_id"]))
    return Outcome(State.PENDING if before["second_because"] else State.DONE, before["id"], is_repeat=True)


def _about(first: Written, act: Act, reason: str) -> dict[str, Any]:
    """The row of an act on another."""
    names = ("period", "case_id", "fingerprint", "answer", "is_blind", "batch", "model_version")
    about = {name: getattr(first, name) for name in names}
    return about | {"act": act, "concerns": first.id, "reason": reason, "second_because": None, "judgements": []}


def _given_in(batch: str) -> sa.ColumnElement[bool]:
    return (verdict.c.batch == batch) & (verdict.c.act == "give")


def _row(connection: sa.Connection, number: int) -> Written | None:
    found = _rows(connection, verdict.c.id == number)
    return found[0] if found else None


def _of_case(connection: sa.Connection, period: str, case_id: int) -> list[Written]:
    given = {"of_period": period, "of_case": case_id}
    return [Written(*row) for row in connection.execute(_OF_CASE, given).all()]


def _rows(connection: sa.Connection, where: sa.ColumnElement[bool]) -> list[Written]:
    query = sa.select(*_COLUMNS).where(where).order_by(verdict.c.id)
    return [Written(*row) for row in connection.execute(query).all()]


def _judgements(connection: sa.Connection, number: int) -> tuple[Judged, ...]:
    written = connection.execute(sa.select(verdict.c.judgements).where(verdict.c.id == number)).scalar_one_or_none()
    return tuple(Judged((row[0], row[1], row[2]), (row[3], row[4], row[5]), row[6]) for row in written or ())


def _holds_still(connection: sa.Connection, number: int | None) -> bool:
    """Whether what a verdict made hold is the newest of each of its pairs."""
    made = decisions.newest(connection, decision.c.verdict_id == number)
    held = ((decisions.held(connection, pair), kept) for pair, kept in made.items())
    return all(now is not None and now.id == kept.id for now, kept in held)


def _is_newer(connection: sa.Connection, judged: Judged, number: int) -> bool:
    """Whether another answer on a pair holds that was given after a verdict."""
    kept = decisions.held(connection, judged.pair)
    if kept is None or kept.decision.judgement == judged.judgement:
        return False
    return (kept.decision.verdict_id or 0) > number


def _held_before(connection: sa.Connection, number: int | None) -> tuple[Judged, ...]:
    """What held of a verdict's pairs before it."""
    found = []
    for pair, kept in decisions.newest(connection, decision.c.verdict_id == number).items():
        earlier = decisions.held(connection, pair, before=kept.id)
        found.append(Judged(*pair, earlier.decision.judgement if earlier else "WITHDRAWN"))
    return tuple(found)


def _standing(connection: sa.Connection, period: str, case_id: int) -> Standing:
    return stand(period, case_id, _of_case(connection, period, case_id))


def _words(reason: str, *, is_needed: bool = False) -> str:
    return free_text.checked(reason, "reason") if is_needed or reason.strip() else ""


def _part_of(key: str, part: str) -> str:
    """The idempotency key of one of several requests sent as one."""
    return hashlib.sha256(f"{key}/{part}".encode()).hexdigest()
