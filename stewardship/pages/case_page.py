"""What a case's page shows: the facts side by side, the machine's opinion, what each answer does, what people did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from urllib.parse import urlencode

from starlette.responses import Response

from stewardship import casefile, chart, comparison, facts_shown, questions
from stewardship.access import scope
from stewardship.casebook import Line, Row
from stewardship.casefile import CaseFile, Consequence
from stewardship.evidence import Piece, Value, facts
from stewardship.pages import opened
from stewardship.pages.opened import OpenCase
from stewardship.pages.queue import may_answer, number, why
from stewardship.queue import Filters
from stewardship.visit import LastAnswer, Visit, new_form_key
from stewardship.words import Words
from warehouse import clock
from warehouse.stores import case_notes, claims, verdicts
from warehouse.stores.case_notes import Note
from warehouse.stores.verdicts import Standing, Written

SHAPES = {"equal": "＝", "similar": "≈", "different": "≠", "missing": "○", "invalid": "△"}
_MASKED = frozenset(name for name, fact in facts().items() if fact.mask is not None)
OWN_COLUMNS = frozenset(column for fact in facts().values() if len(fact.columns) > 1 for column in fact.columns)
"""Columns that say which of several a value is: the father's name, the mother's."""


def page(
    visit: Visit,
    status: int = 200,
    *,
    stale: Sequence[str] = (),
    said: str | None = None,
    words: str | None = None,
    so_far: str = "",
    because: str = "",
    open_case: OpenCase | None = None,
) -> Response:
    """Render the case as it is now; ``stale``: facts that changed under the steward's answer.

    ``open_case``: where it was looked up just before, and nothing done since.
    """
    open_case = open_case or opened.named(visit)
    t, line, queue = visit.words, open_case.line, open_case.queue
    stores = visit.site.stores
    leave = opened.leave(visit, open_case)
    revealed = _MASKED if leave else visit.site.revealed.of(opened.reveal_key(visit, open_case))
    file = casefile.assemble(queue.casebook, open_case.case, so_far, revealed)
    acts = verdicts.of_case(stores, open_case.period, line.case_id)
    standing = verdicts.stand(open_case.period, line.case_id, acts)
    is_blind = open_case.is_blind
    if is_blind:
        is_open = opened.awaits(visit, open_case)
    elif opened.is_of_people(line):
        is_open = not standing.bars(open_case.fingerprint, queue.begun_at)
    else:
        is_open = queue.state(line.case_id) in ("open", "unsure")
    claim = (
        claims.take(stores, visit.actor, open_case.period, line.case_id)
        if is_open and may_answer(visit) and not is_blind
        else None
    )
    held_by_other = claim is not None and claim.steward != visit.actor.username
    filters = Filters.of(visit.form or visit.request.query_params)
    history = [] if is_blind else _history(visit, open_case, acts)
    error = t(said) if said else words
    return visit.page(
        "case",
        status,
        file=file,
        number=number(line.case_id),
        base=opened.path(open_case),
        query=f"?{urlencode(filters.given())}" if filters.given() else "",
        filters=filters,
        packed=facts_shown.pack(open_case.shown),
        last_act=standing.last_act,
        so_far=so_far,
        because=because,
        form_key=new_form_key,
        is_asked=is_blind or opened.is_of_people(line),
        open_left=queue.open_left(visit.actor),
        why=why(visit, line),
        where=visit.site.shelf.shown().places.listed(opened.places(visit, open_case)),
        waited="" if is_blind or opened.is_of_people(line) else _waited(visit, open_case),
        children=len({row["child_id"] for row in open_case.case.entries}),
        error=error,
        changes=t.listed(_fact_words(visit, name) for name in stale),
        claimed=t("case.claimed_by", steward=claim.steward, until=f"{clock.local(claim.until):%H:%M}")
        if claim is not None and held_by_other
        else "",
        may_answer=is_open and may_answer(visit) and not held_by_other,
        revealed=revealed,
        leave=opened.grant_words(visit, leave),
        reveal_reasons=t("case.reveal_reasons").split(";"),
        rivals=() if is_blind else _seen(visit, open_case.case.rivals),
        siblings=() if is_blind else _seen(visit, open_case.case.siblings),
        twins=t.listed(t(f"value.{shared}") for shared in file.twins_by),
        progress=_progress(visit, file),
        shows_opinion=not is_blind,
        percent=_percent(line),
        chart=chart.draw(file.opinion, visit.site.bands, t) if file.opinion else None,
        signed=chart.signed,
        shapes=SHAPES,
        runs=_runs,
        text_of=_text,
        own_columns=OWN_COLUMNS,
        history=history,
        if_same=_if_same(visit, file),
        if_different=_if_different(visit, file),
        second=None if is_blind else _second_form(visit, open_case, standing),
        undo=None if is_blind else _undo_form(visit, open_case, standing),
    )


def _waited(visit: Visit, open_case: OpenCase) -> str:
    """How long the case has waited, and how long there is to decide it."""
    left = open_case.queue.days_left()
    days = open_case.queue.days_waited(open_case.line.case_id)
    return visit.words("queue.left" if left >= 0 else "queue.left_since", days=days, left=abs(left))


def _seen(visit: Visit, rows: Sequence[Row]) -> list[Row]:
    """Of the children beside a case those of the visitor's counties."""
    return [row for row in rows if scope.sees(visit.actor, row["codes"], visit.site.jurisdiction)]


