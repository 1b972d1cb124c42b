"""For the supervisor: who works on what, what was flagged, how far the work is; handing a case over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from urllib.parse import urlencode

from starlette.responses import Response

from stewardship.access import scope
from stewardship.casebook import Line
from stewardship.doors import Door, not_found
from stewardship.pages import away, case, children, links, opened, parts
from stewardship.pages.queue import describe, number
from stewardship.queue import AGES, NOBODY, OLDER, Filters, Queue
from stewardship.visit import Visit
from warehouse import clock
from warehouse.stores import accounts, assignments, case_notes, claims, verdicts
from warehouse.stores.free_text import WordsRefused

_AGES = (*AGES, OLDER)
_SHADES = 4
_COUNTIES_SHOWN = 30


def doors() -> list[Door]:
    """The routes of this module."""
    one = "/cases/{period}/{case_id:number}"
    return [
        Door("supervise", "/supervise", show),
        Door("assign", "/supervise/assign", assign, "POST"),
        Door("hand_over", f"{one}/hand-over", hand_over, "POST", opened.counties),
        Door("hand_over", f"{one}/unflag", unflag, "POST", opened.counties),
        Door("hand_over", f"{case.OF_LINK}/unflag", unflag, "POST", links.counties),
        Door("hand_over", f"{case.OF_TWO}/unflag", unflag, "POST", children.counties_of_two),
        Door("hand_over", f"{case.OF_PARTS}/unflag", unflag, "POST", parts.counties_of_part),
    ]


def show(visit: Visit) -> Response:
    """The work of the visitor's counties."""
    return _page(visit)


def hand_over(visit: Visit) -> Response:
    """Give a case to a steward who may see it."""
    to = accounts.get(visit.site.stores, visit.form.get("to", ""))
    counties = opened.counties(visit)
    if to is None or counties is None or "steward" not in to.roles or not to.is_in_force(clock.today()):
        return not_found(visit)
    if not scope.sees(to.actor, counties, visit.site.jurisdiction):
        return not_found(visit)
    asked = visit.request.path_params
    claims.hand_over(visit.site.stores, visit.actor, asked["period"], asked["case_id"], to.username)
    return visit.redirect("/supervise", said="handed")


def assign(visit: Visit) -> Response:
    """Make open cases somebody's, or nobody's: so many of those chosen, the most valuable first."""
    queue, given = visit.site.shelf.shown().queue, visit.form
    queue.refresh()
    queue.refresh_assignees()
    to = next((each for each in away.stewards(visit) if each.username == given.get("to")), None)
    many = given.get("many", "")
    if (to is None and given.get("to") != NOBODY) or not many.isdecimal() or len(many) > 6:
        return not_found(visit)
    chosen = (
        line.case_id
        for line in queue.lines(visit.actor, Filters.of(given))
        if to is None or queue.sees(to.actor, line.case_id)
    )
    period = str(queue.casebook.period)
    assignments.assign(
        visit.site.stores, visit.actor, period, [*islice(chosen, int(many))], to.username if to else None
    )
    return visit.redirect("/supervise", said="assigned")


def unflag(visit: Visit) -> Response:
    """Settle a flag, with what was found."""
    period, case_id = opened.asked(visit)
    try:
        words = visit.form.get("words", "")
        case_notes.add(visit.site.stores, visit.actor, period, case_id, "unflag", words)
    except WordsRefused as error:
        return _page(visit, 422, visit.words.own(str(error)))
    return visit.redirect("/supervise", said="unflagged")


def _heat(visit: Visit, queue: Queue, open_lines: Sequence[Line]) -> list[Mapping[str, object]]:
    """How many open cases of each age each of the visitor's counties has, the most first, and each cell's shade."""
    counties, of_case = set(queue.choices(visit.actor)["county"]), queue.ages()
    by_cell: Counter[tuple[str, str]] = Counter(
        (code, of_case[line.case_id]) for line in open_lines for code in line.counties & counties
    )
    by_county: Counter[str] = Counter()
    for (code, _), many in by_cell.items():
        by_county[code] += many
    most = max(by_cell.values(), default=1)
    return [
        {
            "place": describe(visit, "county", code),
            "all": many,
            "cells": [
                {
                    "many": by_cell[code, age],
                    "shade": -(-_SHADES * by_cell[code, age] // most),
                    "href": f"/cases?{urlencode({'county': code, 'age': age})}",
                }
                for age in _AGES
            ],
        }
        for code, many in by_county.most_common(_COUNTIES_SHOWN)
    ]


def _flagged(visit: Visit, queue: Queue) -> dict[int, Mapping[str, object]]:
    """What waits for the visitor's word: where it is shown, and where the flag is settled."""
    asks, found = queue.flagged(), dict[int, Mapping[str, object]]()
    for case_id, made in children.compared_by_people(visit, [each for each in asks if each < 0]).items():
        found[case_id] = {"href": made["href"], "act": made["href"]}
    for case_id in asks:
        path = f"/cases/{queue.casebook.period}/{case_id}"
        places = {"href": path, "act": path} if queue.sees(visit.actor, case_id) else links.flagged(visit, case_id)
        if places is not None:
            found[case_id] = places
    return found


def _page(visit: Visit, status: int = 200, error: str = "") -> Response:
    queue, stores = visit.site.shelf.shown().queue, visit.site.stores
    queue.refresh()
    queue.refresh_assignees()
    period = str(queue.casebook.period)
    given = [each.verdict for each in verdicts.standings(stores, period) if queue.sees(visit.actor, each.case_id)]
    decided = Counter(each.steward for each in given if each)
    decided_today = Counter(each.steward for each in given if each and clock.local(each.at).date() == clock.today())
    claimed = [claim for claim in queue.claims().values() if queue.sees(visit.actor, claim.case_id)]
    open_lines = list(queue.lines(visit.actor, Filters()))
    assigned = Counter(queue.assignee(line.case_id) for line in open_lines)
    stewards = [account.username for account in away.stewards(visit)]
    flagged = [
        {
            "case_id": case_id,
            "notes": [each for each in case_notes.of_case(stores, period, case_id) if each.kind == "flag"],
            **places,
        }
        for case_id, places in sorted(_flagged(visit, queue).items())
    ]
    return visit.page(
        "supervise",
        status,
        period=period,
        people=[
            {
                "username": each,
                "decided": decided[each],
                "today": decided_today[each],
                "assigned": assigned[each],
                "claims": sum(claim.steward == each for claim in claimed),
            }
            for each in stewards
        ],
        claimed=claimed,
        flagged=flagged,
        ages=_AGES,
        heat=_heat(visit, queue, open_lines),
        choices=queue.choices(visit.actor),
        describe=lambda name, value: describe(visit, name, value),
        stewards=stewards,
        number=number,
        error=error,
    )
