"""One case: its page, and every act on it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from urllib.parse import urlencode

from starlette.responses import Response

from stewardship import casefile, chart, clock, comparison, facts_shown, questions
from stewardship.access import granted, hashed, scope
from stewardship.casebook import Case, Line, Row
from stewardship.casefile import CaseFile, Consequence
from stewardship.doors import Counties, Door, not_found
from stewardship.evidence import Piece, Value, facts
from stewardship.pages import children, links, parts, quality
from stewardship.pages.queue import may_answer, number, places, to_next, why
from stewardship.questions import LETTER_OF, AnswersMisread
from stewardship.queue import Filters, Queue
from stewardship.visit import LastAnswer, Visit, new_form_key
from stewardship.words import Words
from warehouse.stores import audit, case_notes, claims, comparisons, free_text, verdicts
from warehouse.stores.case_notes import Note
from warehouse.stores.comparisons import Comparison
from warehouse.stores.consistency import Judged
from warehouse.stores.free_text import WordsRefused
from warehouse.stores.grants import Grant
from warehouse.stores.verdicts import Outcome, Standing, State, Written

SHAPES = {"equal": "＝", "similar": "≈", "different": "≠", "missing": "○", "invalid": "△"}
_ONE = "/cases/{period}/{case_id:number}"
OF_TWO = "/children/{one}/with/{other}"
OF_PARTS = "/children/{child_id}/parts/{part:number}"
OF_LINK = "/quality/links/{period}/{link:number}"
_BLIND = "/quality/{period}/{case_id:number}"


def doors() -> list[Door]:
    """The routes of this module."""
    return [
        Door("case", _ONE, show, counties=counties),
        Door("verdict", f"{_ONE}/answer", answer, "POST", counties),
        Door("reveal", f"{_ONE}/reveal", reveal, "POST", counties),
        Door("claim", f"{_ONE}/skip", skip, "POST", counties),
        Door("note", f"{_ONE}/note", note, "POST", counties),
        Door("note", f"{_ONE}/flag", flag, "POST", counties),
        Door("case", f"{_ONE}/next", following, counties=counties),
        Door("case", f"{_ONE}/previous", preceding, counties=counties),
        Door("second", f"{_ONE}/second", second, "POST", counties),
        Door("undo", f"{_ONE}/undo", undo, "POST", counties),
        Door("blind", _BLIND, show, counties=counties),
        Door("blind", f"{_BLIND}/answer", answer, "POST", counties),
        Door("blind", f"{_BLIND}/reveal", reveal, "POST", counties),
        Door("blind", OF_LINK, show, counties=links.counties),
        Door("blind", f"{OF_LINK}/answer", answer, "POST", links.counties),
        Door("blind", f"{OF_LINK}/reveal", reveal, "POST", links.counties),
        *_of_people(OF_TWO, children.counties_of_two),
        *_of_people(OF_PARTS, parts.counties_of_part),
    ]


def _of_people(path: str, counties: Counties) -> list[Door]:
    """The routes of a case that a person made."""
    return [
        Door("case", path, show, counties=counties),
        Door("verdict", f"{path}/answer", answer, "POST", counties),
        Door("reveal", f"{path}/reveal", reveal, "POST", counties),
        Door("claim", f"{path}/skip", skip, "POST", counties),
        Door("note", f"{path}/note", note, "POST", counties),
        Door("note", f"{path}/flag", flag, "POST", counties),
        Door("second", f"{path}/second", second, "POST", counties),
        Door("undo", f"{path}/undo", undo, "POST", counties),
    ]


def counties(visit: Visit) -> Collection[str] | None:
    """The counties of the case that is asked for; None where there is none."""
    line = _line(visit)
    return None if line is None else line.counties


def show(visit: Visit) -> Response:
    """The case's page, once the audit knows whose records it shows. A steward who opens an open case claims it."""
    open_case = _open(visit)
    audit.note(
        visit.site.stores, visit.actor.username, "case read", _subject(open_case), detail=_children(visit, open_case)
    )
    visit.site.opened.add(visit.actor.username, open_case.line.case_id, open_case.fingerprint)
    return _page(visit)


