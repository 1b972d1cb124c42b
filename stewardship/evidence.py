"""A case's records side by side: what each department delivered, fact by fact, beside the other child's."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field

from policy import divisions
from policy.divisions import DivisionFault
from policy.period import Period
from stewardship.casebook import Row
from stewardship.differences import Kind, State, differing, fold, state
from stewardship.masking import Masking, masked
from stewardship.waterfall import MISSING, Waterfall

UNUSABLE = frozenset(
    {
        *("placeholder", "malformed", "failed_check", "destroyed", "guardian", "other_document", "shared", "borrowed"),
        *("doubtful", "no_such_day", "unknown", "future", "fifteen"),
    }
)
"""Faults that leave nothing of a value to go by; with any other the value is compared, the fault beside it."""
_NUMBER_BLOCKS = ((0, 6), (6, 14), (14, 18))
_JUDGED = ("born_on", "sex", "ethnic_code")
_SHOWN_AS_JUDGED = ("born_on", "sex")


class Fact(BaseModel):
    """One row of ``evidence.yml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    field: str | None
    kind: Kind
    columns: tuple[str, ...] = Field(alias="from")
    mask: Masking | None = None
    each: bool = False


class Piece(NamedTuple):
    """A character as it is drawn: hidden perhaps, marked where the other child's value has another."""

    text: str
    differs: bool
    sound: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """One delivered value: its pieces in blocks, what is wrong with it, what the run read in it, what it is called.

    ``places``: a division's name on the reference date; behind it its successors' where it is no more.
    """

    column: str
    blocks: tuple[tuple[Piece, ...], ...]
    fault: str | None
    judged: str | None
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """What one record says of one fact."""

    state: State
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact over all records. ``gain`` is the machine's weight of it for the flagged pair."""

    fact: str
    field: str | None
    level: str | None
    gain: float | None
    is_masked: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """The head of a column: one delivered row. ``side`` is 0 or 1, the child that the machine holds it for."""

    entry_id: int
    side: int
    is_flagged: bool
    feed: str
    table: str
    file: str
    row_no: int
    child_id: str


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Records in columns, flagged ones first; facts in rows, the weightiest first."""

    records: tuple[Record, ...]
    rows: tuple[FactRow, ...]


@cache
def facts() -> Mapping[str, Fact]:
    """The facts that are shown, in the order that they have where none weighs more."""
    text = (resources.files("stewardship") / "evidence.yml").read_text(encoding="utf-8")
    return {name: Fact.model_validate(stated) for name, stated in yaml.safe_load(text).items()}


def side_by_side(
    sides: tuple[Sequence[Row], Sequence[Row]],
    pair: Row,
    weighed: Waterfall,
    period: Period,
    revealed: Collection[str] = (),
) -> SideBySide:
    """Lay two children's entries out around the flagged ``pair``. Facts in ``revealed`` are shown unmasked."""
    flagged = (pair["left_entry_id"], pair["right_entry_id"])
    ordered = [(side, row) for side in (0, 1) for row in sides[side]]
    ordered.sort(key=lambda each: (each[1]["entry_id"] not in flagged, each[0], each[1]["entry_id"]))
    told = [_Told(row, period) for _, row in ordered]
    opposite = {side: next(one for one, (of, _) in zip(told, ordered, strict=True) if of != side) for side in (0, 1)}
    against = [told.index(opposite[side]) for side, _ in ordered]
    steps = {step.field: step for step in weighed.steps}
    rows = []
    for name, fact in facts().items():
        said = [one.said(name, fact) for one in told]
        if any(each.texts for each in said):
            cells = tuple(
                _cell(name, fact, one, mine, said[other], name in revealed)
                for one, mine, other in zip(told, said, against, strict=True)
            )
            both_say = all(cell.values for cell in cells[:2])
            step = steps.get(fact.field or "") if both_say else None
            level = str(pair.get(fact.field) or MISSING) if fact.field and both_say else None
            hidden = fact.mask is not None and name not in revealed
            rows.append(FactRow(name, fact.field, level, step.gain if step else None, hidden, cells))
    rows.sort(key=lambda row: (-abs(row.gain or 0.0), row.level is None))
    records = tuple(
        Record(
            row["entry_id"],
            side,
            row["entry_id"] in flagged,
            row["feed"],
            row["table_name"],
            row["file"],
            row["row_no"],
            row["child_id"] or "",
        )
        for side, row in ordered
    )
    return SideBySide(records, tuple(rows))


class _Said(NamedTuple):
    """What one entry says of one fact: columns with their texts; by column the values that can be compared."""

    texts: Sequence[tuple[str, str]]
    folded: Mapping[str, set[str]]


