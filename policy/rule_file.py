"""One jurisdiction's file, read strictly: what it may say, and errors that name the file and the key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import combinations
from typing import Annotated, Literal, Self

import yaml

try:
    from yaml import CSafeLoader as SafeLoader  # eight times as fast
except ImportError:
    from yaml import SafeLoader  # type: ignore[assignment]
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

NATIONAL = "000000"
_MONTHS = 12  # of a year


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


Status = Literal[
    "migrant", "not_migrant", "under_six_months", "out_of_age", "excluded_city_centre", "unaccompanied", "undetermined"
]
HukouKind = Literal["agricultural", "non_agricultural", "resident"]
Circumstance = Literal[
    "visit/in_hardship", "visit/lacks_guardianship", "visit/is_vagrant", "visit/dropped_out", "visit/behaviour_anomaly",
    "visit/asked_for_help", "visit/single_parent", "visit/living_alone",
    "welfare/orphan", "welfare/de_facto_unattended", "welfare/hiv_infected", "welfare/minimum_living_allowance",
    "welfare/low_income_margin", "welfare/extreme_poverty_support", "welfare/severe_illness_or_disability",
    "card/grade_1", "card/grade_2", "card/grade_3", "card/grade_4", "card/no_grade",
    "alert/red", "alert/orange", "alert/yellow", "alert/no_level",
    "enrolment/dropped_out", "enrolment/is_disabled_declared", "enrolment/hardship_extreme", "enrolment/hardship_hard",
    "enrolment/hardship_general", "health/severe_mental_disorder", "status/unaccompanied", "roll/left",
]  # fmt: skip
"""What a list may rest on: the words of ``core.circumstance``; ``status/``, ``roll/`` propose for the ledger."""


class Statuses(Sourced):
    """Statuses of 流动儿童 that a list is about."""

    value: tuple[Status, ...] = Field(min_length=1)
    effect: str


class HukouKinds(Sourced):
    """Kinds of hukou (户口类别)."""

    value: tuple[HukouKind, ...] = Field(min_length=1)
    effect: str


class Category(Sourced):
    """One category of a list, and what of a child's circumstances proposes it."""

    category: str = Field(pattern=r"^[a-z_]+$")
    title: str
    triggers: tuple[Circumstance, ...] = Field(min_length=1)


class Categories(Sourced):
    """The categories of a list, stated together: a file that differs states them all."""

    value: tuple[Category, ...] = Field(min_length=1)
    effect: str

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        names = [each.category for each in self.value]
        if doubled := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"categories stated twice: {doubled}")
        return self


class Cadence(Sourced):
    """How often a group is visited and contacted, in calendar months. Without a clause the notice sets no interval."""

    visit_months: int = Field(ge=1, strict=True)
    contact_months: int | None = Field(ge=1, strict=True)
    effect: str


Parameter = Whole | Switch | CentralDistricts | Statuses | HukouKinds | Categories | Cadence


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


class Rule(_Strict):
    """One version of a file's rule. What a lower file leaves out is taken from the file above."""

    rule_id: str
    in_force: InForce
    clause: str

    def parameters(self) -> dict[str, Parameter]:
        """The parameters that this file states."""
        stated = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: value for name, value in stated.items() if isinstance(value, Parameter)}


class MigrantChild(Rule):
    """流动儿童."""

    younger_than_years: Whole | None = None
    away_at_least_months: Whole | None = None
    boundary_included: Switch | None = None
    breaks_up_to_days: Whole | None = None
    born_there_within_days: Whole | None = None
    carried_periods: Whole | None = None
    transfers_in_doubt_years: Whole | None = None
    small_child_years: Whole | None = None
    came_together_within_days: Whole | None = None
    central_districts: CentralDistricts | None = None


class StatisticsPopulation(Rule):
    """统计分析对象: who left the township of the hukou. Never added to 监测摸排对象."""

    younger_than_years: Whole | None = None
    away_at_least_months: Whole | None = None
    boundary_included: Switch | None = None


class BaseList(Rule):
    """摸排底数: what the visits begin from."""

    statuses: Statuses | None = None


class KeyCare(Rule):
    """重点关爱服务对象台账."""

    statuses: Statuses | None = None
    categories: Categories | None = None
    asking_across_townships: Switch | None = None
    review_every_months: Whole | None = None


class LeftBehind(Rule):
    """农村留守儿童, by the rule of the hukou county."""

    younger_than_years: Whole | None = None
    away_at_least_months: Whole | None = None
    boundary_included: Switch | None = None
    urban_hukou: HukouKinds | None = None
    one_away_other_incapable: Switch | None = None


class Distressed(Rule):
    """困境儿童."""

    younger_than_years: Whole | None = None
    categories: Categories | None = None


class SingleParent(Rule):
    """单亲家庭儿童."""

    younger_than_years: Whole | None = None


class Visits(Rule):
    """走访、联系: a cadence a group, the strictest of a child's groups holding."""

    every_migrant_child: Switch | None = None
    migrant: Cadence | None = None
    key_care: Cadence | None = None
    left_behind: Cadence | None = None
    distressed: Cadence | None = None
    single_parent: Cadence | None = None
    more_often_months: Whole | None = None
    notice_days: Whole | None = None


