"""Children entrusted to somebody: all that an entrusted organisation's people see, and how they come to see it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from starlette.responses import Response

from stewardship.access import hashed, scope
from stewardship.casebook import rows_of, sql
from stewardship.doors import Door, not_found
from stewardship.pages import children
from stewardship.visit import Visit
from warehouse import build, child_ids, clock
from warehouse.stores import accounts, audit, entrusted
from warehouse.stores.accounts import Account
from warehouse.stores.entrusted import Entrusted
from warehouse.stores.free_text import WordsRefused


def doors() -> list[Door]:
    """The routes of this module."""
    one = "/children/{child_id}/entrusted"
    return [
        Door("entrusted", "/entrusted", show),
        Door("entrust", one, of_child, counties=counties),
        Door("entrust", one, entrust, "POST", counties),
    ]


def counties(visit: Visit) -> Collection[str] | None:
    """Where the child belongs."""
    return children.counties(visit, visit.request.path_params["child_id"])


def show(visit: Visit) -> Response:
    """The children that the visitor looks after today and where they live, those whose visit is due first."""
    until = looked_after(visit)
    told = {"children": [hashed.child(visit.site.key, child) for child in until]}
    audit.note(visit.site.stores, visit.actor.username, "children read", field="residence_address", detail=told)
    shown = visit.site.shelf.shown()
    query = build.with_lookups(sql("entrusted_child"))
    con = shown.cursor()
    try:
        rows = rows_of(con, query, {"children": list(until)})
    finally:
        con.close()
    for row in rows:
        row["until"] = until[row["child_id"]]
        row["where"] = shown.places.full(row["township"]) if row["township"] else shown.places.listed(row["codes"])
    return visit.page("entrusted", rows=rows)


def looked_after(visit: Visit) -> dict[str, date]:
    """Until when the visitor looks after which children, by the ids that they have today."""
    con = visit.site.shelf.shown().cursor()
    try:
        now = child_ids.redirects(con)
    finally:
        con.close()
    until: dict[str, date] = {}
    for each in entrusted.of(visit.site.stores, visit.actor.username, clock.today()):
        child = now.get(each.child_id, each.child_id)
        until[child] = max(each.until_on, until.get(child, each.until_on))
    return until


def of_child(visit: Visit) -> Response:
    """Who looks after a child, and the form to entrust it."""
    return _page(visit)


def entrust(visit: Visit) -> Response:
    """Entrust a child to a collector of its counties until a day; a day that is past takes it back."""
    child_id, given = visit.request.path_params["child_id"], visit.form
    to = next((each for each in _collectors(visit) if each.username == given.get("to")), None)
    if to is None:
        return not_found(visit)
    try:
        until = date.fromisoformat(given.get("until_on", ""))
    except ValueError:
        return _page(visit, 422, visit.words("entrusted.no_date"))
    theirs = {child_id, *(each.child_id for each in _known(visit) if each.username == to.username)}
    try:
        for each in sorted(theirs):  # what was entrusted before the child was merged into this one ends with it
            made = Entrusted(each, to.username, until, given.get("reason", ""), visit.actor.username)
            entrusted.entrust(visit.site.stores, visit.actor, made, hashed.child(visit.site.key, each))
    except WordsRefused as error:
        return _page(visit, 422, visit.words.own(str(error)))
    return visit.redirect(f"/children/{child_id}/entrusted", said="entrusted")


def _known(visit: Visit) -> list[Entrusted]:
    """Who looks after the child today, under any of its ids."""
    con = visit.site.shelf.shown().cursor()
    try:
        ids = child_ids.of_child(con, visit.request.path_params["child_id"])
    finally:
        con.close()
    return [each for child in ids for each in entrusted.of_child(visit.site.stores, child, clock.today())]


def _collectors(visit: Visit) -> list[Account]:
    """Collectors who may be given the child."""
    codes = counties(visit) or ()
    return [
        each
        for each in accounts.read(visit.site.stores)
        if "collector" in each.roles
        and each.is_in_force(clock.today())
        and scope.sees(each.actor, codes, visit.site.jurisdiction)
    ]


def _page(visit: Visit, status: int = 200, error: str = "") -> Response:
    child_id = visit.request.path_params["child_id"]
    return visit.page(
        "entrust",
        status,
        child_id=child_id,
        known=_known(visit),
        collectors=[each.username for each in _collectors(visit)],
        given={name: visit.form.get(name, "") for name in ("to", "until_on", "reason")},
        error=error,
    )