class _Told:
    """What one entry says, as delivered, with what the run made of it."""

    def __init__(self, row: Row, period: Period) -> None:
        self._row = row
        self._as_of = period.as_of
        self._delivered: dict[str, Any] = json.loads(row["delivered"] or "{}")
        self._names = {each["delivered"]: each for each in row["names"] or ()}
        self._faults: Mapping[str, str] = dict(row["faults"] or ())

    def said(self, name: str, fact: Fact) -> _Said:
        """What it says of a fact."""
        found = ((column, str(self._delivered.get(column) or "").strip()) for column in fact.columns)
        texts = [(column, text) for column, text in found if text]
        return _Said(texts, self._folded(name, fact, texts) if texts else {})

    def fault(self, column: str) -> str | None:
        """What the run found wrong with a column."""
        if column == "citizen_no" and self._row["citizen_no_state"] in UNUSABLE:
            return str(self._row["citizen_no_state"])
        return self._faults.get(column)

    def _folded(self, name: str, fact: Fact, texts: Sequence[tuple[str, str]]) -> dict[str, set[str]]:
        """Comparable values by column, those that are good for nothing left out."""
        usable = [(column, text) for column, text in texts if self.fault(column) not in UNUSABLE]
        if fact.kind == "place":
            codes = self._row[f"{name.removesuffix('_county')}_codes"] or ()
            return {column: set(codes) for column, _ in usable if codes}
        if name in _JUDGED:
            judged = self.judged(name)
            return {column: {fold(judged)} for column, _ in usable if judged is not None}
        if fact.kind == "name":
            return {column: {fold(self._folded_name(text))} for column, text in usable}
        return {column: {fold(text)} for column, text in usable}

    def judged(self, name: str) -> str | None:
        """What the run read in a fact of which an entry has one value."""
        judged = self._row.get(name)
        return None if judged is None else str(judged)

    def sounds(self, text: str) -> Sequence[str]:
        """A syllable a character of a name, a space where that is one; nothing where the run knows more or fewer."""
        known = self._names.get(text)
        syllables = list((known and known["syllables"]) or ())
        if len(syllables) != sum(not letter.isspace() for letter in text):
            return ()
        return [" " if letter.isspace() else syllables.pop(0) for letter in text]

    def places(self, text: str) -> tuple[str, ...]:
        """What a division's code was last called, and what has taken its place by the reference date."""
        known = divisions.load()
        place = known.resolve(text, self._as_of)
        code = divisions.fold(text)[:6]
        own = known.name(code, self._as_of) if code.isdecimal() and len(code) == 6 else text
        if place.fault is DivisionFault.RETIRED:
            return (own, *(known.name(each, self._as_of) for each in place.codes))
        names = tuple(known.name(each, self._as_of) for each in place.codes)
        return names or ((own,) if own != code else ())

    def _folded_name(self, text: str) -> str:
        known = self._names.get(text)
        return str((known and known["folded"]) or text)


def _cell(name: str, fact: Fact, one: _Told, mine: _Said, other: _Said, is_revealed: bool) -> Cell:
    if not mine.texts:
        return Cell(State.MISSING, ())
    values, usable = [], set().union(*other.folded.values())
    for column, text in mine.texts:
        theirs = [each for of, each in other.texts if of in other.folded and (of == column or not fact.each)]
        if mine.folded.get(column, set()) & usable or one.fault(column) in UNUSABLE:
            theirs = []  # equal as the run reads them: what differs is how they are written; or good for nothing
        judged = one.judged(name) if name in _SHOWN_AS_JUDGED else None
        places = one.places(text) if fact.kind == "place" else ()
        blocks = _blocks(fact, text, theirs, one.sounds(text), is_revealed)
        values.append(Value(column, blocks, one.fault(column), judged, places))
    return Cell(_state(fact, mine.folded, other.folded), tuple(values))


def _state(fact: Fact, mine: Mapping[str, set[str]], theirs: Mapping[str, set[str]]) -> State:
    if not mine:
        return State.INVALID
    if not fact.each:
        return state(set().union(*mine.values()), set().union(*theirs.values()), fact.kind)
    found = {state(values, theirs.get(column, ()), fact.kind) for column, values in mine.items()}
    return next(each for each in State if each in found)


def _blocks(
    fact: Fact, text: str, others: Sequence[str], sounds: Sequence[str], is_revealed: bool
) -> tuple[tuple[Piece, ...], ...]:
    """Draw one value, marked where it differs from the nearest of the other child's."""
    nearest = min(others, key=lambda each: (len(differing(text, each)), each), default=None)
    compared = nearest is not None and fact.kind not in ("word", "place")
    marks = differing(text, nearest) if compared and nearest is not None else frozenset()
    if len(marks) == sum(not letter.isspace() for letter in text):
        marks = frozenset()  # another name or number altogether: marking all of it marks nothing
    shown = text if fact.mask is None or is_revealed else masked(text, fact.mask)
    heard = sounds if fact.kind == "name" else ()
    pieces = tuple(Piece(letter, place in marks, heard[place] if heard else "") for place, letter in enumerate(shown))
    cuts = _NUMBER_BLOCKS if fact.kind == "citizen_no" and len(text) == 18 else ((0, len(text)),)
    return tuple(pieces[begin:end] for begin, end in cuts)