def _percent(line: Line) -> str:
    return "—" if line.p_same is None else f"{line.p_same:.1%}"


def _fact_words(visit: Visit, name: str) -> str:
    return visit.words.known(f"fact.{name}", visit.words.known(f"case.{name}", name))


def _progress(visit: Visit, file: CaseFile) -> Sequence[Mapping[str, object]]:
    """A case's questions with their answers so far."""
    t, found = visit.words, []
    answered = {each.question.clusters: each for each in file.answered}
    for place, question in enumerate(file.questions, start=1):
        said = answered.get(question.clusters)
        words = t("case.question", place=place) + (f"：{t(f'answer.{said.answer}')}" if said else "")
        found.append({"words": words, "here": question is file.question and not file.is_complete})
    return found


def _consequence(visit: Visit, found: Consequence) -> str:
    t = visit.words
    parts = [t("case.survives", child=found.survives, other=t.listed(found.merged))] if found.merged else []
    if found.moves:
        what = t.listed(t(f"case.{name}", many=many) for name, many in found.moves.items())
        parts.append(t("case.moves", what=what))
    parts.append(t("case.next_run"))
    if found.second_because:
        parts.append(f"{t('case.second')}（{t(f'second.{found.second_because}')}）")
    return " ".join(parts)


def _if_same(visit: Visit, file: CaseFile) -> str:
    if file.case.line.kind == comparison.VERIFIED:
        return visit.words("links.if_right")
    return _consequence(visit, file.if_same) if file.if_different is None else visit.words("case.stays_one")


def _if_different(visit: Visit, file: CaseFile) -> str:
    t, found = visit.words, file.if_different
    if file.case.line.kind == comparison.VERIFIED:
        return t("links.if_wrong")
    if found is None:
        return t("case.stays_apart")
    keeps, leaves = (t(f"case.side_{side}") for side in (found.keeps, 1 - found.keeps))
    told = [t("case.split", child=found.child, keeps=keeps, leaves=leaves)]
    if found.moves:
        what = t.listed(t(f"case.{name}", many=many) for name, many in found.moves.items())
        told.append(t("case.moves_new", what=what))
    return " ".join([*told, t("case.next_run"), f"{t('case.second')}（{t('second.split')}）"])


def _second_form(visit: Visit, open_case: OpenCase, standing: Standing) -> Mapping[str, object] | None:
    waits = opened.waiting(visit, open_case, standing)
    if waits is None or standing.verdict is None:
        return None
    t = visit.words
    judged = verdicts.judgements_of(visit.site.stores, standing.verdict.id)
    said_of = [casefile.said(open_case.case, question, judged) for question in questions.of_case(open_case.case)]
    answers = [
        f"{t('case.question', place=place)}：{t(f'answer.{said}')}" for place, said in enumerate(said_of, 1) if said
    ]
    if waits.steward == visit.actor.username:
        return {"id": waits.id, "words": t("second.yours"), "may": False, "answers": answers}
    because = t.known(f"second.{waits.second_because}", waits.second_because or "")
    said = t(f"answer.{standing.verdict.answer}") if waits.act == "give" else t("second.undo")
    words = t("second.waits", steward=waits.steward, answer=said, because=because)
    return {"id": waits.id, "words": words, "may": True, "answers": answers}


def _undo_form(visit: Visit, open_case: OpenCase, standing: Standing) -> LastAnswer | None:
    """What may be taken back here: this case's verdict where it holds, else what the visitor answered last."""
    given = standing.verdict
    is_ones_to_undo = given is not None and (given.steward == visit.actor.username or _approves(visit))
    if given and is_ones_to_undo and standing.state != "open" and opened.is_about(visit, open_case, given.id):
        return LastAnswer(given.id, opened.path(open_case))
    last = visit.site.last_answers.get(visit.actor.username)
    return last[-1] if last else None


def _approves(visit: Visit) -> bool:
    return "approver" in visit.actor.roles


def _history(visit: Visit, open_case: OpenCase, acts: Sequence[Written]) -> list[str]:
    """What people did with the case, oldest first."""
    t, stores, line = visit.words, visit.site.stores, open_case.line
    told: list[Written | Note] = [*acts, *case_notes.of_case(stores, open_case.period, line.case_id)]
    return [_told(t, each) for each in sorted(told, key=lambda each: each.at)]


def _told(t: Words, each: Written | Note) -> str:
    at = f"{clock.local(each.at):%m-%d %H:%M}"
    if isinstance(each, Note):
        return t(f"act.{each.kind}", at=at, steward=each.written_by, words=each.words)
    reason = f"（{each.reason}）" if each.reason else ""
    return t(f"act.{each.act}", at=at, steward=each.steward, answer=t(f"answer.{each.answer}"), reason=reason)


def _runs(block: Sequence[Piece]) -> list[Piece]:
    """Neighbouring characters that are drawn alike, as one; those with a sound stay single."""
    found = []
    for (differs, sound), pieces in groupby(block, key=lambda piece: (piece.differs, piece.sound)):
        text = "".join(piece.text for piece in pieces)
        found += [Piece(each, differs, sound) for each in text] if sound else [Piece(text, differs)]
    return found


def _text(value: Value) -> str:
    return "".join(piece.text for block in value.blocks for piece in block)
