"""What waits for a second person."""

from __future__ import annotations

from starlette.responses import Response

from stewardship import clock
from stewardship.doors import Door
from stewardship.pages.queue import number, places, why
from stewardship.queue import Filters
from stewardship.visit import Visit
from warehouse.stores import verdicts


def doors() -> list[Door]:
    """The routes of this module."""
    return [Door("seconds", "/second", show)]


def show(visit: Visit) -> Response:
    """Cases of the visitor's counties that wait, the visitor's own answers marked: somebody else confirms those."""
    queue = visit.site.shelf.shown().queue
    queue.refresh()
    t, period = visit.words, str(queue.casebook.period)
    waiting = {each.case_id: each.waits for each in verdicts.standings(visit.site.stores, period)}
    rows = []
    for line in queue.lines(visit.actor, Filters(), "pending"):
        waits = waiting.get(line.case_id)
        if waits is not None:
            rows.append(
                {
                    "href": f"/cases/{period}/{line.case_id}",
                    "number": number(line.case_id),
                    "why": why(visit, line),
                    "where": places(queue, line),
                    "steward": waits.steward,
                    "at": f"{clock.local(waits.at):%Y-%m-%d %H:%M}",
                    "answer": t(f"answer.{waits.answer}"),
                    "because": t.known(f"second.{waits.second_because}", waits.second_because or ""),
                    "is_own": waits.steward == visit.actor.username,
                }
            )
    return visit.page("second", rows=rows)
