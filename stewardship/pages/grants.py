"""Leave to see full identifiers for a time: asked for by one person, given by another, and every use in the audit."""

from __future__ import annotations

from starlette.responses import Response

from policy import divisions
from stewardship.access import scope
from stewardship.doors import Door, not_found
from stewardship.visit import Visit
from warehouse import clock
from warehouse.stores import grants
from warehouse.stores.engine import now
from warehouse.stores.free_text import WordsRefused
from warehouse.stores.grants import Grant, GrantFault

HOURS = (1, 4, 8, 24, 72, 168)


def doors() -> list[Door]:
    """The routes of this module."""
    return [
        Door("grants", "/grants", show),
        Door("grant_ask", "/grants", ask, "POST"),
        Door("grant_answer", "/grants/{grant:number}", answer, "POST"),
    ]


def show(visit: Visit) -> Response:
    """The visitor's grants, and for an approver what others ask for of their counties."""
    return _page(visit)


def ask(visit: Visit) -> Response:
    """Ask for leave: of counties of one's own, for so many hours, for a purpose."""
    given = visit.form
    county, hours = given.get("county", ""), given.get("hours", "")
    if county not in visit.actor.counties or hours not in map(str, HOURS):
        return not_found(visit)
    try:
        grants.request(visit.site.stores, visit.actor, (county,), int(hours) * 60, given.get("purpose", ""))
    except WordsRefused as error:
        return _page(visit, 422, visit.words.own(str(error)))
    return visit.redirect("/grants", said="asked")


def answer(visit: Visit) -> Response:
    """Give leave, or refuse it, with a reason. Its time runs from now."""
    number = visit.request.path_params["grant"]
    if number not in {each.id for each in _open(visit)} or visit.form.get("act") not in ("approve", "refuse"):
        return not_found(visit)
    try:
        is_given = visit.form["act"] == "approve"
        grants.answer(visit.site.stores, visit.actor, number, approve=is_given, reason=visit.form.get("reason", ""))
    except WordsRefused as error:
        return _page(visit, 422, visit.words.own(str(error)))
    except GrantFault as error:
        return _page(visit, 409, visit.words.own(str(error)))
    return visit.redirect("/grants", said="answered")


def _open(visit: Visit) -> list[Grant]:
    """What others ask for that this visitor may answer: all of its counties are theirs."""
    if "approver" not in visit.actor.roles:
        return []
    asked = grants.read(visit.site.stores, open_only=True)
    return [each for each in asked if all(scope.covers(visit.actor, code) for code in each.counties)]


def _page(visit: Visit, status: int = 200, error: str = "") -> Response:
    own = [each for each in grants.read(visit.site.stores) if each.username == visit.actor.username]
    return visit.page(
        "grants",
        status,
        own=[(each, _state(each)) for each in own],
        asked=_open(visit),
        counties=visit.actor.counties,
        hours=HOURS,
        places=lambda codes: [divisions.load().name(code, clock.today()) for code in codes],
        purpose=visit.form.get("purpose", ""),
        local=lambda at: f"{clock.local(at):%Y-%m-%d %H:%M}" if at else "",
        error=error,
    )


def _state(grant: Grant) -> str:
    if grant.is_approved is None:
        return "waits"
    if not grant.is_approved:
        return "refused"
    return "holds" if grant.holds(now()) else "over"
