"""Which cases wait, for whom, in which order. Kept in step with what people answer, flag and claim."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

import sqlalchemy as sa

from stewardship import facts_shown
from stewardship.access import scope
from stewardship.casebook import Casebook, Line
from stewardship.facts_shown import Seal
from warehouse import clock
from warehouse.stores import assignments, case_notes, claims, verdicts
from warehouse.stores.actors import Actor
from warehouse.stores.verdicts import Standing, Written

State = Literal["open", "unsure", "pending", "closed"]
ORDERS = ("value", "score")
AGES: Mapping[str, int] = MappingProxyType({"week": 7, "month": 30, "quarter": 91})
"""How many days a case of an age has waited at most."""
OLDER = "older"
NOBODY = "-"
"""Of cases that are nobody's, as a filter says it."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the queue somebody wants to see; an empty text is no restriction."""

    county: str = ""
    township: str = ""
    feeds: str = ""
    band: str = ""
    kind: str = ""
    guard: str = ""
    age: str = ""
    assignee: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Filters:
        """From a query string; names that are no filters are left alone."""
        return cls(**{each.name: given.get(each.name, "") for each in fields(cls)})

    def given(self) -> dict[str, str]:
        """Those that restrict, for a link that keeps them."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name))}

    def admit(self, line: Line) -> bool:
        """Whether a case meets those that are about the case itself."""
        return (
            (not self.county or self.county in line.counties)
            and (not self.township or self.township in line.townships)
            and (not self.feeds or self.feeds in line.feed_pairs)
            and (not self.band or self.band == line.band)
            and (not self.kind or self.kind in line.kinds)
            and (not self.guard or self.guard in line.guards)
        )


@dataclass(frozen=True, slots=True)
class _Scope:
    """What of the cases one set of division codes covers: in each order, with each case's place in it."""

    ids: frozenset[int]
    ordered: Mapping[str, Sequence[Line]]
    places: Mapping[str, Mapping[int, int]]
    choices: Mapping[str, Sequence[str]]


