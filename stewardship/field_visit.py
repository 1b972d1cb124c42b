"""The form by which a visit to a child is recorded: its fields, and what is wrong with what somebody typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from policy import divisions
from warehouse.stores import free_text

Kind = Literal["date", "choice", "yes_no", "division", "text"]
_DIVISION = re.compile(r"\d{6}(\d{3}(\d{3})?)?", re.ASCII)
_YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Field:
    """One field, named as the column of civil_affairs.field_visit that it becomes."""

    name: str
    kind: Kind
    choices: tuple[str, ...] = ()
    is_needed: bool = False


GROUPS: Mapping[str, tuple[Field, ...]] = {
    "when": (
        Field("visited_on", "date", is_needed=True),
        Field("visit_kind", "choice", ("in_home", "phone", "other"), is_needed=True),
    ),
    "home": (
        Field("living_with", "choice", ("both_parents", "father", "mother", "grandparents", "other", "nobody")),
        Field("residence_since", "date"),
    ),
    "found": (
        *(
            Field(name, "yes_no", ("yes", "no"))
            for name in (
                *("in_hardship", "lacks_guardianship", "is_vagrant", "dropped_out", "behaviour_anomaly"),
                *("asked_for_help", "single_parent"),
            )
        ),
        Field("emergency_division_code", "division"),
    ),
    "parents": (
        Field("father_away_since", "date"),
        Field("mother_away_since", "date"),
        Field("other_parent_capable", "yes_no", ("yes", "no")),
    ),
    "words": (Field("problems", "text"), Field("needs", "text"), Field("resolution", "text")),
}
"""The fields in the order of the page. Where the child lives stands beside them: see :func:`read`."""
RESIDENCE = "residence_division_code"
SAME, ELSEWHERE = "same", "elsewhere"


def read(
    form: Mapping[str, str], *, today: date, born_on: date | None, lives: str | None
) -> tuple[dict[str, object], dict[str, str]]:
    """What a form tells, by column, and what is wrong, by field: the key of the words that say it.

    ``born_on``: the first day that it can be; ``lives``: the code of the place where the child is known to live.
    """
    told: dict[str, object] = {}
    faults: dict[str, str] = {}
    for field in (field for group in GROUPS.values() for field in group):
        text = form.get(field.name, "").strip()
        if not text:
            told[field.name] = None
            if field.is_needed:
                faults[field.name] = "needed"
        elif field.kind == "date":
            told[field.name] = _day(text, field.name, today, born_on, faults)
        elif field.kind == "division":
            told[field.name] = _code(text, field.name, told["visited_on"], faults)
        elif field.kind == "text":
            told[field.name] = _words(text, field.name, faults)
        elif text not in field.choices:
            faults[field.name] = "no_choice"
        else:
            told[field.name] = _YES_NO[text] if field.kind == "yes_no" else text
    told[RESIDENCE] = _place(form, told, lives, faults)
    _hold_together(told, faults)
    return told, faults


def _day(text: str, name: str, today: date, born_on: date | None, faults: dict[str, str]) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        faults[name] = "no_date"
        return None
    if day > today:
        faults[name] = "lies_ahead"
    elif born_on is not None and day < born_on and name in ("visited_on", "residence_since"):
        faults[name] = "before_birth"
    return day


def _words(text: str, name: str, faults: dict[str, str]) -> str:
    if len(text) > free_text.LONGEST:
        faults[name] = "too_long"
    elif free_text.holds_number(text):
        faults[name] = "holds_number"
    return text


def _place(
    form: Mapping[str, str], told: Mapping[str, object], lives: str | None, faults: dict[str, str]
) -> str | None:
    """The code of where the child was found to live; None where nobody looked."""
    asked, code = form.get("lives", ""), form.get(RESIDENCE, "").strip()
    if asked == SAME and lives:
        return lives
    if asked != ELSEWHERE:
        return None
    return _code(code, RESIDENCE, told["visited_on"], faults)


def _code(text: str, name: str, on: object, faults: dict[str, str]) -> str:
    """A division's code that was typed; ``on``: the day of the visit, if it is one."""
    if not _DIVISION.fullmatch(text):
        faults[name] = "no_code"
    elif isinstance(on, date) and not divisions.load().is_county_unit(text[:6], on.year):
        faults[name] = "no_county"
    return text


def _hold_together(told: Mapping[str, object], faults: dict[str, str]) -> None:
    """What two fields say together."""
    on = told.get("visited_on")
    for name in ("residence_since", "father_away_since", "mother_away_since"):
        since = told.get(name)
        if isinstance(since, date) and isinstance(on, date) and since > on:
            faults.setdefault(name, "after_visit")
    if told.get("residence_since") and not told.get(RESIDENCE):
        faults.setdefault("residence_since", "no_place")
    if told.get("living_with") == "both_parents" and (told.get("father_away_since") or told.get("mother_away_since")):
        faults.setdefault("living_with", "parents_away")
