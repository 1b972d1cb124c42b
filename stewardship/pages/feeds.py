"""For the operator: which deliveries came, where runs stopped, and letting a gate pass with a reason."""

from __future__ import annotations

from starlette.responses import Response

from stewardship.doors import Door, not_found
from stewardship.visit import Visit
from warehouse.stores import acceptances, audit, free_text, periods, receipts, runs
from warehouse.stores.free_text import WordsRefused


def doors() -> list[Door]:
    """The routes of this module."""
    return [Door("feeds", "/feeds", show), Door("accept", "/feeds/accept", accept, "POST")]


def show(visit: Visit) -> Response:
    """Every period that was run, the latest first."""
    return _page(visit)


def accept(visit: Visit) -> Response:
    """Let the gates pass for one delivery as it lies there now; the next run goes on."""
    stores, given = visit.site.stores, visit.form
    period, feed, table = (given.get(name, "") for name in ("period", "feed", "table"))
    lying = {(each.feed, each.table_name): each for each in receipts.latest(stores, period)}
    if (feed, table) not in lying or periods.is_closed(stores, period):
        return not_found(visit)
    try:
        reason = free_text.checked(given.get("reason", ""), "reason")
    except WordsRefused as error:
        return _page(visit, 422, visit.words.own(str(error)))
    told = {"feed": feed, "table": table}
    audit.note(stores, visit.actor.username, "accept", period, detail=told)
    acceptances.accept(
        stores,
        period,
        feed,
        reason,
        table_name=table,
        delivery_sha256=lying[feed, table].sha256,
        by=visit.actor.username,
    )
    return visit.redirect("/feeds", said="accepted")


def _page(visit: Visit, status: int = 200, error: str = "") -> Response:
    stores = visit.site.stores
    release = visit.site.shelf.house.published()
    latest = {run.period: run for run in reversed(runs.read(stores))}
    shown = []
    for period in sorted({*latest, *release.periods}, reverse=True):
        run = latest.get(period)
        stops = (run.summary or {}).get("stops") if run else None
        shown.append(
            {
                "period": period,
                "run": run,
                "stops": stops if isinstance(stops, list) else [],
                "is_closed": periods.is_closed(stores, period),
                "counts": release.periods[period].counts if period in release.periods else None,
                "receipts": receipts.latest(stores, period),
                "accepted": acceptances.read(stores, period),
            }
        )
    return visit.page("feeds", status, periods=shown, release=release.number, error=error)
