"""Automatic links that were drawn: people say blind whether they are right, and what that comes to by band."""

from __future__ import annotations

from collections.abc import Collection

from starlette.responses import Response

from stewardship import comparison, verification
from stewardship.access import scope
from stewardship.casebook import Case, Row
from stewardship.doors import Door
from stewardship.visit import Visit
from warehouse.stores import case_notes, link_checks
from warehouse.stores.consistency import Judged


def doors() -> list[Door]:
    """The routes of this module; the link itself is shown by :mod:`stewardship.pages.case`."""
    return [Door("quality", "/quality/links", show), Door("quality", "/quality/links/next", following, "POST")]


def show(visit: Visit) -> Response:
    """How each band stands, and what waits."""
    book = visit.site.shelf.shown().book
    mine = [row for row in book.links.values() if _sees(visit, row)]
    bands = [
        {
            "checked": each,
            "drawn": sum(row["link_band"] == each.link_band for row in mine),
            "links": next((row["links"] for row in book.links.values() if row["link_band"] == each.link_band), 0),
        }
        for each in verification.bands(visit.site.stores, str(book.period))
    ]
    may_answer = "steward" in visit.actor.roles
    return visit.page("links", bands=bands, waiting=len(_waiting(visit)), may_answer=may_answer)


def following(visit: Visit) -> Response:
    """Go to the next link that nobody looked at."""
    waiting = _waiting(visit)
    period = visit.site.shelf.shown().book.period
    return visit.redirect(f"/quality/links/{period}/{waiting[0]}" if waiting else "/quality/links")


def counties(visit: Visit) -> Collection[str] | None:
    """Where the child of a drawn link belongs; None where there is no such link."""
    row = _asked(visit)
    return None if row is None else row["codes"]


def drawn(visit: Visit) -> Case:
    """The link that a path names, which the doors let through, laid out as a case of two records."""
    row, shown = _asked(visit), visit.site.shelf.shown()
    if row is None:
        raise LookupError("a link that was there a moment ago")
    con = shown.cursor()
    try:
        return comparison.of_link(con, str(shown.book.period), row)
    finally:
        con.close()


def awaits(visit: Visit, number: int) -> bool:
    """Whether nobody has said yet whether the link is right."""
    return number in _waiting(visit)


def keep(visit: Visit, number: int, judged: Judged, reason: str) -> bool:
    """Keep the visitor's word; False where somebody else was first. A wrong link goes to the supervisor."""
    book, stores = visit.site.shelf.shown().book, visit.site.stores
    period, band = str(book.period), book.links[number]["link_band"]
    kept = link_checks.give(
        stores,
        visit.actor,
        period,
        number,
        band,
        judged.pair,
        judged.judgement,
        model_version=book.model_version,
        reason=reason,
    )
    if kept.steward != visit.actor.username or kept.judgement != judged.judgement:
        return False
    if judged.judgement == "DIFFERENT":
        case_notes.add(stores, visit.actor, period, number, "flag", visit.words("links.wrong"))
    return True


def flagged(visit: Visit, number: int) -> dict[str, str] | None:
    """Where a supervisor goes about a link that was found wrong, and where the flag is settled."""
    book = visit.site.shelf.shown().book
    row = book.links.get(number)
    if row is None or not _sees(visit, row):
        return None
    return {"href": f"/children/{row['child_id']}/parts", "act": f"/quality/links/{book.period}/{number}"}


def _asked(visit: Visit) -> Row | None:
    book, asked = visit.site.shelf.shown().book, visit.request.path_params
    return book.links.get(asked["link"]) if asked["period"] == str(book.period) else None


def _sees(visit: Visit, row: Row) -> bool:
    return scope.sees(visit.actor, row["codes"], visit.site.jurisdiction)


def _waiting(visit: Visit) -> list[int]:
    book = visit.site.shelf.shown().book
    done = {each.case_id for each in link_checks.read(visit.site.stores, str(book.period))}
    return [number for number, row in book.links.items() if number not in done and _sees(visit, row)]