def answer(visit: Visit) -> Response:
    """Take the answer to the question in front; with the last one the case's verdict is kept."""
    open_case = _open(visit)
    said = visit.form.get("answer", "")
    if said not in LETTER_OF or not may_answer(visit):
        return not_found(visit)
    if open_case.is_blind and not _awaits(visit, open_case):
        return _page(visit, 409, said="quality.not_asked")
    stale = facts_shown.changed(visit.form.get("shown", ""), open_case.shown)
    if stale:
        return _page(visit, 409, stale=stale)
    reasons = [words for words in (visit.form.get("because", ""), visit.form.get("reason", "").strip()) if words]
    if said == "UNSURE" and not visit.form.get("reason", "").strip():
        return _page(visit, 422, said="case.reason_needed")
    try:
        so_far = visit.form.get("so_far", "") + LETTER_OF[said]
        file = casefile.assemble(open_case.queue.casebook, open_case.case, so_far)
    except AnswersMisread:
        return _page(visit, 409, stale=["questions"])
    if not file.is_complete:
        return _page(visit, so_far=so_far, because="；".join(reasons))
    return _keep(visit, open_case, file, "；".join(reasons))


def reveal(visit: Visit) -> Response:
    """Show one field of this case unmasked, once the audit knows why."""
    open_case = _open(visit)
    fact = visit.form.get("fact", "")
    if fact not in facts() or facts()[fact].mask is None:
        return not_found(visit)
    try:
        casefile.assemble(open_case.queue.casebook, open_case.case, visit.form.get("so_far", ""))
        reason = free_text.checked(visit.form.get("reason", ""), "reason")
    except AnswersMisread:
        return _page(visit, 409, stale=["questions"])
    except WordsRefused as error:
        return _page(visit, 422, words=str(error))
    told = {"reason": reason, **_children(visit, open_case)}
    audit.note(visit.site.stores, visit.actor.username, "identifier read", _subject(open_case), field=fact, detail=told)
    visit.site.revealed.add(_reveal_key(visit, open_case), fact)
    return _page(visit, so_far=visit.form.get("so_far", ""), because=visit.form.get("because", ""))


def skip(visit: Visit) -> Response:
    """Leave the case to others and go to the next."""
    open_case = _open(visit)
    claims.release(visit.site.stores, visit.actor, open_case.period, open_case.line.case_id)
    return to_next(visit, Filters.of(visit.form), open_case.line.case_id)


def note(visit: Visit) -> Response:
    """Keep words on the case."""
    return _noted(visit, "note", "noted")


def flag(visit: Visit) -> Response:
    """Ask the supervisor."""
    return _noted(visit, "flag", "flagged")


def following(visit: Visit) -> Response:
    """The open case behind this one."""
    return _beside(visit, backwards=False)


def preceding(visit: Visit) -> Response:
    """The open case before this one."""
    return _beside(visit, backwards=True)


def second(visit: Visit) -> Response:
    """The second person's word on what waits for it."""
    given, stores = visit.form, visit.site.stores
    open_case = _open(visit)
    verdict = _whole(given.get("verdict", ""))
    waits = _waits(visit, open_case, verdicts.standing(stores, open_case.period, open_case.line.case_id))
    if waits is None or waits.id != verdict:
        return _page(visit, 409, said="second.superseded")
    stale = facts_shown.changed(given.get("shown", ""), open_case.shown)
    if stale:
        return _page(visit, 409, stale=stale)
    try:
        if given.get("act") == "confirm":
            outcome = verdicts.confirm(
                stores,
                visit.actor,
                verdict,
                key=visit.form_key,
                reason=given.get("reason", ""),
                shared=open_case.case.shared_keys,
            )
        else:
            outcome = verdicts.reject(stores, visit.actor, verdict, key=visit.form_key, reason=given.get("reason", ""))
    except WordsRefused as error:
        return _page(visit, 422, words=str(error))
    if not outcome.is_written:
        return _page(visit, 409, words=_refusal(visit, outcome))
    return visit.redirect("/second", said="confirmed" if given.get("act") == "confirm" else "rejected")


def undo(visit: Visit) -> Response:
    """Take back the verdict on this case, which is the visitor's own, or for an approver another's."""
    open_case, filters = _open(visit), Filters.of(visit.form).given()
    verdict = _whole(visit.form.get("verdict", ""))
    last = visit.site.last_answers.get(visit.actor.username, [])
    last[:] = [each for each in last if each.verdict != verdict]
    standing = verdicts.standing(visit.site.stores, open_case.period, open_case.line.case_id)
    if standing.verdict is None or standing.verdict.id != verdict or not _is_about(visit, open_case, verdict):
        return _page(visit, 409, said="second.superseded")
    outcome = verdicts.undo(visit.site.stores, visit.actor, verdict, key=visit.form_key)
    if not outcome.is_written:
        return _page(visit, 409, words=_refusal(visit, outcome))
    said = "undone" if outcome.state is State.DONE else "waits"
    return visit.redirect(_base(open_case), said=said, **filters)


