"""What the notices ask for by a day, and whether it is done: the calendar of a bureau."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Annotated, Literal, Self

import sqlalchemy as sa
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from policy.divisions import load as divisions
from policy.period import Period
from warehouse.releases import Release
from warehouse.stores import obligations, seals

State = Literal["done", "overdue", "due_in_7_days", "due_in_30_days", "later", "before_this_home"]
Entered = Callable[[Period], tuple[int, int]]  # of a period's migrant children: in the national system, and all
STATES = {
    "done": "已完成",
    "overdue": "逾期",
    "due_in_7_days": "七日内到期",
    "due_in_30_days": "三十日内到期",
    "later": "未到期",
    "before_this_home": "本系统启用前",
}


class CalendarError(ValueError):
    """The calendar can't be read as it is; names the key."""


def _quoted(value: object) -> object:
    if isinstance(value, str) or value is None:
        return value
    raise ValueError("write it in quotes: YAML reads an unquoted code or date as something else")


Day = Annotated[date, BeforeValidator(_quoted)]
Code = Annotated[str, BeforeValidator(_quoted), Field(pattern=r"^\d{6}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Clause(_Strict):
    """The words that ask for it."""

    document: str
    article: str
    words: str


class InForce(_Strict):
    """From when until when it is asked for; both days included, null without end."""

    since: Day = Field(alias="from")
    to: Annotated[date | None, BeforeValidator(_quoted)]


class HalfYear(_Strict):
    """So many days after each reference date."""

    days_after: int = Field(ge=0)


class Due(_Strict):
    """When: after each half-year, on one day of every year (MM-DD), or on days that the notice names."""

    each_half_year: HalfYear | None = None
    yearly: str | None = Field(default=None, pattern=r"^\d{2}-\d{2}$")
    days: tuple[Day, ...] = ()

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if sum(map(bool, (self.each_half_year, self.yearly, self.days))) != 1:
            raise ValueError("say one of each_half_year, yearly, days")
        return self


class DoneBy(_Strict):
    """What shows that it was done, beside somebody's word."""

    sealed: str | None = None
    entered: bool = False
    recorded: bool = False


class Obligation(_Strict):
    """One thing that a notice asks for by a day."""

    name: str
    title: str
    jurisdictions: tuple[Code, ...]
    in_force: InForce
    clauses: dict[Code, Clause]  # the words by place; elsewhere the first are cited as told there
    due: Due
    interpretation: str | None = None
    done_by: DoneBy

    def days(self, first: date, last: date) -> Iterator[tuple[date, Period]]:
        """Days on which it is due from ``first`` to ``last``, each with the half-year that it speaks of."""
        for day, period in self._all_days(first.year - 1, last.year):
            if first <= day <= last and self.in_force.since <= day <= (self.in_force.to or date.max):
                yield day, period

    def asked_by(self, jurisdiction: str) -> tuple[Clause, bool]:
        """The words that ask a place for it, and whether they are those of its own notice or one above."""
        own = [code for code in _upwards(jurisdiction) if code in self.clauses]
        return (self.clauses[own[0]], True) if own else (next(iter(self.clauses.values())), False)

    def _all_days(self, first_year: int, last_year: int) -> Iterator[tuple[date, Period]]:
        years = range(first_year, last_year + 1)
        if self.due.each_half_year:
            after = timedelta(days=self.due.each_half_year.days_after)
            for period in (Period(f"{year}H{half}") for year in years for half in (1, 2)):
                yield period.as_of + after, period
        elif self.due.yearly:
            for year in years:
                day = date.fromisoformat(f"{year}-{self.due.yearly}")
                yield day, Period.holding(day)
        else:
            yield from ((day, Period.holding(day).previous) for day in self.due.days)


class Milestone(_Strict):
    """A day of a plan that lies behind: text only."""

    when: str
    words: str
    document: str
    jurisdictions: tuple[Code, ...]
    note: str | None = None


class _Calendar(_Strict):
    obligations: tuple[Obligation, ...]
    milestones: tuple[Milestone, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One obligation on one day, as it stands."""

    obligation: Obligation
    due_on: date
    period: Period  # the half-year it speaks of
    state: State
    shown_by: str | None  # what shows that it was done


@cache
def load() -> _Calendar:
    """Read ``calendar.yml``; raises :class:`CalendarError` that names the key."""
    return parse((resources.files("reporting") / "calendar.yml").read_text(encoding="utf-8"))


def parse(text: str) -> _Calendar:
    """A calendar from YAML."""
    try:
        return _Calendar.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise CalendarError(f"reporting/calendar.yml: {faults}") from None


def binding(jurisdiction: str) -> list[Obligation]:
    """What binds a place: what its own, its prefecture's or its province's notice asks, and what all ask."""
    return [each for each in load().obligations if _binds(each.jurisdictions, jurisdiction)]


def milestones(jurisdiction: str) -> list[Milestone]:
    """Milestones that bound a place."""
    return [each for each in load().milestones if _binds(each.jurisdictions, jurisdiction)]


def _binds(asked: tuple[str, ...], jurisdiction: str) -> bool:
    return bool({"000000", *_upwards(jurisdiction)} & set(asked))


def _upwards(jurisdiction: str) -> list[str]:
    """A place and those above it, nearest first."""
    return [jurisdiction, *filter(None, astuple(divisions().ancestors(jurisdiction)))]


def items(stores: sa.Engine, release: Release, jurisdiction: str, on: date, entered: Entered) -> list[Item]:
    """Everything due from a year before ``on`` to a year after, by day. ``entered`` is asked of published periods."""
    first = min(map(Period, release.periods), default=Period.holding(on))
    done = _evidence(stores, release, jurisdiction, entered)
    found = [
        Item(each, day, period, *_state(each, day, period, on, first, done(each, day, period)))
        for each in binding(jurisdiction)
        for day, period in each.days(on - timedelta(days=365), on + timedelta(days=365))
    ]
    return sorted(found, key=lambda item: (item.due_on, item.obligation.name))


def _state(
    of: Obligation, day: date, period: Period, on: date, first: Period, shown_by: str | None
) -> tuple[State, str | None]:
    """How it stands ``on`` that day. What speaks of the time before the home's first half-year is not its to answer."""
    if shown_by is not None:
        return "done", shown_by
    if day < first.begins_on or (period < first and not of.done_by.recorded):
        return "before_this_home", None
    left = (day - on).days
    if left < 0:
        return "overdue", None
    return ("due_in_7_days" if left <= 7 else "due_in_30_days" if left <= 30 else "later"), None


def _evidence(
    stores: sa.Engine, release: Release, jurisdiction: str, entered: Entered
) -> Callable[[Obligation, date, Period], str | None]:
    """A question: what shows that this was done for that day?"""
    met = {(each.obligation, each.due_on): each for each in obligations.read(stores)}
    sealed = {
        (each.pack, each.period): each
        for each in seals.read(stores)
        if each.audience == "internal" and each.jurisdiction == jurisdiction
    }

    def shown(obligation: Obligation, day: date, period: Period) -> str | None:
        if word := met.get((obligation.name, day)):
            return f"{word.met_on} {word.os_user}：{word.reason}"
        if seal := sealed.get((obligation.done_by.sealed or "", str(period))):
            return f"封签 {seal.sha256[:16]} {seal.at:%Y-%m-%d}"
        if obligation.done_by.entered and str(period) in release.periods:
            children, of = entered(period)
            return f"已录入 {children:,} 人" if children == of > 0 else None
        return None

    return shown
