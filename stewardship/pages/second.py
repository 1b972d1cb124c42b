"""What waits for a second person."""

from __future__ import annotations

from starlette.responses import Response

from stewardship.doors import Door
from stewardship.pages import children
from stewardship.pages.queue import number, places, why
from stewardship.queue import Filters
from stewardship.visit import Visit
from warehouse import clock
from warehouse.stores import verdicts
from warehouse.stores.verdicts import Written


def doors() -> list[Door]:
    """The routes of this module."""
    return [Door("seconds", "/second", show)]


def show(visit: Visit) -> Response:
    """Cases of the visitor's counties that wait, the visitor's own answers marked: somebody else confirms those."""
    queue, stores = visit.site.shelf.shown().queue, visit.site.stores
    queue.refresh()
    period = str(queue.casebook.period)
    waiting = {each.case_id: each.waits for each in verdicts.standings(stores, period) if each.waits is not None}
    rows: list[dict[str, str | bool]] = []
    for line in queue.lines(visit.actor, Filters(), None):
        waits = waiting.get(line.case_id)
        if waits is not None and (waits.act == "undo" or queue.state(line.case_id) == "pending"):
            case = {"href": f"/cases/{period}/{line.case_id}", "why": why(visit, line), "where": places(visit, line)}
            rows.append({**case, **_row(visit, waits)})
    of_people = children.compared_by_people(visit, [case_id for case_id in waiting if case_id < 0])
    rows += [{**asked, **_row(visit, waiting[case_id])} for case_id, asked in of_people.items()]
    return visit.page("second", rows=rows)


def _row(visit: Visit, waits: Written) -> dict[str, str | bool]:
    t = visit.words
    return {
        "number": number(waits.case_id),
        "steward": waits.steward,
        "at": f"{clock.local(waits.at):%Y-%m-%d %H:%M}",
        "answer": t(f"answer.{waits.answer}") if waits.act == "give" else t("second.undo"),
        "because": t.known(f"second.{waits.second_because}", waits.second_because or ""),
        "is_own": waits.steward == visit.actor.username,
    }