class Villages(Rule):
    """Villages with so many left-behind and distressed children that they need one more child director."""

    more_than: Whole | None = None
    watch_from: Whole | None = None


class SchoolAge(Rule):
    """Who should be at school (义务教育)."""

    from_years: Whole | None = None
    years_of_schooling: Whole | None = None
    begins_in_month: Whole | None = None
    mid_year_from_months: Whole | None = None
    mid_year_up_to_months: Whole | None = None

    @model_validator(mode="after")
    def _months_of_a_year(self) -> Self:
        if self.begins_in_month and not 1 <= self.begins_in_month.value <= _MONTHS:
            raise ValueError(f"`begins_in_month` is {self.begins_in_month.value}; a month is 1 to {_MONTHS}")
        for name in ("mid_year_from_months", "mid_year_up_to_months"):
            stated = getattr(self, name)
            if stated and stated.value >= _MONTHS:
                raise ValueError(f"`{name}` is {stated.value}; a school year has months 0 to {_MONTHS - 1}")
        return self


class Events(Rule):
    """Days within which what happens between two closes is looked into."""

    high_cost_alert_days: Whole | None = None
    dropout_days: Whole | None = None
    new_disability_card_days: Whole | None = None
    school_age_not_enrolled_days: Whole | None = None


class Watched(Rule):
    """Counties chosen for dynamic monitoring (动态监测): how often they are looked at between two closes."""

    every_days: Whole | None = None


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
    parameter: str | None = Field(pattern=r"^[a-z_]+\.[a-z_]+$")  # section.parameter
    why_none: str | None = None

    @model_validator(mode="after")
    def _points_at_one_or_says_why_not(self) -> Self:
        if (self.parameter is None) == (self.why_none is None):
            raise ValueError("names a `parameter`, or says in `why_none` why there is none")
        return self


class RuleFile(_Strict):
    """One file below ``policy/jurisdictions``: sections of rules, each with its versions in time."""

    jurisdiction: Jurisdiction
    clauses: dict[str, Clause]
    migrant_child: tuple[MigrantChild, ...] = ()
    statistics_population: tuple[StatisticsPopulation, ...] = ()
    base_list: tuple[BaseList, ...] = ()
    key_care: tuple[KeyCare, ...] = ()
    left_behind: tuple[LeftBehind, ...] = ()
    distressed: tuple[Distressed, ...] = ()
    single_parent: tuple[SingleParent, ...] = ()
    visits: tuple[Visits, ...] = ()
    villages: tuple[Villages, ...] = ()
    school_age: tuple[SchoolAge, ...] = ()
    events: tuple[Events, ...] = ()
    watched: tuple[Watched, ...] = ()
    evidence: Evidence | None = None
    age_bands: tuple[AgeBand, ...] = ()
    interpretations: tuple[Interpretation, ...] = ()

    @model_validator(mode="after")
    def _one_version_a_day(self) -> Self:
        for section in SECTIONS:
            _check_versions(section, self.rules(section))
        return self

    def rules(self, section: str) -> tuple[Rule, ...]:
        """The versions of one section's rule."""
        found: tuple[Rule, ...] = getattr(self, section)
        return found


SECTIONS: dict[str, type[Rule]] = {
    "migrant_child": MigrantChild,
    "statistics_population": StatisticsPopulation,
    "base_list": BaseList,
    "key_care": KeyCare,
    "left_behind": LeftBehind,
    "distressed": Distressed,
    "single_parent": SingleParent,
    "visits": Visits,
    "villages": Villages,
    "school_age": SchoolAge,
    "events": Events,
    "watched": Watched,
}


class _NoDoubleKeys(SafeLoader):
    """YAML lets a second key of the same name win silently; a rule must not change that way."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        names = [key.value for key, _ in node.value]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise yaml.constructor.ConstructorError(None, None, f"key written twice: {doubled}", node.start_mark)
        return super().construct_mapping(node, deep)


def read_yaml(text: str) -> object:
    """Read YAML in which no key stands twice. Raises :class:`yaml.YAMLError`."""
    return yaml.load(text, Loader=_NoDoubleKeys)  # noqa: S506  # a SafeLoader


def parse(text: str, where: str) -> RuleFile:
    """Read one file's text; ``where`` is what the error calls it."""
    try:
        return RuleFile.model_validate(read_yaml(text))
    except yaml.YAMLError as error:
        raise RuleError(f"{where}: not readable as YAML: {error}") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise RuleError(f"{where}: {faults}") from error


def _check_versions(section: str, versions: Sequence[Rule]) -> None:
    names = [each.rule_id for each in versions]
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{section}: several versions are called {doubled}; a row must name one")
    for one, other in combinations(versions, 2):
        if one.in_force.overlaps(other.in_force):
            raise ValueError(
                f"{section}: {one.rule_id} and {other.rule_id} are both in force on some day; "
                "let `in_force.to` of the older end the day before the newer begins"
            )