def asked(visit: Visit) -> tuple[str, int]:
    """Period and number of the case that a path names."""
    found = _open(visit)
    return found.period, found.line.case_id


@dataclass(frozen=True)
class _Open:
    """The case that a request names, as it is now."""

    queue: Queue
    line: Line
    case: Case
    shown: Mapping[str, str]
    is_blind: bool

    @property
    def period(self) -> str:
        return self.case.period

    @cached_property
    def fingerprint(self) -> str:
        """Of the facts."""
        return facts_shown.fingerprint(self.shown)


def _is_about(visit: Visit, open_case: _Open, verdict: int) -> bool:
    """Whether a verdict that bears the case's number answers what the case asks now."""
    return casefile.is_about(open_case.case, verdicts.judgements_of(visit.site.stores, verdict))


def _waits(visit: Visit, open_case: _Open, standing: Standing) -> Written | None:
    """What waits for a second person about what the case asks now; an answer to other facts is asked for anew."""
    waits = standing.waits
    if waits is None or (waits.act == "give" and waits.fingerprint != open_case.fingerprint):
        return None
    return waits if _is_about(visit, open_case, waits.concerns or waits.id) else None


def _line(visit: Visit) -> Line | None:
    book = visit.site.shelf.shown().book
    asked = visit.request.path_params
    return book.by_id.get(asked["case_id"]) if asked["period"] == str(book.period) else None


def _open(visit: Visit) -> _Open:
    """The case that the path names, or the two children or the two parts of one that it names."""
    shown, asked = visit.site.shelf.shown(), visit.request.path_params
    shown.queue.refresh()
    if "case_id" in asked:
        case = shown.book.case(asked["case_id"])
    elif "link" in asked:
        case = links.drawn(visit)
    else:
        case = parts.parted(visit) if "part" in asked else children.compared(visit)
    is_blind = visit.request.url.path.startswith("/quality/")
    return _Open(shown.queue, case.line, case, visit.site.seal.shown(case), is_blind)


def _keep(visit: Visit, open_case: _Open, file: CaseFile, reason: str) -> Response:
    book, given = open_case.queue.casebook, visit.form
    judged = casefile.judgements(open_case.case, file.answered)
    if casefile.unkept(open_case.case, file.answered, judged):
        return _page(visit, 409, said="case.unanswerable")
    if open_case.line.kind == comparison.VERIFIED:
        return _verified(visit, open_case, judged[0], reason)
    _remember(visit, open_case)
    said = {each.answer for each in file.answered}
    word: verdicts.Answer = said.pop() if len(said) == 1 else "MIXED"
    last_act = _whole(given.get("last_act", ""))
    case = verdicts.Case(
        open_case.period, open_case.line.case_id, open_case.fingerprint, last_act, begun_at=open_case.queue.begun_at
    )
    try:
        outcome = verdicts.give(
            visit.site.stores,
            visit.actor,
            case,
            judged,
            key=visit.form_key,
            model_version=book.model_version,
            reason=reason,
            second_because=casefile.second_because(open_case.case, file.answered),
            is_blind=open_case.is_blind,
            looked_at=casefile.keys(open_case.case),
            shared=open_case.case.shared_keys,
            answer=word,
        )
    except WordsRefused as error:
        return _page(visit, 422, words=str(error))
    if not outcome.is_written and open_case.is_blind:
        return _page(visit, 409, said="quality.not_asked")
    if not outcome.is_written or outcome.verdict_id is None:
        return _page(visit, 409, words=_refusal(visit, outcome))
    if open_case.is_blind:
        return quality.after(visit, open_case.period, open_case.line.case_id)
    if not outcome.is_repeat:
        given_now = LastAnswer(outcome.verdict_id, _base(open_case))
        visit.site.last_answers.setdefault(visit.actor.username, []).append(given_now)
    how = "saved" if outcome.state is State.DONE else "waits"
    return to_next(visit, Filters.of(given), open_case.line.case_id, said=f"{how}.{word}")


def _remember(visit: Visit, open_case: _Open) -> None:
    """Keep which two children a case is about that nobody but this visitor asks."""
    if open_case.line.kind == comparison.ASKED:
        comparisons.keep(visit.site.stores, visit.actor, _made(open_case))


