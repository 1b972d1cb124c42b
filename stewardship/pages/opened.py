"""The case that a request names: its facts now, its address, who may see what of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from stewardship import casefile, comparison, facts_shown
from stewardship.access import granted, hashed
from stewardship.casebook import Case, Line
from stewardship.pages import children, links, parts, quality
from stewardship.queue import Queue
from stewardship.visit import Visit
from warehouse import clock
from warehouse.stores import audit, verdicts
from warehouse.stores.comparisons import Comparison
from warehouse.stores.grants import Grant
from warehouse.stores.verdicts import Standing, Written


@dataclass(frozen=True)
class OpenCase:
    """The case that a request names, as it is now."""

    queue: Queue
    line: Line
    case: Case
    shown: Mapping[str, str]
    is_blind: bool

    @property
    def period(self) -> str:
        """The half-year it is of."""
        return self.case.period

    @cached_property
    def fingerprint(self) -> str:
        """Of the facts."""
        return facts_shown.fingerprint(self.shown)


def named(visit: Visit) -> OpenCase:
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
    return OpenCase(shown.queue, case.line, case, visit.site.seal.shown(case), is_blind)


def counties(visit: Visit) -> Collection[str] | None:
    """The counties of the case that is asked for; None where there is none."""
    line = _line(visit)
    return None if line is None else line.counties


def _line(visit: Visit) -> Line | None:
    book = visit.site.shelf.shown().book
    asked = visit.request.path_params
    return book.by_id.get(asked["case_id"]) if asked["period"] == str(book.period) else None


def asked(visit: Visit) -> tuple[str, int]:
    """Period and number of the case that a path names."""
    found = named(visit)
    return found.period, found.line.case_id


def is_about(visit: Visit, open_case: OpenCase, verdict: int) -> bool:
    """Whether a verdict that bears the case's number answers what the case asks now."""
    return casefile.is_about(open_case.case, verdicts.judgements_of(visit.site.stores, verdict))


def waiting(visit: Visit, open_case: OpenCase, standing: Standing) -> Written | None:
    """What waits for a second person about what the case asks now; an answer to other facts is asked for anew."""
    waits = standing.waits
    if waits is None or (waits.act == "give" and waits.fingerprint != open_case.fingerprint):
        return None
    return waits if is_about(visit, open_case, waits.concerns or waits.id) else None


def awaits(visit: Visit, open_case: OpenCase) -> bool:
    """Whether what is asked blind is asked of this visitor."""
    asks = links.awaits if open_case.line.kind == comparison.VERIFIED else quality.awaits
    return asks(visit, open_case.line.case_id)


def is_of_people(line: Line) -> bool:
    """Whether people brought its children together, not the machine."""
    return line.kind in comparison.OF_PEOPLE


def path(open_case: OpenCase) -> str:
    """The address of its page."""
    if is_of_people(open_case.line):
        return comparison.path(of_two(open_case))
    if open_case.line.kind == comparison.VERIFIED:
        return f"/quality/links/{open_case.period}/{open_case.line.case_id}"
    return f"/{'quality' if open_case.is_blind else 'cases'}/{open_case.period}/{open_case.line.case_id}"


def of_two(open_case: OpenCase) -> Comparison:
    """What a case that a person made is about."""
    case, pair = open_case.case, open_case.case.pairs[0]
    one, other = (case.cluster(pair[f"{side}_cluster"])[0]["child_id"] for side in ("left", "right"))
    return Comparison(open_case.line.case_id, one, None if open_case.line.kind == comparison.PARTED else other)


def subject(open_case: OpenCase) -> str:
    """The case, as the audit names it."""
    return f"case {open_case.period}/{open_case.line.case_id}"


def shown_children(visit: Visit, open_case: OpenCase) -> dict[str, object]:
    """Whose records the case's page shows, as the audit may know it."""
    found = {row["child_id"] for row in open_case.case.entries if row["child_id"]}
    return {"children": [hashed.child(visit.site.key, child) for child in sorted(found)]}


def places(visit: Visit, open_case: OpenCase) -> Collection[str]:
    """The counties of a case's children."""
    if open_case.line.counties:
        return sorted(open_case.line.counties)
    shown = {row["child_id"] for row in open_case.case.entries if row["child_id"]}
    return sorted({code for child in shown for code in children.counties(visit, child) or ()})


def leave(visit: Visit, open_case: OpenCase) -> Grant | None:
    """The grant by which the visitor sees the case's identifiers now, once the audit knows."""
    found = granted.opens(visit.site.stores, visit.actor, places(visit, open_case), visit.site.jurisdiction)
    if found is not None:
        told = {"grant": found.id, **shown_children(visit, open_case)}
        name = visit.actor.username
        audit.note(visit.site.stores, name, "identifier read", subject(open_case), field="all", detail=told)
    return found


def grant_words(visit: Visit, leave: Grant | None) -> str:
    """What a page says of the grant that opens its identifiers; nothing without one."""
    if leave is None or leave.until is None:
        return ""
    return visit.words("grants.in_force", until=f"{clock.local(leave.until):%m-%d %H:%M}")


def reveal_key(visit: Visit, open_case: OpenCase) -> str:
    """What revealed fields hang on: the session, the case and its facts."""
    session = visit.who.session.token_hash if visit.who else ""
    return f"{session}/{open_case.line.case_id}/{open_case.fingerprint}"
