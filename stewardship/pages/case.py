"""One case: its addresses, and every act on it."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.responses import Response

from stewardship import casefile, comparison, facts_shown
from stewardship.casebook import Line
from stewardship.casefile import CaseFile
from stewardship.doors import Counties, Door, not_found
from stewardship.evidence import facts
from stewardship.pages import children, links, opened, parts, quality
from stewardship.pages.case_page import page
from stewardship.pages.opened import OpenCase
from stewardship.pages.queue import may_answer, to_next
from stewardship.questions import LETTER_OF, AnswersMisread
from stewardship.queue import Filters
from stewardship.visit import LastAnswer, Visit
from warehouse import clock
from warehouse.stores import audit, case_notes, claims, comparisons, free_text, verdicts
from warehouse.stores.consistency import Judged
from warehouse.stores.free_text import WordsRefused
from warehouse.stores.verdicts import Outcome, State

_ONE = "/cases/{period}/{case_id:number}"
OF_TWO = "/children/{one}/with/{other}"
OF_PARTS = "/children/{child_id}/parts/{part:number}"
OF_LINK = "/quality/links/{period}/{link:number}"
_BLIND = "/quality/{period}/{case_id:number}"


def doors() -> list[Door]:
    """The routes of this module."""
    return [
        Door("case", _ONE, show, counties=opened.counties),
        Door("verdict", f"{_ONE}/answer", answer, "POST", opened.counties),
        Door("reveal", f"{_ONE}/reveal", reveal, "POST", opened.counties),
        Door("claim", f"{_ONE}/skip", skip, "POST", opened.counties),
        Door("note", f"{_ONE}/note", note, "POST", opened.counties),
        Door("note", f"{_ONE}/flag", flag, "POST", opened.counties),
        Door("case", f"{_ONE}/next", following, counties=opened.counties),
        Door("case", f"{_ONE}/previous", preceding, counties=opened.counties),
        Door("second", f"{_ONE}/second", second, "POST", opened.counties),
        Door("undo", f"{_ONE}/undo", undo, "POST", opened.counties),
        Door("blind", _BLIND, show, counties=opened.counties),
        Door("blind", f"{_BLIND}/answer", answer, "POST", opened.counties),
        Door("blind", f"{_BLIND}/reveal", reveal, "POST", opened.counties),
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


def show(visit: Visit) -> Response:
    """The case's page, once the audit knows whose records it shows. A steward who opens an open case claims it."""
    open_case = opened.named(visit)
    audit.note(
        visit.site.stores,
        visit.actor.username,
        "case read",
        opened.subject(open_case),
        detail=opened.shown_children(visit, open_case),
    )
    visit.site.opened.add(visit.actor.username, open_case.line.case_id, open_case.fingerprint)
    return page(visit, open_case=open_case)


def answer(visit: Visit) -> Response:
    """Take the answer to the question in front; with the last one the case's verdict is kept."""
    open_case = opened.named(visit)
    said = visit.form.get("answer", "")
    if said not in LETTER_OF or not may_answer(visit):
        return not_found(visit)
    if open_case.is_blind and not opened.awaits(visit, open_case):
        return page(visit, 409, said="quality.not_asked")
    stale = facts_shown.changed(visit.form.get("shown", ""), open_case.shown)
    if stale:
        return page(visit, 409, stale=stale)
    reasons = [words for words in (visit.form.get("because", ""), visit.form.get("reason", "").strip()) if words]
    if said == "UNSURE" and not visit.form.get("reason", "").strip():
        return page(visit, 422, said="case.reason_needed")
    try:
        so_far = visit.form.get("so_far", "") + LETTER_OF[said]
        file = casefile.assemble(open_case.queue.casebook, open_case.case, so_far)
    except AnswersMisread:
        return page(visit, 409, stale=["questions"])
    if not file.is_complete:
        return page(visit, so_far=so_far, because="；".join(reasons))
    return _keep(visit, open_case, file, "；".join(reasons))


def reveal(visit: Visit) -> Response:
    """Show one field of this case unmasked, once the audit knows why."""
    open_case = opened.named(visit)
    fact = visit.form.get("fact", "")
    if fact not in facts() or facts()[fact].mask is None:
        return not_found(visit)
    try:
        casefile.assemble(open_case.queue.casebook, open_case.case, visit.form.get("so_far", ""))
        reason = free_text.checked(visit.form.get("reason", ""), "reason")
    except AnswersMisread:
        return page(visit, 409, stale=["questions"])
    except WordsRefused as error:
        return page(visit, 422, words=visit.words.own(str(error)))
    told = {"reason": reason, **opened.shown_children(visit, open_case)}
    audit.note(
        visit.site.stores, visit.actor.username, "identifier read", opened.subject(open_case), field=fact, detail=told
    )
    visit.site.revealed.add(opened.reveal_key(visit, open_case), fact)
    return page(visit, so_far=visit.form.get("so_far", ""), because=visit.form.get("because", ""))


