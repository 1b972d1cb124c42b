"""What moved on the list of migrant children: since the period before, and since the run before of this period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from starlette.responses import Response

from stewardship.access import hashed, policy, scope
from stewardship.casebook import Row, rows_of, sql
from stewardship.doors import Door
from stewardship.listing import Described
from stewardship.pages import ledger
from stewardship.run_changes import RunChange
from stewardship.visit import Visit
from warehouse import clock
from warehouse.stores import audit

_CAUSES = ("moved", "time", "came_of_age", "feed", "corrected", "rule", "linkage", "steward")
_CHANGED = Described(
    states=("in", "out"),
    facets={"cause": "[cause]", "detail": "[detail]"},
    order="cause, detail, name nulls last, child_id",
)
_NAMED_AT_MOST = 200


def doors() -> list[Door]:
    """The routes of this module."""
    return [
        Door("changes", "/changes", show),
        Door("changed_children", "/changes/children", children),
        Door("changed_children", "/changes/run", of_run),
    ]


def show(visit: Visit) -> Response:
    """Counts of the visitor's counties, by cause; with links to the children for who may see them."""
    shown = visit.site.shelf.shown()
    within = ledger.within(visit)
    con = shown.cursor()
    try:
        limits = {name: within[name] for name in ("counties", "of_no_county")}
        flows = rows_of(con, sql("period_flow"), limits)
    finally:
        con.close()
    by_run = visit.site.run_changes.of(visit.site.shelf.house, shown.release, shown.book.period)
    mine = _mine(visit, by_run)
    return visit.page(
        "changes",
        period=str(shown.book.period),
        causes=_by_cause(flows),
        counties=[
            {**row, "place": shown.places.name(row["county"]) if row["county"] else "—"} for row in _by_county(flows)
        ],
        is_first=bool(flows) and not any(row["direction"] in ("stayed", "out") for row in flows),
        run=by_run,
        run_at=clock.local(datetime.fromisoformat(by_run.earlier_at).astimezone(UTC).replace(tzinfo=None))
        if by_run
        else None,
        run_counts=_counts(visit, by_run) if by_run else [],
        moved=sorted(Counter((row["direction"], row["cause"]) for row in mine).items()),
        may_see=policy.decide(visit.who, "changed_children") is policy.Answer.SERVE,
    )


def children(visit: Visit) -> Response:
    """The children gained and lost since the period before."""
    shown = visit.site.shelf.shown()
    con = shown.cursor()
    try:
        con.execute(sql("changed_list"), ledger.within(visit))
        found, state, wanted = ledger.listed(visit, con, _CHANGED)
    finally:
        con.close()
    return visit.page("changed_children", **ledger.shared(visit, shown, found, state, wanted, "changes"))


def of_run(visit: Visit) -> Response:
    """The children whose status or county another run of the period changed."""
    shown = visit.site.shelf.shown()
    rows = _mine(visit, visit.site.run_changes.of(visit.site.shelf.house, shown.release, shown.book.period))
    named = rows[:_NAMED_AT_MOST]
    con = shown.cursor()
    try:
        ids = {"children": [row["child_id"] for row in named if scope.sees(visit.actor, row["codes"], "")]}
        names = dict(con.execute(sql("child_name"), ids).fetchall())
    finally:
        con.close()
    tokens = [hashed.child(visit.site.key, row["child_id"]) for row in named]
    audit.note(visit.site.stores, visit.actor.username, "list read /changes/run", detail={"children": sorted(tokens)})
    return visit.page(
        "run_children",
        period=str(shown.book.period),
        rows=named,
        names=names,
        many=len(rows),
        at_most=_NAMED_AT_MOST,
    )


def _mine(visit: Visit, changed: RunChange | None) -> Sequence[Row]:
    """The rows of the visitor's counties, now or before."""
    if changed is None:
        return ()
    codes = scope.counties(visit.actor)
    whole = scope.covers(visit.actor, visit.site.jurisdiction)
    return [
        row
        for row in changed.children
        if not codes.isdisjoint([*row["codes"], *row["earlier_codes"]])
        or (whole and not (row["codes"] or row["earlier_codes"]))
    ]


def _by_cause(flows: Sequence[Row]) -> list[Mapping[str, object]]:
    sums: Counter[tuple[str, str]] = Counter()
    for row in flows:
        sums[row["cause"], row["direction"]] += row["children"]
    return [
        {"cause": cause, "in": sums[cause, "in"], "out": sums[cause, "out"]}
        for cause in _CAUSES
        if sums[cause, "in"] or sums[cause, "out"]
    ]


def _by_county(flows: Sequence[Row]) -> list[Row]:
    """Then + gained - lost = now."""
    found = []
    for county in dict.fromkeys(row["county"] for row in flows):
        sums = Counter[str]()
        for row in flows:
            if row["county"] == county:
                sums[row["direction"]] += row["children"]
        then, now = sums["stayed"] + sums["out"], sums["stayed"] + sums["in"]
        found.append({"county": county, "then": then, "in": sums["in"], "out": sums["out"], "now": now})
    return found


def _counts(visit: Visit, changed: RunChange) -> list[Mapping[str, object]]:
    """The whole run's figures, before and now, where they differ: for those who cover the whole home."""
    if not scope.covers(visit.actor, visit.site.jurisdiction):
        return []
    shown = visit.site.shelf.shown()
    now = visit.site.shelf.house.published().periods[str(shown.book.period)].counts
    names = [name for name in now if changed.earlier_counts.get(name) != now[name]]
    return [{"name": name, "earlier": changed.earlier_counts.get(name), "now": now[name]} for name in names]
