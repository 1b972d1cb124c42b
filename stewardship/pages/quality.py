"""Blind checks: decided cases asked again of another steward, and how far the two agree."""

from __future__ import annotations

from starlette.responses import Response

from stewardship import agreement
from stewardship.doors import Door
from stewardship.pages.queue import number
from stewardship.queue import Filters
from stewardship.visit import Visit
from warehouse.stores import case_notes, verdicts


def doors() -> list[Door]:
    """The routes of this module; the case itself is shown by :mod:`stewardship.pages.case`."""
    return [Door("quality", "/quality", show), Door("quality", "/quality/next", following, "POST")]


def show(visit: Visit) -> Response:
    """How far stewards agree, and what waits to be asked again."""
    queue = visit.site.shelf.shown().queue
    queue.refresh()
    period = str(queue.casebook.period)
    found = [each for each in agreement.twice(visit.site.stores, period) if queue.sees(visit.actor, each.case_id)]
    kappa = agreement.kappa([(each.first, each.second) for each in found])
    return visit.page(
        "quality",
        many=len(found),
        agreed=sum(each.first == each.second for each in found),
        kappa="—" if kappa is None else f"{kappa:.2f}",
        disputed=[each for each in found if each.first != each.second],
        waiting=len(_waiting(visit)),
        number=number,
        period=period,
        may_answer="steward" in visit.actor.roles,
    )


def following(visit: Visit) -> Response:
    """Go to the next case that is asked again."""
    visit.site.shelf.shown().queue.refresh()
    waiting = _waiting(visit)
    period = visit.site.shelf.shown().book.period
    return visit.redirect(f"/quality/{period}/{waiting[0]}" if waiting else "/quality")


def after(visit: Visit, period: str, case_id: int) -> Response:
    """What a blind answer comes to: where the two differ, the supervisor is asked."""
    both = [each for each in agreement.twice(visit.site.stores, period) if each.case_id == case_id]
    if both and both[-1].first != both[-1].second:
        case_notes.add(visit.site.stores, visit.actor, period, case_id, "flag", visit.words("quality.disputed"))
    return visit.redirect("/quality", said="blind")


def awaits(visit: Visit, case_id: int) -> bool:
    """Whether the case is one to ask this visitor again."""
    shown, stores = visit.site.shelf.shown(), visit.site.stores
    period = str(shown.book.period)
    if shown.queue.state(case_id) != "closed" or not agreement.is_drawn(period, case_id):
        return False
    given = verdicts.standing(stores, period, case_id).verdict
    is_done = any(each.is_blind for each in verdicts.of_case(stores, period, case_id))
    return given is not None and given.steward != visit.actor.username and not is_done


def _waiting(visit: Visit) -> list[int]:
    """Decided cases of others that were drawn and that nobody was asked again."""
    queue, stores = visit.site.shelf.shown().queue, visit.site.stores
    period = str(queue.casebook.period)
    done = {each.case_id for each in agreement.twice(stores, period)}
    given_by = {each.case_id: each.verdict.steward for each in verdicts.standings(stores, period) if each.verdict}
    return [
        line.case_id
        for line in queue.lines(visit.actor, Filters(), "closed")
        if line.case_id not in done
        and agreement.is_drawn(period, line.case_id)
        and given_by.get(line.case_id, visit.actor.username) != visit.actor.username
    ]
