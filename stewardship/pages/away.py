"""Out of office: when somebody is away, and who decides their cases meanwhile."""

from __future__ import annotations

from datetime import date

from starlette.responses import Response

from stewardship.access import scope
from stewardship.doors import Door, not_found
from stewardship.visit import Visit
from warehouse import clock
from warehouse.stores import accounts, assignments
from warehouse.stores.accounts import Account
from warehouse.stores.assignments import Absence, AbsenceFault


def doors() -> list[Door]:
    """The routes of this module."""
    return [Door("away", "/away", show), Door("away", "/away", change, "POST")]


def show(visit: Visit) -> Response:
    """Who is away of those whom the visitor may send away: themselves; for an approver, the counties' stewards."""
    return _page(visit)


def change(visit: Visit) -> Response:
    """Keep when somebody is away. Who stands in sees all counties of who is away."""
    given, people = visit.form, stewards(visit)
    away = next((each for each in _may_be_sent(visit) if each.username == given.get("who")), None)
    deputy = next((each for each in people if each.username == given.get("deputy")), None)
    if away is None or (given.get("deputy") and deputy is None):
        return not_found(visit)
    try:
        from_on, until_on = (date.fromisoformat(given.get(name, "")) for name in ("from_on", "until_on"))
    except ValueError:
        return _page(visit, 422, visit.words("away.no_date"))
    if deputy is not None and not all(scope.covers(deputy.actor, code) for code in away.counties):
        return _page(visit, 422, visit.words("away.other_counties"))
    made = Absence(away.username, deputy.username if deputy else None, from_on, until_on)
    try:
        assignments.set_away(visit.site.stores, visit.actor, made)
    except AbsenceFault as refused:
        return _page(visit, 422, visit.words(f"away.{refused.why}"))
    return visit.redirect("/away", said="away")


def stewards(visit: Visit) -> list[Account]:
    """Stewards of the visitor's counties whose accounts are in force."""
    return [
        account
        for account in accounts.read(visit.site.stores)
        if "steward" in account.roles
        and account.is_in_force(clock.today())
        and scope.sees(visit.actor, account.counties, "")
    ]


def _may_be_sent(visit: Visit) -> list[Account]:
    sends_others = "approver" in visit.actor.roles
    return [each for each in stewards(visit) if sends_others or each.username == visit.actor.username]


def _page(visit: Visit, status: int = 200, error: str = "") -> Response:
    people = {each.username: each for each in stewards(visit)}
    known = [
        each
        for each in assignments.absences(visit.site.stores).values()
        if each.username in people and each.until_on >= clock.today()
    ]
    return visit.page(
        "away",
        status,
        known=known,
        who=[each.username for each in _may_be_sent(visit)],
        deputies=list(people),
        given={name: visit.form.get(name, "") for name in ("who", "deputy", "from_on", "until_on")},
        error=error,
    )