def _verified(visit: Visit, open_case: _Open, judged: Judged, reason: str) -> Response:
    """What somebody says of a link that the machine made by itself."""
    try:
        is_kept = links.keep(visit, open_case.line.case_id, judged, reason)
    except WordsRefused as error:
        return _page(visit, 422, words=str(error))
    return visit.redirect("/quality/links", said="blind") if is_kept else _page(visit, 409, said="quality.not_asked")


def _refusal(visit: Visit, outcome: Outcome) -> str:
    """Why nothing was kept, and what to do."""
    words = visit.words
    if outcome.state is State.CLAIMED and outcome.claim:
        return words(
            "case.claimed_by", steward=outcome.claim.steward, until=f"{clock.local(outcome.claim.until):%H:%M}"
        )
    if outcome.state is State.ANSWERED and outcome.standing and outcome.standing.verdict:
        return words("case.taken", steward=outcome.standing.verdict.steward)
    if outcome.state is State.CONTRADICTS:
        who = {step.steward for each in outcome.contradictions for step in (each.different, *each.same) if step.steward}
        return words("case.contradiction", stewards=words.listed(sorted(who)))
    return words("second.not_another" if outcome.state is State.NOT_ANOTHER else "second.superseded")


def _noted(visit: Visit, kind: case_notes.Kind, said: str) -> Response:
    open_case = _open(visit)
    _remember(visit, open_case)
    try:
        case_notes.add(
            visit.site.stores, visit.actor, open_case.period, open_case.line.case_id, kind, visit.form.get("words", "")
        )
    except WordsRefused as error:
        return _page(visit, 422, words=str(error))
    return visit.redirect(_base(open_case), said=said, **Filters.of(visit.form).given())


def _beside(visit: Visit, *, backwards: bool) -> Response:
    open_case, wanted = _open(visit), Filters.of(visit.request.query_params)
    lines: Iterator[Line] = open_case.queue.after(visit.actor, wanted, open_case.line.case_id, backwards=backwards)
    found = next(lines, None)
    path = "/cases" if found is None else f"/cases/{open_case.period}/{found.case_id}"
    return visit.redirect(path, **wanted.given())


def _whole(text: str) -> int:
    """A number that a form carries; 0 where it is none."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _awaits(visit: Visit, open_case: _Open) -> bool:
    """Whether what is asked blind is asked of this visitor."""
    asks = links.awaits if open_case.line.kind == comparison.VERIFIED else quality.awaits
    return asks(visit, open_case.line.case_id)


def _is_of_people(line: Line) -> bool:
    return line.kind in comparison.OF_PEOPLE


def _base(open_case: _Open) -> str:
    if _is_of_people(open_case.line):
        return comparison.path(_made(open_case))
    if open_case.line.kind == comparison.VERIFIED:
        return f"/quality/links/{open_case.period}/{open_case.line.case_id}"
    return f"/{'quality' if open_case.is_blind else 'cases'}/{open_case.period}/{open_case.line.case_id}"


def _made(open_case: _Open) -> Comparison:
    """What a case that a person made is about."""
    case, pair = open_case.case, open_case.case.pairs[0]
    one, other = (case.cluster(pair[f"{side}_cluster"])[0]["child_id"] for side in ("left", "right"))
    return Comparison(open_case.line.case_id, one, None if open_case.line.kind == comparison.PARTED else other)


def _subject(open_case: _Open) -> str:
    """The case, as the audit names it."""
    return f"case {open_case.period}/{open_case.line.case_id}"


def _children(visit: Visit, open_case: _Open) -> dict[str, object]:
    """Whose records the case's page shows, as the audit may know it."""
    found = {row["child_id"] for row in open_case.case.entries if row["child_id"]}
    return {"children": [hashed.child(visit.site.key, child) for child in sorted(found)]}


def _waited(visit: Visit, open_case: _Open) -> str:
    """How long the case has waited, and how long there is to decide it."""
    left = open_case.queue.days_left()
    days = open_case.queue.days_waited(open_case.line.case_id)
    return visit.words("queue.left" if left >= 0 else "queue.left_since", days=days, left=abs(left))


