"""One jurisdiction's file, read strictly: what it may say, and errors that name the file and the key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import combinations
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

NATIONAL = "000000"


class RuleError(ValueError):
    """A jurisdiction's file can't be used as it is: says which file, which key, and what was expected."""


def _quoted(value: object) -> object:
    if isinstance(value, str) or value is None:
        return value
    raise ValueError("write it in quotes: YAML reads an unquoted code or date as something else")


Code = Annotated[str, BeforeValidator(_quoted), Field(pattern=r"^\d{6}$")]
Day = Annotated[date | None, BeforeValidator(_quoted)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Jurisdiction(_Strict):
    """Whose file it is; ``000000`` is the nation."""

    code: Code
    name: str


class Clause(_Strict):
    """A brief quotation of a notice: ``words`` as issued; ``as_told_in`` where the notice itself isn't at hand."""

    document: str
    words: str
    article: str | None = None
    as_told_in: str | None = None


class Sourced(_Strict):
    """Something with a source: a clause, or an interpretation where the notices are silent, or both."""

    clause: str | None = None
    interpretation: str | None = None

    @model_validator(mode="after")
    def _has_a_source(self) -> Self:
        if self.clause is None and self.interpretation is None:
            raise ValueError("needs a `clause`, or an `interpretation` that says what was chosen")
        return self


class Whole(Sourced):
    """A number of years, months, days or periods."""

    value: int = Field(ge=0, strict=True)
    effect: str


class Switch(Sourced):
    """Yes or no."""

    value: bool = Field(strict=True)
    effect: str


class CentralDistricts(Sourced):
    """Districts between which a move doesn't count: none, listed sets, or all of one prefecture-level city."""

    kind: Literal["none", "listed", "districts_of_one_city"]
    sets: tuple[tuple[Code, ...], ...] = ()

    @model_validator(mode="after")
    def _sets_only_if_listed(self) -> Self:
        if (self.kind == "listed") != bool(self.sets):
            raise ValueError("`sets` goes with `kind: listed`, and only with it")
        return self


Parameter = Whole | Switch | CentralDistricts


class InForce(_Strict):
    """First and last day of a rule; None: since ever, until further notice."""

    from_: Day = Field(alias="from")
    to: Day

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.from_ and self.to and self.from_ > self.to:
            raise ValueError(f"ends on {self.to}, before it begins on {self.from_}")
        return self

    def holds(self, on: date) -> bool:
        """Whether the rule was in force on that day."""
        return (self.from_ is None or self.from_ <= on) and (self.to is None or on <= self.to)

    def overlaps(self, other: InForce) -> bool:
        """Whether there is a day on which both are in force."""
        return (self.from_ or date.min) <= (other.to or date.max) and (other.from_ or date.min) <= (self.to or date.max)


class MigrantChild(_Strict):
    """One version of a file's rule for 流动儿童. What a lower file leaves out is taken from the file above."""

    rule_id: str
    in_force: InForce
    clause: str
    younger_than_years: Whole | None = None
    away_at_least_months: Whole | None = None
    boundary_included: Switch | None = None
    breaks_up_to_days: Whole | None = None
    born_there_within_days: Whole | None = None
    carried_periods: Whole | None = None
    transfers_in_doubt_years: Whole | None = None
    small_child_years: Whole | None = None
    central_districts: CentralDistricts | None = None

    def parameters(self) -> dict[str, Parameter]:
        """The parameters that this file states."""
        stated = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: value for name, value in stated.items() if isinstance(value, Parameter)}


class Source(_Strict):
    """How far one source of claims is believed: ``rank`` 1 first; ``confidence`` of one undisputed claim."""

    source: str
    rank: int = Field(ge=1)
    confidence: float = Field(gt=0, lt=1)


class Evidence(_Strict):
    """The order of evidence for the two places, and for what the child itself is."""

    hukou: tuple[Source, ...]
    residence: tuple[Source, ...]
    child: tuple[Source, ...]


class AgeBand(_Strict):
    """Ages in full years, both ends included."""

    band: str
    from_years: int = Field(ge=0)
    to_years: int = Field(ge=0)


class Interpretation(_Strict):
    """An open question in the notices and what is chosen until it is answered."""

    case: int
    question: str
    chosen: str
    parameter: str | None


class RuleFile(_Strict):
    """One file below ``policy/jurisdictions``."""

    jurisdiction: Jurisdiction
    clauses: dict[str, Clause]
    migrant_child: tuple[MigrantChild, ...]
    evidence: Evidence | None = None
    age_bands: tuple[AgeBand, ...] = ()
    interpretations: tuple[Interpretation, ...] = ()

    @model_validator(mode="after")
    def _one_version_a_day(self) -> Self:
        _check_versions(self.migrant_child)
        return self


class _NoDoubleKeys(yaml.SafeLoader):
    """YAML lets a second key of the same name win silently; a rule must not change that way."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        names = [key.value for key, _ in node.value]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise yaml.constructor.ConstructorError(None, None, f"key written twice: {doubled}", node.start_mark)
        return super().construct_mapping(node, deep)


def parse(text: str, where: str) -> RuleFile:
    """Read one file's text; ``where`` is what the error calls it."""
    try:
        return RuleFile.model_validate(yaml.load(text, Loader=_NoDoubleKeys))  # noqa: S506  # a SafeLoader
    except yaml.YAMLError as error:
        raise RuleError(f"{where}: not readable as YAML: {error}") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise RuleError(f"{where}: {faults}") from error


def _check_versions(versions: Sequence[MigrantChild]) -> None:
    names = [each.rule_id for each in versions]
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"migrant_child: several versions are called {doubled}; a status must name one")
    for one, other in combinations(versions, 2):
        if one.in_force.overlaps(other.in_force):
            raise ValueError(
                f"migrant_child: {one.rule_id} and {other.rule_id} are both in force on some day; "
                "let `in_force.to` of the older end the day before the newer begins"
            )
