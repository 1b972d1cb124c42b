"""The kinds of comparison that a model file may name."""

from __future__ import annotations

from collections.abc import Mapping

from matching.comparison.comparison import Comparison, SpecError
from matching.comparison.dates import BirthDate, Date
from matching.comparison.household import GuardianName, InCommon, Shared
from matching.comparison.numbers import CitizenNumber, OwnNumber
from matching.comparison.persons import PersonName
from matching.comparison.sources import Source
from matching.comparison.spec import FieldSpec
from matching.comparison.values import Amount, Exact, NumberText, TextLike, WordSet

KINDS: dict[str, type[Comparison]] = {
    # of any column
    "exact": Exact,
    "text": TextLike,
    "number": NumberText,
    "date": Date,
    "amount": Amount,
    "words": WordSet,
    "source": Source,
    # of profiles of children
    "person_name": PersonName,
    "birth_date": BirthDate,
    "citizen_number": CitizenNumber,
    "own_number": OwnNumber,
    "guardian_name": GuardianName,
    "in_common": InCommon,
    "shared": Shared,
}


def check(fields: Mapping[str, FieldSpec]) -> None:
    """Raise :class:`SpecError` where a field asks for what no comparison does."""
    for name, spec in fields.items():
        if spec.kind not in KINDS:
            raise SpecError(f"fields.{name}.kind: `{spec.kind}` is none of {sorted(KINDS)}")
        KINDS[spec.kind].check(name, spec)
        absent = set(KINDS[spec.kind].beside) - set(fields)
        if absent:
            raise SpecError(f"fields.{name}: kind `{spec.kind}` needs the fields {sorted(absent)} beside it")
        for beside, levels in spec.neutral_where.items():
            if beside not in fields or set(levels) - set(fields[beside].level_names):
                raise SpecError(f"fields.{name}.neutral_where: no field `{beside}` with the levels {list(levels)}")
            if fields[beside].neutral_where:
                raise SpecError(f"fields.{name}.neutral_where: `{beside}` must not itself be neutral beside another")