def skip(visit: Visit) -> Response:
    """Leave the case to others and go to the next."""
    open_case = opened.named(visit)
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
    open_case = opened.named(visit)
    verdict = _whole(given.get("verdict", ""))
    waits = opened.waiting(visit, open_case, verdicts.standing(stores, open_case.period, open_case.line.case_id))
    if waits is None or waits.id != verdict:
        return page(visit, 409, said="second.superseded")
    stale = facts_shown.changed(given.get("shown", ""), open_case.shown)
    if stale:
        return page(visit, 409, stale=stale)
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
        return page(visit, 422, words=visit.words.own(str(error)))
    if not outcome.is_written:
        return page(visit, 409, words=_refusal(visit, outcome))
    return visit.redirect("/second", said="confirmed" if given.get("act") == "confirm" else "rejected")


def undo(visit: Visit) -> Response:
    """Take back the verdict on this case, which is the visitor's own, or for an approver another's."""
    open_case, filters = opened.named(visit), Filters.of(visit.form).given()
    verdict = _whole(visit.form.get("verdict", ""))
    last = visit.site.last_answers.get(visit.actor.username, [])
    last[:] = [each for each in last if each.verdict != verdict]
    standing = verdicts.standing(visit.site.stores, open_case.period, open_case.line.case_id)
    if standing.verdict is None or standing.verdict.id != verdict or not opened.is_about(visit, open_case, verdict):
        return page(visit, 409, said="second.superseded")
    outcome = verdicts.undo(visit.site.stores, visit.actor, verdict, key=visit.form_key)
    if not outcome.is_written:
        return page(visit, 409, words=_refusal(visit, outcome))
    said = "undone" if outcome.state is State.DONE else "waits"
    return visit.redirect(opened.path(open_case), said=said, **filters)


def _keep(visit: Visit, open_case: OpenCase, file: CaseFile, reason: str) -> Response:
    book, given = open_case.queue.casebook, visit.form
    judged = casefile.judgements(open_case.case, file.answered)
    if casefile.unkept(open_case.case, file.answered, judged):
        return page(visit, 409, said="case.unanswerable")
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
        return page(visit, 422, words=visit.words.own(str(error)))
    if not outcome.is_written and open_case.is_blind:
        return page(visit, 409, said="quality.not_asked")
    if not outcome.is_written or outcome.verdict_id is None:
        return page(visit, 409, words=_refusal(visit, outcome))
    if open_case.is_blind:
        return quality.after(visit, open_case.period, open_case.line.case_id)
    if not outcome.is_repeat:
        given_now = LastAnswer(outcome.verdict_id, opened.path(open_case))
        visit.site.last_answers.setdefault(visit.actor.username, []).append(given_now)
    how = "saved" if outcome.state is State.DONE else "waits"
    return to_next(visit, Filters.of(given), open_case.line.case_id, said=f"{how}.{word}")


def _remember(visit: Visit, open_case: OpenCase) -> None:
    """Keep which two children a case is about that nobody but this visitor asks."""
    if open_case.line.kind == comparison.ASKED:
        comparisons.keep(visit.site.stores, visit.actor, opened.of_two(open_case))


def _verified(visit: Visit, open_case: OpenCase, judged: Judged, reason: str) -> Response:
    """What somebody says of a link that the machine made by itself."""
    try:
        is_kept = links.keep(visit, open_case.line.case_id, judged, reason)
    except WordsRefused as error:
        return page(visit, 422, words=visit.words.own(str(error)))
    return visit.redirect("/quality/links", said="blind") if is_kept else page(visit, 409, said="quality.not_asked")


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
    open_case = opened.named(visit)
    _remember(visit, open_case)
    try:
        case_notes.add(
            visit.site.stores, visit.actor, open_case.period, open_case.line.case_id, kind, visit.form.get("words", "")
        )
    except WordsRefused as error:
        return page(visit, 422, words=visit.words.own(str(error)))
    return visit.redirect(opened.path(open_case), said=said, **Filters.of(visit.form).given())


def _beside(visit: Visit, *, backwards: bool) -> Response:
    open_case, wanted = opened.named(visit), Filters.of(visit.request.query_params)
    lines: Iterator[Line] = open_case.queue.after(visit.actor, wanted, open_case.line.case_id, backwards=backwards)
    found = next(lines, None)
    path = "/cases" if found is None else f"/cases/{open_case.period}/{found.case_id}"
    return visit.redirect(path, **wanted.given())


def _whole(text: str) -> int:
    """A number that a form carries; 0 where it is none."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0