def _leave(visit: Visit, open_case: _Open) -> Grant | None:
    """The grant by which the visitor sees the case's identifiers now, once the audit knows."""
    codes: Collection[str | None] = open_case.line.counties
    if not codes:
        shown = {row["child_id"] for row in open_case.case.entries if row["child_id"]}
        codes = [code for child in sorted(shown) for code in children.counties(visit, child) or ()]
    found = granted.opens(visit.site.stores, visit.actor, codes, visit.site.jurisdiction)
    if found is not None:
        told = {"grant": found.id, **_children(visit, open_case)}
        name = visit.actor.username
        audit.note(visit.site.stores, name, "identifier read", _subject(open_case), field="all", detail=told)
    return found


def grant_words(visit: Visit, leave: Grant | None) -> str:
    """What a page says of the grant that opens its identifiers; nothing without one."""
    if leave is None or leave.until is None:
        return ""
    return visit.words("grants.in_force", until=f"{clock.local(leave.until):%m-%d %H:%M}")


def _reveal_key(visit: Visit, open_case: _Open) -> str:
    session = visit.who.session.token_hash if visit.who else ""
    return f"{session}/{open_case.line.case_id}/{open_case.fingerprint}"


def _page(
    visit: Visit,
    status: int = 200,
    *,
    stale: Sequence[str] = (),
    said: str | None = None,
    words: str | None = None,
    so_far: str = "",
    because: str = "",
) -> Response:
    """Render the case as it is now; ``stale``: facts that changed under the steward's answer."""
    open_case = _open(visit)
    t, line, queue = visit.words, open_case.line, open_case.queue
    stores = visit.site.stores
    leave = _leave(visit, open_case)
    revealed = _MASKED if leave else visit.site.revealed.of(_reveal_key(visit, open_case))
    file = casefile.assemble(queue.casebook, open_case.case, so_far, revealed)
    standing = verdicts.standing(stores, open_case.period, line.case_id)
    is_blind = open_case.is_blind
    if is_blind:
        is_open = _awaits(visit, open_case)
    elif _is_of_people(line):
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
    history = [] if is_blind else _history(visit, open_case)
    error = t(said) if said else words
    return visit.page(
        "case",
        status,
        file=file,
        number=number(line.case_id),
        base=_base(open_case),
        query=f"?{urlencode(filters.given())}" if filters.given() else "",
        filters=filters,
        packed=facts_shown.pack(open_case.shown),
        last_act=standing.last_act,
        so_far=so_far,
        because=because,
        form_key=new_form_key,
        is_asked=is_blind or _is_of_people(line),
        open_left=queue.open_left(visit.actor),
        why=why(visit, line),
        where=places(queue, line),
        waited="" if is_blind or _is_of_people(line) else _waited(visit, open_case),
        children=len({row["child_id"] for row in open_case.case.entries}),
        error=error,
        changes=t.listed(_fact_words(visit, name) for name in stale),
        claimed=t("case.claimed_by", steward=claim.steward, until=f"{clock.local(claim.until):%H:%M}")
        if claim is not None and held_by_other
        else "",
        may_answer=is_open and may_answer(visit) and not held_by_other,
        revealed=revealed,
        leave=grant_words(visit, leave),
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


_MASKED = frozenset(name for name, fact in facts().items() if fact.mask is not None)
OWN_COLUMNS = frozenset(column for fact in facts().values() if len(fact.columns) > 1 for column in fact.columns)
"""Columns that say which of several a value is: the father's name, the mother's."""


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


def _second_form(visit: Visit, open_case: _Open, standing: Standing) -> Mapping[str, object] | None:
    waits = _waits(visit, open_case, standing)
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


def _undo_form(visit: Visit, open_case: _Open, standing: Standing) -> LastAnswer | None:
    """What may be taken back here: this case's verdict where it holds, else what the visitor answered last."""
    given = standing.verdict
    is_ones_to_undo = given is not None and (given.steward == visit.actor.username or _approves(visit))
    if given and is_ones_to_undo and standing.state != "open" and _is_about(visit, open_case, given.id):
        return LastAnswer(given.id, _base(open_case))
    last = visit.site.last_answers.get(visit.actor.username)
    return last[-1] if last else None


def _approves(visit: Visit) -> bool:
    return "approver" in visit.actor.roles


def _history(visit: Visit, open_case: _Open) -> list[str]:
    """What people did with the case, oldest first."""
    t, stores, line = visit.words, visit.site.stores, open_case.line
    told: list[Written | Note] = [
        *verdicts.of_case(stores, open_case.period, line.case_id),
        *case_notes.of_case(stores, open_case.period, line.case_id),
    ]
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
