"""Which cases wait, for whom, in which order. Kept in step with what people answer, flag and claim."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from stewardship.access import scope
from stewardship.casebook import Casebook, Line
from warehouse.stores import case_notes, claims, verdicts
from warehouse.stores.actors import Actor
from warehouse.stores.verdicts import Standing

State = Literal["open", "unsure", "pending", "closed"]
ORDERS = ("value", "score")


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the queue somebody wants to see; an empty text is no restriction."""

    county: str = ""
    township: str = ""
    feeds: str = ""
    band: str = ""
    kind: str = ""
    guard: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Filters:
        """From a query string; names that are no filters are left alone."""
        return cls(**{each.name: given.get(each.name, "") for each in fields(cls)})

    def given(self) -> dict[str, str]:
        """Those that restrict, for a link that keeps them."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name))}

    def admit(self, line: Line) -> bool:
        """Whether a case meets them all."""
        return (
            (not self.county or self.county in line.counties)
            and (not self.township or self.township in line.townships)
            and (not self.feeds or self.feeds in line.feed_pairs)
            and (not self.band or self.band == line.band)
            and (not self.kind or self.kind in line.kinds)
            and (not self.guard or self.guard in line.guards)
        )


class Queue:
    """The cases of a casebook as people's work stands. One for all stewards; each sees their counties' part."""

    def __init__(self, casebook: Casebook, stores: sa.Engine, begun_at: datetime, jurisdiction: str) -> None:
        """``begun_at``: when the build began that made the cases, UTC: an older answer didn't settle what is asked.

        ``jurisdiction``: the site's, whose people see the cases of children of whom no county is known.
        """
        self.casebook = casebook
        self.jurisdiction = jurisdiction
        self._stores = stores
        self._begun_at = begun_at
        self._period = str(casebook.period)
        self._ordered = {
            "value": sorted(casebook.lines, key=lambda line: (-line.value, line.case_id)),
            "score": sorted(casebook.lines, key=lambda line: (-(line.score or 0.0), line.case_id)),
        }
        self._state: dict[int, State] = {}
        self._last_act = 0
        self._scopes: dict[tuple[str, ...], frozenset[int]] = {}
        self._lock = threading.Lock()

    def refresh(self) -> None:
        """Take in what was answered since the last look, by whichever process."""
        with self._lock:
            for standing in verdicts.standings(self._stores, self._period, self._last_act):
                self._last_act = max(self._last_act, standing.last_act)
                self._state[standing.case_id] = self._state_of(standing)

    def state(self, case_id: int) -> State:
        """How a case stands, as of the last refresh."""
        return self._state.get(case_id, "open")

    def sees(self, by: Actor, case_id: int) -> bool:
        """Whether somebody may know of the case."""
        return case_id in self._scope(by)

    def lines(self, by: Actor, wanted: Filters, state: State | None = "open", order: str = "value") -> Iterator[Line]:
        """Cases of the counties, filtered, in order; ``state`` None gives all."""
        scope = self._scope(by)
        for line in self._ordered[order]:
            if line.case_id in scope and (state is None or self.state(line.case_id) == state) and wanted.admit(line):
                yield line

    def open_left(self, by: Actor) -> int:
        """How many cases of the counties are open."""
        scope = self._scope(by)
        return len(scope) - sum(state != "open" for case_id, state in self._state.items() if case_id in scope)

    def choices(self, by: Actor) -> Mapping[str, Sequence[str]]:
        """By filter, the values that cases of the counties have."""
        mine = list(self.lines(by, Filters(), None))
        return {
            "county": _sorted(code for line in mine for code in line.counties if scope.covers(by, code)),
            "township": _sorted(code for line in mine for code in line.townships if scope.covers(by, code[:6])),
            "feeds": _sorted(pair for line in mine for pair in line.feed_pairs),
            "band": _sorted(line.band for line in mine),
            "kind": _sorted(kind for line in mine for kind in line.kinds),
            "guard": _sorted(guard for line in mine for guard in line.guards),
        }

    def after(self, by: Actor, wanted: Filters, case_id: int, *, backwards: bool = False) -> Iterator[Line]:
        """Open cases that follow one in the queue's order, then those from its beginning; the one itself left out."""
        ordered = list(self.lines(by, wanted, None))
        if backwards:
            ordered.reverse()
        place = next((place for place, line in enumerate(ordered) if line.case_id == case_id), -1)
        turned = ordered[place + 1 :] + ordered[: max(place, 0)]
        return (line for line in turned if line.case_id != case_id and self.state(line.case_id) == "open")

    def claims(self) -> Mapping[int, claims.Claim]:
        """Who works on what now."""
        return {claim.case_id: claim for claim in claims.read(self._stores, self._period)}

    def flagged(self) -> frozenset[int]:
        """Cases that wait for the supervisor's word."""
        return frozenset(case_notes.flagged(self._stores, self._period))

    def _state_of(self, standing: Standing) -> State:
        if standing.state == "pending":
            return "pending"
        settled = standing.state == "decided" and standing.verdict is not None
        if not settled or standing.verdict is None or standing.verdict.at < self._begun_at:
            return "open"
        return "unsure" if standing.verdict.answer == "UNSURE" else "closed"

    def _scope(self, by: Actor) -> frozenset[int]:
        """The cases that an account's codes cover; worked out once for each set of codes."""
        if by.counties not in self._scopes:
            self._scopes[by.counties] = frozenset(
                line.case_id for line in self.casebook.lines if scope.sees(by, line.counties, self.jurisdiction)
            )
        return self._scopes[by.counties]


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))
