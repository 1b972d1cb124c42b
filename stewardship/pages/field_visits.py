"""Visits to children: which are due, and recording one, which is shown at once and counts from the next run."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import duckdb
from starlette.responses import Response

from stewardship import field_visit
from stewardship.access import hashed
from stewardship.casebook import Row, rows_of, sql
from stewardship.doors import Door
from stewardship.listing import Described
from stewardship.pages import entrusted, ledger
from stewardship.visit import Visit, new_form_key
from warehouse import child_ids, clock
from warehouse.stores import audit, visits
from warehouse.stores.free_text import WordsRefused
from warehouse.stores.visits import VisitFault

_DUE = Described(
    states=("overdue", "due", "upcoming", "later", "recorded"),
    facets={"county": "[county]", "township": "[township]", "group": "groups", "age": "[age]"},
    order="next_on nulls last, township nulls last, name, child_id",
)


def doors() -> list[Door]:
    """The routes of this module."""
    one = "/children/{child_id}/visits"
    return [
        Door("visits", "/visits", show),
        Door("record_visit", f"{one}/new", ask, counties=counties),
        Door("record_visit", one, record, "POST", counties),
        Door("withdraw_visit", f"{one}/{{visit_id:number}}/withdraw", withdraw, "POST", ledger.counties),
    ]


def counties(visit: Visit) -> Collection[str] | None:
    """In whose care the child is; for people of an entrusted organisation, only children that they look after today."""
    if visit.actor.is_entrusted and visit.request.path_params["child_id"] not in entrusted.looked_after(visit):
        return None
    return ledger.counties(visit)


def show(visit: Visit) -> Response:
    """Children of the visitor's counties whose visit or contact is due, the longest overdue first."""
    shown = visit.site.shelf.shown()
    con = shown.cursor()
    try:
        con.execute(sql("visits_due"), {**ledger.within(visit), **_seen(visit, con)})
        found, state, wanted = ledger.listed(visit, con, _DUE)
    finally:
        con.close()
    return visit.page("visits", **ledger.shared(visit, shown, found, state, wanted, "field_visit"))


def ask(visit: Visit) -> Response:
    """The empty form."""
    return _page(visit, 200, {"visited_on": clock.today().isoformat()}, {}, new_form_key())


def record(visit: Visit) -> Response:
    """Keep the visit; what is wrong is said beside its field, and everything typed stays."""
    shown, child = visit.site.shelf.shown(), _child(visit)
    told, faults = field_visit.read(visit.form, today=clock.today(), born_on=child["born_on"], lives=child["lives"])
    if faults:
        return _page(visit, 422, visit.form, faults, visit.form_key)
    token = hashed.child(visit.site.key, child["child_id"])
    visits.record(
        visit.site.stores, visit.actor, visit.form_key, str(shown.book.period), child["child_id"], told, token=token
    )
    page = "/entrusted" if visit.actor.is_entrusted else f"/children/{visit.request.path_params['child_id']}"
    return visit.redirect(page, said="visit")


def withdraw(visit: Visit) -> Response:
    """Take back a visit that was none, or another child's."""
    asked = visit.request.path_params
    con = visit.site.shelf.shown().cursor()
    try:
        ids = child_ids.of_child(con, asked["child_id"])
    finally:
        con.close()
    token = hashed.child(visit.site.key, ids[0])
    try:
        reason = visit.form.get("reason", "")
        visits.withdraw(visit.site.stores, visit.actor, asked["visit_id"], ids, reason, token=token)
    except (VisitFault, WordsRefused) as error:
        return visit.page(
            "message", 422, heading=visit.words("field_visit.not_withdrawn"), words=visit.words.own(str(error))
        )
    return visit.redirect(f"/children/{asked['child_id']}", said="withdrawn")


def recorded(visit: Visit, ids: Sequence[str], told: Sequence[Row]) -> list[Mapping[str, object]]:
    """Visits of a child that people recorded, for its page; ``told``: those that the run knows, whose row says so."""
    known = {str(row["entry"]) for row in told}
    is_approver = "approver" in visit.actor.roles
    return [
        {
            "visit": each,
            "may_withdraw": not each.is_withdrawn and (is_approver or each.recorded_by == visit.actor.username),
            "counts": f"recorded_visit/{each.id}" in known,
        }
        for each in visits.of_child(visit.site.stores, ids)
    ]


def _seen(visit: Visit, con: duckdb.DuckDBPyConnection) -> Mapping[str, object]:
    """Visits that the run doesn't know, under the id that the child has today."""
    shown = visit.site.shelf.shown()
    now = child_ids.redirects(con)
    found = visits.since(visit.site.stores, shown.book.period.as_of, shown.queue.begun_at)
    return {
        "seen_child": [now.get(child_id, child_id) for child_id, _, _ in found],
        "seen_kind": [kind for _, kind, _ in found],
        "seen_on": [day for _, _, day in found],
    }


def _child(visit: Visit) -> Row:
    """Who is visited: name, birth, and where the child is known to live."""
    shown = visit.site.shelf.shown()
    con = shown.cursor()
    try:
        child_id = child_ids.today(con, visit.request.path_params["child_id"])
        (found,) = rows_of(con, sql("visited_child"), {"child_id": child_id})
    finally:
        con.close()
    lives = found["township"] or found["county"]
    return {**found, "lives": lives, "place": shown.places.full(lives) if lives else ""}


def _townships(visit: Visit, county: str | None) -> Mapping[str, str]:
    """Codes and names of a county's townships, to choose from."""
    known = visit.site.shelf.shown().places.townships
    return {code: known[code] for code in sorted(known) if county and code.startswith(county)}


def _page(visit: Visit, status: int, given: Mapping[str, str], faults: Mapping[str, str], form_key: str) -> Response:
    child = _child(visit)
    audit.note(visit.site.stores, visit.actor.username, "visit form", hashed.child(visit.site.key, child["child_id"]))
    return visit.page(
        "visit_form",
        status,
        child=child,
        groups=field_visit.GROUPS,
        townships=_townships(visit, child["county"]),
        given=given,
        faults=faults,
        form_key=form_key,
        today=date.isoformat(clock.today()),
    )
