"""For the auditor: who read or changed what, and whether the record is whole."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import Response

from stewardship.doors import Door
from stewardship.visit import Visit
from warehouse import anchors
from warehouse.anchors import AnchorsUnreadable
from warehouse.stores import audit
from warehouse.stores.engine import now

ROWS_A_PAGE = 100
_ALARMS_OF_DAYS = 7


def doors() -> list[Door]:
    """The routes of this module."""
    return [Door("audit", "/audit", show), Door("audit_verify", "/audit/verify", verify, "POST")]


def show(visit: Visit) -> Response:
    """The latest rows that fit. Reading the audit is in the audit."""
    audit.note(visit.site.stores, visit.actor.username, "audit read")
    return _page(visit)


def verify(visit: Visit) -> Response:
    """Walk the whole chain, and hold it against the anchors."""
    audit.note(visit.site.stores, visit.actor.username, "audit verified")
    words = visit.words
    try:
        known = anchors.read(visit.site.shelf.house.home)
    except AnchorsUnreadable as error:
        return _page(visit, words("audit.no_anchors", error=str(error)), 409)
    found = audit.verify(audit.walk(visit.site.stores), known, audit.seals(visit.site.stores))
    if found.breaks:
        return _page(
            visit, words("audit.broken", rows=found.rows, places="、".join(str(b.sequence) for b in found.breaks))
        )
    return _page(visit, words("audit.whole", rows=found.rows))


def _page(visit: Visit, verified: str = "", status: int = 200) -> Response:
    asked = visit.request.query_params
    given = {name: asked.get(name, "").replace("\0", "").strip() for name in ("actor", "act", "subject")}
    before = asked.get("before", "")
    rows = audit.read(
        visit.site.stores,
        actor=given["actor"] or None,
        act=given["act"] or None,
        subject=given["subject"] or None,
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
        last=ROWS_A_PAGE,
    )
    older = rows[-1].sequence if len(rows) == ROWS_A_PAGE else None
    since = now() - timedelta(days=_ALARMS_OF_DAYS)
    alarms = audit.read(visit.site.stores, act="alarm", since=since, last=ROWS_A_PAGE)
    return visit.page("audit", status, rows=rows, given=given, older=older, verified=verified, alarms=len(alarms))
