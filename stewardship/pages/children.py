"""Looking for children, and two of them side by side though the machine never asked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from starlette.responses import Response

from stewardship import comparison
from stewardship.access import hashed, scope
from stewardship.casebook import Case, rows_of, sql
from stewardship.differences import fold
from stewardship.doors import Door
from stewardship.masking import masked
from stewardship.visit import Visit
from warehouse.stores import audit, comparisons

FOUND_AT_MOST = 50
_ASKED = ("name", "born_on", "citizen_no")


def doors() -> list[Door]:
    """The routes of this module."""
    return [Door("search", "/search", ask), Door("search", "/search", find, "POST")]


def ask(visit: Visit) -> Response:
    """The form; ``child``: whom to compare what is found with."""
    return visit.page(
        "search",
        found=None,
        given=dict.fromkeys(_ASKED, ""),
        child=_child(visit.request.query_params.get("child", "")),
        error="",
    )


def find(visit: Visit) -> Response:
    """Children of the visitor's counties. The audit knows what was searched for, and whom it showed, by tokens only."""
    given = {name: visit.form.get(name, "").strip() for name in _ASKED}
    child = _child(visit.form.get("child", ""))
    try:
        born_on = date.fromisoformat(given["born_on"]) if given["born_on"] else None
    except ValueError:
        return visit.page("search", 422, found=None, given=given, child=child, error=visit.words("search.no_date"))
    asked = {"name": fold(given["name"]) or None, "born_on": born_on, "citizen_no": fold(given["citizen_no"]) or None}
    if not any(asked.values()):
        return visit.page(
            "search", 422, found=None, given=given, child=child, error=visit.words("search.nothing_asked")
        )
    term = hashed.term(visit.site.key, "|".join(str(value or "") for value in asked.values()))
    shown = visit.site.shelf.shown()
    limits = {
        "counties": sorted(scope.counties(visit.actor)),
        "is_whole": scope.covers(visit.actor, visit.site.jurisdiction),
        "at_most": FOUND_AT_MOST + 1,
    }
    con = shown.cursor()
    try:
        rows = rows_of(con, sql("find_child"), {**asked, **limits})
    finally:
        con.close()
    tokens = [hashed.child(visit.site.key, row["child_id"]) for row in rows[:FOUND_AT_MOST]]
    audit.note(visit.site.stores, visit.actor.username, "search", detail={"term": term, "children": tokens})
    found = [
        {
            **row,
            "citizen_no": masked(row["citizen_no"] or "", "number"),
            "where": shown.places.listed(row["codes"]),
        }
        for row in rows[:FOUND_AT_MOST]
    ]
    more = visit.words("search.more", many=FOUND_AT_MOST) if len(rows) > FOUND_AT_MOST else ""
    return visit.page("search", found=found, given=given, child=child, error=more)


def counties(visit: Visit, child_id: str) -> Collection[str] | None:
    """Where a child belongs; None where there is no such child."""
    con = visit.site.shelf.shown().cursor()
    try:
        found = con.execute(sql("child_county"), {"child_id": child_id}).fetchone()
    finally:
        con.close()
    return None if found is None else found[0]


def counties_of_two(visit: Visit) -> Collection[str] | None:
    """The counties of a comparison where the visitor may see both children; only then are the two compared."""
    of_both = [counties(visit, visit.request.path_params[name]) for name in ("one", "other")]
    for codes in of_both:
        if codes is None or not scope.sees(visit.actor, codes, visit.site.jurisdiction):
            return None
    return of_both[0] if compared_or_none(visit) else None


def compared(visit: Visit) -> Case:
    """The two children of a path that the doors let through."""
    found = compared_or_none(visit)
    if found is None:
        raise LookupError("two children that were there a moment ago")
    return found


def compared_or_none(visit: Visit) -> Case | None:
    """The two children of a path, laid out as a case; None where they can't be."""
    shown, asked = visit.site.shelf.shown(), visit.request.path_params
    con = shown.cursor()
    try:
        return comparison.between(con, str(shown.book.period), asked["one"], asked["other"], visit.site.seal)
    finally:
        con.close()


def compared_by_people(visit: Visit, case_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """By number, the cases that people made of children whom the visitor sees: where each is, why, whose it is.

    Children that a later run made one, or otherwise two, are no longer there to be asked about.
    """
    known = comparisons.read(visit.site.stores, case_ids)
    named = sorted({child for each in known.values() for child in (each.one, each.other) if child})
    con = visit.site.shelf.shown().cursor()
    try:
        of_child = dict(con.execute(sql("counties_of_children"), {"children": named}).fetchall())
    finally:
        con.close()
    found = {}
    for case_id, each in known.items():
        codes = [of_child.get(child) for child in (each.one, each.other) if child]
        if any(some is None or not scope.sees(visit.actor, some, visit.site.jurisdiction) for some in codes):
            continue
        places = sorted({code for some in codes for code in some or ()})
        found[case_id] = {
            "href": comparison.path(each),
            "why": visit.words("kind.asked" if each.other else "kind.parted"),
            "where": visit.site.shelf.shown().places.listed(places),
        }
    return found


def _child(text: str) -> str:
    """A child's id from an address or a form, nothing where it is none."""
    return text if len(text) == 14 and text.isalnum() and text.startswith("c") else ""
