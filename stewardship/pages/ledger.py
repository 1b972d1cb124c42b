"""The ledger of key care (重点关爱台账): who stands on it, and people's acts on one child's entries."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

import duckdb
from starlette.responses import Response

from policy import rules
from stewardship import listing
from stewardship.access import hashed, scope
from stewardship.casebook import Row, rows_of, sql
from stewardship.doors import Door, not_found
from stewardship.listing import Described, Listing
from stewardship.shelf import Shown
from stewardship.visit import Visit
from warehouse import child_ids, clock
from warehouse.stores import audit, ledger
from warehouse.stores.free_text import WordsRefused
from warehouse.stores.ledger import ActOutOfTurn, KeptAct, LedgerAct

_LEDGER = Described(
    states=("proposed", "open", "under_review", "closed"),
    facets={
        "county": "[county]",
        "township": "[township]",
        "category": "[category]",
        "late": "[case when is_late then 'late' end]",
    },
    order="review_due_on nulls last, evidence_on desc nulls last, name, child_id, category",
)


def doors() -> list[Door]:
    """The routes of this module."""
    one = "/children/{child_id}/ledger"
    return [
        Door("ledger", "/ledger", show),
        Door("ledger_child", one, show_child, counties=counties),
        Door("ledger_act", one, act, "POST", counties),
    ]


def counties(visit: Visit) -> Collection[str] | None:
    """In whose care the child is: what is done about it is theirs, not its hukou county's.

    What was opened here of a child who lives elsewhere now is for those to close who cover the whole jurisdiction.
    """
    asked = visit.request.path_params["child_id"]
    con = visit.site.shelf.shown().cursor()
    try:
        found = con.execute(sql("casework_county"), {"child_id": asked}).fetchone()
        ids = child_ids.of_child(con, asked)
    finally:
        con.close()
    if found is None:
        return None
    codes: Collection[str] = found[0]
    is_elsewhere = codes and not any(scope.covers(visit.actor, code) for code in codes)
    return None if is_elsewhere and not ledger.of_children(visit.site.stores, ids) else codes


def show(visit: Visit) -> Response:
    """The entries of the visitor's counties as people left them. Whom the page shows is in the audit, by tokens."""
    shown = visit.site.shelf.shown()
    con = shown.cursor()
    try:
        con.execute(sql("ledger_list"), {**within(visit), **_newer(visit, con)})
        found, state, wanted = listed(visit, con, _LEDGER)
    finally:
        con.close()
    return visit.page("ledger", **shared(visit, shown, found, state, wanted, "ledger"))


def show_child(visit: Visit) -> Response:
    """One child's entries, all acts on them, and what may be done now."""
    return _page(visit)


def act(visit: Visit) -> Response:
    """Open, review or close an entry; counts from the next run, shown at once."""
    shown, given = visit.site.shelf.shown(), visit.form
    asked, category, what = visit.request.path_params["child_id"], given.get("category", ""), given.get("act", "")
    today = clock.today()
    try:
        day = date.fromisoformat(given.get("acted_on", ""))
    except ValueError:
        return _page(visit, 422, visit.words("field_visit.no_date"))
    if category not in _categories(shown) or what not in ledger.ACTS:
        return not_found(visit)
    if day > today:
        return _page(visit, 422, visit.words("field_visit.lies_ahead"))
    con = shown.cursor()
    try:
        ids = child_ids.of_child(con, asked)
    finally:
        con.close()
    made = LedgerAct(str(shown.book.period), ids[0], category, what, day, given.get("reason", "").strip())
    token = hashed.child(visit.site.key, ids[0])
    audit.note(visit.site.stores, visit.actor.username, f"ledger {what}", token, detail={"category": category})
    try:
        ledger.add(visit.site.stores, visit.actor, made, ids[1:])
    except WordsRefused as error:
        return _page(visit, 422, visit.words.own(str(error)))
    except ActOutOfTurn:
        if not _is_sent_twice(visit, made):
            return _page(visit, 409, visit.words("ledger.out_of_turn"))
    return visit.redirect(f"/children/{asked}/ledger", said="ledger")


def within(visit: Visit) -> Mapping[str, object]:
    """What a list of children is limited to, and the day on which it is looked at."""
    return {
        "counties": sorted(scope.counties(visit.actor)),
        "of_no_county": scope.covers(visit.actor, visit.site.jurisdiction),
        "today": clock.today(),
    }


def listed(visit: Visit, con: duckdb.DuckDBPyConnection, of: Described) -> tuple[Listing, str, dict[str, str]]:
    """The page that was asked for, its state and filters."""
    asked = visit.request.query_params
    state = asked.get("state", "")
    state = state if state in of.states else of.states[0]
    wanted = {name: value for name in of.facets if (value := asked.get(name, ""))}
    page = asked.get("page", "")
    number = int(page) if page.isdecimal() and len(page) < 10 else 1
    found = listing.read(con, of, state, wanted, number)
    tokens = [hashed.child(visit.site.key, row["child_id"]) for row in found.rows]
    told = {"state": state, "children": sorted(set(tokens))}
    audit.note(visit.site.stores, visit.actor.username, f"list read {visit.request.url.path}", detail=told)
    return found, state, wanted


