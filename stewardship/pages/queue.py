"""The list of cases, and the way to the next one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from urllib.parse import urlencode

from starlette.responses import Response

from stewardship.casebook import Line
from stewardship.doors import Door
from stewardship.queue import NOBODY, ORDERS, Filters, Queue
from stewardship.visit import Visit
from warehouse.stores import claims
from warehouse.stores.claims import Claim

ROWS_A_PAGE = 50
TABS = ("open", "mine", "unsure", "flagged", "pending", "closed")
_AT_ONCE = 100
"""How many cases are tried in one look at the claims: more than people who work at a time."""


def doors() -> list[Door]:
    """The routes of this module."""
    return [
        Door("home", "/", home),
        Door("queue", "/cases", show),
        Door("next_case", "/cases/start", start, "POST"),
    ]


def home(visit: Visit) -> Response:
    """Everybody's first page: the first that their roles are served."""
    pages = visit.served_pages()
    return visit.redirect(str(pages[0]["href"])) if pages else visit.message("page.title", "page.no_page", 200)


def show(visit: Visit) -> Response:
    """The cases of the visitor's counties, filtered and sorted, with exact counts."""
    queue = visit.site.shelf.shown().queue
    queue.refresh()
    queue.refresh_assignees()
    asked = visit.request.query_params
    wanted = Filters.of(asked)
    order = asked["order"] if asked.get("order") in ORDERS else ORDERS[0]
    state = asked["state"] if asked.get("state") in TABS else TABS[0]
    claimed, flagged = queue.claims(), queue.flagged()
    by_tab: dict[str, list[Line]] = {tab: [] for tab in TABS}
    for line in queue.lines(visit.actor, wanted, None, order):
        by_tab[queue.state(line.case_id)].append(line)
        if line.case_id in claimed and claimed[line.case_id].steward == visit.actor.username:
            by_tab["mine"].append(line)
        if line.case_id in flagged:
            by_tab["flagged"].append(line)
    found = by_tab[state]
    pages = max(1, -(-len(found) // ROWS_A_PAGE))
    wished = asked.get("page", "")
    page = min(max(int(wished) if wished.isdecimal() and len(wished) < 10 else 1, 1), pages)

    def link(**changed: object) -> str:
        return "/cases?" + urlencode({**wanted.given(), "state": state, "order": order, **changed})

    return visit.page(
        "queue",
        period=str(queue.casebook.period),
        closes=_closes(visit, queue),
        tabs=[
            {"state": tab, "count": len(lines), "href": link(state=tab), "here": tab == state}
            for tab, lines in by_tab.items()
        ],
        choices=queue.choices(visit.actor),
        describe=lambda name, value: describe(visit, name, value),
        filters=wanted,
        state=state,
        order=order,
        rows=[
            _row(visit, queue, line, claimed.get(line.case_id), line.case_id in flagged, wanted)
            for line in found[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
        ],
        page=page,
        pages_many=pages,
        newer=link(page=page - 1) if page > 1 else None,
        older=link(page=page + 1) if page < pages else None,
        can_start=may_answer(visit) and bool(by_tab["open"]),
    )


def start(visit: Visit) -> Response:
    """Claim the first open case and go there."""
    return to_next(visit, Filters.of(visit.form))


def to_next(visit: Visit, wanted: Filters, after: int | None = None, **query: str) -> Response:
    """Go to the next open case that nobody else works on, in the queue's order; to the list where there is none.

    The visitor's own cases come first, other people's aren't given.
    """
    queue = visit.site.shelf.shown().queue
    queue.refresh()
    queue.refresh_assignees()

    def waiting_for(*assignees: str | None) -> Iterator[int]:
        lines = queue.lines(visit.actor, wanted) if after is None else queue.after(visit.actor, wanted, after)
        for line in lines:
            if queue.assignee(line.case_id) in assignees:
                yield line.case_id

    own = waiting_for(visit.actor.username) if queue.is_assigned(visit.actor.username) else iter(())
    free = chain(own, waiting_for(None))
    while waiting := list(islice(free, _AT_ONCE)):  # others may hold these
        while claim := claims.take_first(visit.site.stores, visit.actor, str(queue.casebook.period), waiting):
            queue.refresh()
            if queue.state(claim.case_id) == "open":
                return visit.redirect(f"/cases/{claim.period}/{claim.case_id}", **wanted.given(), **query)
            claims.release(visit.site.stores, visit.actor, claim.period, claim.case_id)  # whoever held it answered it
            waiting = waiting[waiting.index(claim.case_id) + 1 :]
    if next(queue.lines(visit.actor, wanted), None) is not None:
        query = {"said": "busy"} | query
    return visit.redirect("/cases", **wanted.given(), **query)


def may_answer(visit: Visit) -> bool:
    """Whether the visitor's role decides cases."""
    return "steward" in visit.actor.roles


def number(case_id: int) -> str:
    """A case's number as people read it, in groups."""
    return f"{abs(case_id):,}".replace(",", " ")


def why(visit: Visit, line: Line) -> str:
    """Why the machine asks."""
    words = visit.words
    guards = words.listed(words.known(f"guard.{guard}", guard) for guard in line.guards)
    kinds = words.listed(words.known(f"kind.{kind}", kind) for kind in line.kinds if kind != "guard" or not guards)
    return words("page.semicolon").join(part for part in (kinds, guards) if part)


def places(visit: Visit, line: Line) -> str:
    """Names of a case's counties on the reference date."""
    return visit.site.shelf.shown().places.listed(sorted(line.counties))


def waited(visit: Visit, queue: Queue, line: Line) -> str:
    """How long a case has waited."""
    return visit.words("queue.days_waited", days=queue.days_waited(line.case_id))


def _closes(visit: Visit, queue: Queue) -> str:
    """How long until the half-year's work is to be closed, or since: when the next one's deliveries are due."""
    day, left = queue.casebook.period.next.as_of, queue.days_left()
    return visit.words("queue.closes" if left >= 0 else "queue.closed_since", day=day, days=abs(left))


def describe(visit: Visit, name: str, value: str) -> str:
    """A filter's value in words."""
    if name in ("county", "township"):
        return visit.site.shelf.shown().places.name(value)
    if name == "assignee":
        return visit.words("queue.nobody") if value == NOBODY else value
    if name == "feeds":
        return " – ".join(visit.words.known(f"feed.{feed}", feed) for feed in value.split("-"))
    return visit.words.known(f"{name}.{value}", value)


def _row(
    visit: Visit, queue: Queue, line: Line, claim: Claim | None, is_flagged: bool, wanted: Filters
) -> Mapping[str, object]:
    query = f"?{urlencode(wanted.given())}" if wanted.given() else ""
    return {
        "href": f"/cases/{queue.casebook.period}/{line.case_id}{query}",
        "number": number(line.case_id),
        "is_flagged": is_flagged,
        "why": why(visit, line),
        "between": visit.words("page.semicolon").join(describe(visit, "feeds", pair) for pair in line.feed_pairs),
        "where": places(visit, line),
        "records": line.entries,
        "likely": "—" if line.p_same is None else f"{line.p_same:.0%}",
        "worth": f"{line.value:.2f}",
        "waited": waited(visit, queue, line),
        "who": claim.steward if claim else queue.assignee(line.case_id) or "",
    }