class Queue:
    """The cases of a casebook as people's work stands. One for all stewards; each sees their counties' part."""

    def __init__(
        self,
        casebook: Casebook,
        stores: sa.Engine,
        begun_at: datetime,
        jurisdiction: str,
        seal: Seal,
        asked_since: Mapping[int, datetime],
    ) -> None:
        """``begun_at``: when the build began that made the cases, UTC: an older answer didn't settle what is asked.

        ``jurisdiction``: the site's, whose people see the cases of children of whom no county is known.
        ``seal``: says whether the facts are those of an answer from before the build.
        ``asked_since``: when each case was first asked, by this build or an earlier one.
        """
        self.casebook = casebook
        self._seal = seal
        self.jurisdiction = jurisdiction
        self._stores = stores
        self.begun_at = begun_at
        self._period = str(casebook.period)
        self._asked_on = {case_id: clock.local(at).date() for case_id, at in asked_since.items()}
        self._assigned: dict[int, str] = {}
        self._last_assignment = 0
        self._stands_in: Mapping[str, str | None] = {}
        self._ages: tuple[date, Mapping[int, str]] = (date.min, {})
        self._state: dict[int, State] = {}
        self._not_open: set[int] = set()
        self._acts: dict[int, list[Written]] = {}
        self._last_act = 0
        self._scopes: dict[tuple[str, ...], _Scope] = {}
        self._lock = threading.Lock()

    def refresh(self) -> None:
        """Take in what was answered since the last look, by whichever process."""
        news = verdicts.acts_since(self._stores, self._period, self._last_act)
        if not news:
            return
        with self._lock:
            news = [act for act in news if act.id > self._last_act]  # others looked meanwhile
            for act in news:
                self._acts.setdefault(act.case_id, []).append(act)
                self._last_act = act.id
            for case_id in {act.case_id for act in news}:
                state = self._state_of(verdicts.stand(self._period, case_id, self._acts[case_id]))
                self._state[case_id] = state
                (self._not_open.discard if state == "open" else self._not_open.add)(case_id)

    def refresh_assignees(self) -> None:
        """Take in what was assigned since the last look, and who is away."""
        with self._lock:
            assigned = dict(self._assigned)  # others read the one in force meanwhile
            for each in assignments.read(self._stores, self._period, self._last_assignment):
                self._last_assignment = each.id
                if each.assignee is None:
                    assigned.pop(each.case_id, None)
                else:
                    assigned[each.case_id] = each.assignee
            people = set(assigned.values())
            away = assignments.absences(self._stores) if people else {}
            self._stands_in = {each: assignments.stands_in(each, away, clock.today()) for each in people}
            self._assigned = assigned

    def assignee(self, case_id: int) -> str | None:
        """Whose a case is, as of the last look: of whoever stands in for one who is away."""
        to = self._assigned.get(case_id)
        return None if to is None else self._stands_in.get(to, to)

    def is_assigned(self, username: str) -> bool:
        """Whether somebody has cases of their own, or stands in for one who has."""
        return username in self._stands_in.values()

    def days_waited(self, case_id: int) -> int:
        """For how many days a case has been asked."""
        return _days(self._asked_on[case_id], clock.today())

    def ages(self) -> Mapping[int, str]:
        """How long each case has been asked, as a filter says it."""
        day = clock.today()
        if self._ages[0] != day:
            self._ages = (day, {case_id: _age(_days(asked, day)) for case_id, asked in self._asked_on.items()})
        return self._ages[1]

    def days_left(self) -> int:
        """Until the half-year's work is to be closed, when the next one's deliveries are due; less than 0 since."""
        return (self.casebook.period.next.as_of - clock.today()).days

    def state(self, case_id: int) -> State:
        """How a case stands, as of the last refresh."""
        return self._state.get(case_id, "open")

    def sees(self, by: Actor, case_id: int) -> bool:
        """Whether somebody may know of the case."""
        return case_id in self._scope(by).ids

    def lines(self, by: Actor, wanted: Filters, state: State | None = "open", order: str = ORDERS[0]) -> Iterator[Line]:
        """Cases of the counties, filtered, in order; ``state`` None gives all."""
        return self._chosen(self._scope(by).ordered[order], wanted, state)

    def after(self, by: Actor, wanted: Filters, case_id: int, *, backwards: bool = False) -> Iterator[Line]:
        """Open cases that follow one in the queue's order, then those from its beginning; the one itself left out."""
        mine = self._scope(by)
        ordered, many = mine.ordered[ORDERS[0]], len(mine.ids)
        place = mine.places[ORDERS[0]].get(case_id, many if backwards else -1)
        steps = range(1, many + (case_id not in mine.ids))
        turned = (ordered[(place + (-step if backwards else step)) % many] for step in steps)
        return self._chosen(turned, wanted, "open")

    def open_left(self, by: Actor) -> int:
        """How many cases of the counties are open."""
        ids = self._scope(by).ids
        with self._lock:
            return len(ids) - len(ids & self._not_open)

    def choices(self, by: Actor) -> Mapping[str, Sequence[str]]:
        """By filter, the values that cases of the counties have."""
        mine = self._scope(by)
        of_case = self.ages()
        ages = {of_case[case_id] for case_id in mine.ids}
        assigned = self._assigned.keys() & mine.ids
        assignees = {self.assignee(case_id) or NOBODY for case_id in assigned}
        if assigned and len(assigned) < len(mine.ids):
            assignees.add(NOBODY)
        return {
            **mine.choices,
            "age": tuple(age for age in (*AGES, OLDER) if age in ages),
            "assignee": tuple(sorted(assignees)),
        }

    def claims(self) -> Mapping[int, claims.Claim]:
        """Who works on what now."""
        return {claim.case_id: claim for claim in claims.read(self._stores, self._period)}

    def flagged(self) -> frozenset[int]:
        """Cases that wait for the supervisor's word."""
        return frozenset(case_notes.flagged(self._stores, self._period))

    def _chosen(self, lines: Iterable[Line], wanted: Filters, state: State | None) -> Iterator[Line]:
        everything, ages = not wanted.given(), self.ages()
        for line in lines:
            if (state is None or self.state(line.case_id) == state) and (
                everything
                or (
                    wanted.admit(line)
                    and wanted.age in ("", ages[line.case_id])
                    and wanted.assignee in ("", self.assignee(line.case_id) or NOBODY)
                )
            ):
                yield line

    def _state_of(self, standing: Standing) -> State:
        given = standing.verdict
        if standing.state == "open" or given is None:
            return "open"
        state: State = "unsure" if given.answer == "UNSURE" else "closed"
        if standing.state == "pending":
            state = "pending"
        if given.at >= self.begun_at:
            return state
        return state if state != "closed" and self._has_facts_of(given) else "open"

    def _has_facts_of(self, given: Written) -> bool:
        """Whether the case's facts are those that an answer was given to."""
        if given.case_id not in self.casebook.by_id:
            return False
        shown = self._seal.shown(self.casebook.case(given.case_id))
        return facts_shown.fingerprint(shown) == given.fingerprint

    def _scope(self, by: Actor) -> _Scope:
        """The cases that an account's codes cover; worked out once for each set of codes."""
        if by.counties not in self._scopes:
            self._scopes[by.counties] = self._work_out(by)
        return self._scopes[by.counties]

    def _work_out(self, by: Actor) -> _Scope:
        mine = [line for line in self.casebook.lines if scope.sees(by, line.counties, self.jurisdiction)]
        ordered = {
            "value": sorted(mine, key=lambda line: (-line.value, line.case_id)),
            "score": sorted(mine, key=lambda line: (-(line.score or 0.0), line.case_id)),
        }
        counties = {code for line in mine for code in line.counties}
        townships = {code for line in mine for code in line.townships}
        return _Scope(
            ids=frozenset(line.case_id for line in mine),
            ordered=ordered,
            places={
                order: {line.case_id: place for place, line in enumerate(lines)} for order, lines in ordered.items()
            },
            choices={
                "county": _sorted(code for code in counties if scope.covers(by, code)),
                "township": _sorted(code for code in townships if scope.covers(by, code[:6])),
                "feeds": _sorted(pair for line in mine for pair in line.feed_pairs),
                "band": _sorted(line.band for line in mine),
                "kind": _sorted(kind for line in mine for kind in line.kinds),
                "guard": _sorted(guard for line in mine for guard in line.guards),
            },
        )


def _days(asked: date, day: date) -> int:
    return max((day - asked).days, 0)


def _age(days: int) -> str:
    return next((age for age, longest in AGES.items() if days <= longest), OLDER)


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))
