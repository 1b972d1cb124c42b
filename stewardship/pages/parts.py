"""One child who may be two: which entries are the other's, and the case that comes of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from starlette.responses import Response

from stewardship import comparison
from stewardship.access import hashed, scope
from stewardship.casebook import Case, EntryKey, Row, rows_of, sql
from stewardship.comparison import NotParted
from stewardship.doors import Door
from stewardship.masking import masked
from stewardship.pages import children
from stewardship.visit import Visit
from warehouse.stores import audit, comparisons
from warehouse.stores.comparisons import Comparison

_CHOOSE = "/children/{child_id}/parts"


def doors() -> list[Door]:
    """The routes of this module; the case itself is shown by :mod:`stewardship.pages.case`."""
    return [
        Door("parts", _CHOOSE, show, counties=counties),
        Door("part", _CHOOSE, ask, "POST", counties),
    ]


def counties(visit: Visit) -> Collection[str] | None:
    """Where the child belongs."""
    return children.counties(visit, visit.request.path_params["child_id"])


def counties_of_part(visit: Visit) -> Collection[str] | None:
    """Where the child belongs, if somebody asked about these parts of it and they are still there."""
    found = counties(visit)
    if found is None or not scope.sees(visit.actor, found, visit.site.jurisdiction):
        return None
    return found if _parted_or_none(visit) else None


def parted(visit: Visit) -> Case:
    """The parts of a path that the doors let through."""
    found = _parted_or_none(visit)
    if found is None:
        raise LookupError("a child's parts that were there a moment ago")
    return found


def show(visit: Visit) -> Response:
    """The child's entries, to say which of them are another's."""
    token = hashed.child(visit.site.key, visit.request.path_params["child_id"])
    audit.note(visit.site.stores, visit.actor.username, "child read", token)
    return _page(visit)


def ask(visit: Visit) -> Response:
    """Go to the case that the chosen entries make, with what follows from telling them apart."""
    child_id = visit.request.path_params["child_id"]
    apart = _chosen(visit, _entries(visit))
    shown = visit.site.shelf.shown()
    con = shown.cursor()
    try:
        case = comparison.within(con, str(shown.book.period), child_id, apart, visit.site.seal)
    except NotParted as refused:
        return _page(visit, 422, visit.words(f"parts.{refused.why}"))
    finally:
        con.close()
    made = Comparison(case.line.case_id, child_id, None, apart)
    comparisons.keep(visit.site.stores, visit.actor, made)
    return visit.redirect(comparison.path(made))


def _page(visit: Visit, status: int = 200, error: str = "") -> Response:
    words = visit.words
    rows = _entries(visit)
    for row in rows:
        row["citizen_no"] = masked(row["citizen_no"] or "", "number")
        row["from"] = words.known(f"feed.{row['feed']}_{row['table_name']}", row["table_name"])
    child_id = visit.request.path_params["child_id"]
    chosen = {name for name in visit.form if name.startswith("entry_")}
    return visit.page("parts", status, child_id=child_id, rows=rows, chosen=chosen, error=error)


def _chosen(visit: Visit, rows: Sequence[Row]) -> tuple[EntryKey, ...]:
    """Keys of the entries whose boxes are ticked; those without one can't be named."""
    ticked = (row for row in rows if f"entry_{row['entry_id']}" in visit.form and row["key"])
    return tuple(sorted({(row["feed"], row["table_name"], row["key"]) for row in ticked}))


def _entries(visit: Visit) -> list[Row]:
    con = visit.site.shelf.shown().cursor()
    try:
        return rows_of(con, sql("child_entry"), {"child_id": visit.request.path_params["child_id"]})
    finally:
        con.close()


def _parted_or_none(visit: Visit) -> Case | None:
    asked = visit.request.path_params
    number = -asked["part"]
    known = comparisons.read(visit.site.stores, [number]).get(number)
    if known is None or known.one != asked["child_id"] or known.other is not None:
        return None
    shown = visit.site.shelf.shown()
    con = shown.cursor()
    try:
        return comparison.within(con, str(shown.book.period), known.one, known.apart, visit.site.seal)
    except NotParted:  # the child is two by now, or its records came without what told them apart
        return None
    finally:
        con.close()
