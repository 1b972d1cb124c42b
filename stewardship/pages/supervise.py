"""For the supervisor: who works on what, what was flagged, how far the work is; handing a case over."""

from __future__ import annotations

from collections import Counter

from starlette.responses import Response

from policy import divisions
from stewardship import clock
from stewardship.access import scope
from stewardship.doors import Door, not_found
from stewardship.pages import case, children, parts
from stewardship.pages.queue import number
from stewardship.queue import Filters
from stewardship.visit import Visit
from warehouse.stores import accounts, case_notes, claims, verdicts
from warehouse.stores.free_text import WordsRefused


def doors() -> list[Door]:
    """The routes of this module."""
    one = "/cases/{period}/{case_id:number}"
    return [
        Door("supervise", "/supervise", show),
        Door("hand_over", f"{one}/hand-over", hand_over, "POST", case.counties),
        Door("hand_over", f"{one}/unflag", unflag, "POST", case.counties),
        Door("hand_over", f"{case.OF_TWO}/unflag", unflag, "POST", children.counties_of_two),
        Door("hand_over", f"{case.OF_PARTS}/unflag", unflag, "POST", parts.counties_of_part),
    ]


def show(visit: Visit) -> Response:
    """The work of the visitor's counties."""
    return _page(visit)


def hand_over(visit: Visit) -> Response:
    """Give a case to a steward who may see it."""
    to = accounts.get(visit.site.stores, visit.form.get("to", ""))
    counties = case.counties(visit)
    if to is None or counties is None or "steward" not in to.roles or not to.is_in_force(clock.today()):
        return not_found(visit)
    if not scope.sees(to.actor, counties, visit.site.jurisdiction):
        return not_found(visit)
    asked = visit.request.path_params
    claims.hand_over(visit.site.stores, visit.actor, asked["period"], asked["case_id"], to.username)
    return visit.redirect("/supervise", said="handed")


def unflag(visit: Visit) -> Response:
    """Settle a flag, with what was found."""
    period, case_id = case.asked(visit)
    try:
        words = visit.form.get("words", "")
        case_notes.add(visit.site.stores, visit.actor, period, case_id, "unflag", words)
    except WordsRefused as error:
        return _page(visit, 422, str(error))
    return visit.redirect("/supervise", said="unflagged")


def _page(visit: Visit, status: int = 200, error: str = "") -> Response:
    queue, stores = visit.site.shelf.shown().queue, visit.site.stores
    queue.refresh()
    period, as_of = str(queue.casebook.period), queue.casebook.period.as_of
    given = [each.verdict for each in verdicts.standings(stores, period) if queue.sees(visit.actor, each.case_id)]
    decided = Counter(each.steward for each in given if each)
    decided_today = Counter(each.steward for each in given if each and clock.local(each.at).date() == clock.today())
    claimed = [claim for claim in queue.claims().values() if queue.sees(visit.actor, claim.case_id)]
    by_county = Counter(
        code
        for line in queue.lines(visit.actor, Filters())
        for code in line.counties
        if scope.covers(visit.actor, code)
    )
    stewards = [
        account.username
        for account in accounts.read(stores)
        if "steward" in account.roles
        and account.is_in_force(clock.today())
        and scope.sees(visit.actor, account.counties, "")
    ]
    asks = queue.flagged()
    of_people = children.compared_by_people(visit, [case_id for case_id in asks if case_id < 0])
    flagged = [
        {
            "case_id": case_id,
            "href": of_people[case_id]["href"] if case_id < 0 else f"/cases/{period}/{case_id}",
            "notes": [each for each in case_notes.of_case(stores, period, case_id) if each.kind == "flag"],
        }
        for case_id in sorted(asks)
        if case_id in of_people or queue.sees(visit.actor, case_id)
    ]
    return visit.page(
        "supervise",
        status,
        period=period,
        people=[
            {
                "username": each,
                "decided": decided[each],
                "today": decided_today[each],
                "claims": sum(claim.steward == each for claim in claimed),
            }
            for each in stewards
        ],
        claimed=claimed,
        flagged=flagged,
        by_county=[(divisions.load().name(code, as_of), many) for code, many in by_county.most_common(30)],
        stewards=stewards,
        number=number,
        error=error,
    )