def shared(
    visit: Visit, shown: Shown, found: Listing, state: str, wanted: Mapping[str, str], part: str
) -> dict[str, Any]:
    """What the pages of lists have in common: tabs with counts, filters, the way to the next page.

    ``part``: of the words that name states and filters.
    """
    words, path = visit.words, visit.request.url.path

    def place(code: str | None) -> str:
        return shown.places.name(code) if code else "—"

    def describe(name: str, value: str) -> str:
        if name in ("county", "township"):
            return place(value)
        return words.known(f"{part if name in ('late', 'age') else name}.{value}", value)

    def link(**changed: object) -> str:
        return f"{path}?" + urlencode({**wanted, "state": state, **changed})

    return {
        "period": str(shown.book.period),
        "found": found,
        "state": state,
        "wanted": wanted,
        "tabs": [
            {"state": each, "count": many, "href": link(state=each), "here": each == state}
            for each, many in found.counts.items()
        ],
        "newer": link(page=found.page - 1) if found.page > 1 else None,
        "older": link(page=found.page + 1) if found.page < found.pages else None,
        "place": place,
        "describe": describe,
        "label": lambda name: words(f"{part}.{name}"),
        "said_state": lambda each: words(f"{part}.{each}"),
        "groups": lambda codes: words.listed(words.known(f"group.{code}", code) for code in codes),
    }


def _page(visit: Visit, status: int = 200, error: str = "") -> Response:
    shown = visit.site.shelf.shown()
    asked = visit.request.path_params["child_id"]
    con = shown.cursor()
    try:
        ids = child_ids.of_child(con, asked)
        entries = {row["category"]: row for row in rows_of(con, sql("child_ledger"), {"child_id": ids[0]})}
        told = _last_told(con)
        found = rows_of(con, sql("visited_child"), {"child_id": ids[0]})
    finally:
        con.close()
    audit.note(visit.site.stores, visit.actor.username, "ledger read", hashed.child(visit.site.key, ids[0]))
    acts = ledger.of_children(visit.site.stores, ids)
    titles = _categories(shown)
    known = [each for each in titles if each in entries or any(act.made.category == each for act in acts)]
    return visit.page(
        "ledger_child",
        status,
        child_id=asked,
        name=found[0]["name"] if found else None,
        period=str(shown.book.period),
        entries=[_entry(each, entries.get(each), acts, told) for each in known],
        said_circumstances=lambda codes: visit.words.listed(
            visit.words.known(f"circumstance.{code}", code) for code in codes
        ),
        said_category=lambda each: visit.words.known(f"category.{each}", titles[each]),
        others=[each for each in titles if each not in known],
        today=clock.today(),
        given={**dict.fromkeys(("act", "category", "reason", "acted_on"), ""), **visit.form},
        error=error,
    )


def _entry(category: str, row: Row | None, acts: list[KeptAct], told: int) -> Mapping[str, object]:
    mine = [each for each in acts if each.made.category == category]
    last = mine[-1] if mine else None
    newer = last is not None and last.id > told
    stands = {"open": "open", "review": "under_review", "close": "closed"}
    state = stands[last.made.act] if last and (newer or row is None) else row["state"] if row else "proposed"
    return {
        "category": category,
        "row": row,
        "state": state,
        "is_newer": newer,
        "acts": mine,
        "may": ledger.may_follow(last.made.act if last else None),
    }


def _newer(visit: Visit, con: duckdb.DuckDBPyConnection) -> Mapping[str, object]:
    """The last act on each entry that people acted on since the run, under the id that the child has today."""
    now = child_ids.redirects(con)
    last: dict[tuple[str, str], KeptAct] = {}
    for each in ledger.since(visit.site.stores, _last_told(con)):
        last[now.get(each.made.child_id, each.made.child_id), each.made.category] = each
    return {
        "acted_child": [child_id for child_id, _ in last],
        "acted_category": [category for _, category in last],
        "acted": [each.made.act for each in last.values()],
        "acted_on": [each.made.acted_on for each in last.values()],
    }


def _last_told(con: duckdb.DuckDBPyConnection) -> int:
    """The last act that the run knew of."""
    (found,) = con.execute("select coalesce(max(act_id), 0) from prior.ledger_act").fetchone() or (0,)
    return int(found)


def _categories(shown: Shown) -> Mapping[str, str]:
    return rules.load().categories("key_care", shown.book.period.as_of)


def _is_sent_twice(visit: Visit, made: LedgerAct) -> bool:
    """Whether the entry's last act is this very one, by the same person."""
    kept = [
        each for each in ledger.of_children(visit.site.stores, [made.child_id]) if each.made.category == made.category
    ]
    return bool(kept) and (kept[-1].made, kept[-1].by) == (made, visit.actor.username)
