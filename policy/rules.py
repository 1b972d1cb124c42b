"""The law as data: what each jurisdiction's file says, laid over those above it, as rules in force on a date.

A file states only what differs from the nearest one above (county, prefecture, province, nation). It is read strictly:
an unknown key, an unquoted date or a clause nobody wrote stops the program with the file and the key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, Self

import pyarrow as pa
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from policy.divisions import Divisions
from policy.divisions import load as load_divisions

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


class InForce(_Strict):
    """First and last day of a rule; None: since ever, until further notice."""

    from_: Day = Field(alias="from")
    to: Day

    def holds(self, on: date) -> bool:
        """Whether the rule was in force on that day."""
        return (self.from_ is None or self.from_ <= on) and (self.to is None or on <= self.to)


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

    def parameters(self) -> dict[str, Whole | Switch | CentralDistricts]:
        """The parameters that this file states."""
        stated = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: value for name, value in stated.items() if isinstance(value, Whole | Switch | CentralDistricts)}


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


@dataclass(frozen=True, slots=True)
class MigrantRule:
    """The rule for children who live in one county, whole: every parameter from the nearest file that states it.

    ``jurisdiction`` is the code of the file whose rule it is; ``has_own_file`` says whether that is the county's own.
    """

    county: str
    rule_id: str
    jurisdiction: str
    has_own_file: bool
    clause: str
    younger_than_years: int
    away_at_least_months: int
    boundary_included: bool
    breaks_up_to_days: int
    born_there_within_days: int
    carried_periods: int
    transfers_in_doubt_years: int
    small_child_years: int
    central_districts: CentralDistricts
    central_from: str


class Rules:
    """All files together. Make it with :func:`load`, or from files of your own in a test."""

    def __init__(self, rule_files: Sequence[RuleFile], divisions: Divisions | None = None) -> None:
        self.files: Mapping[str, RuleFile] = {file.jurisdiction.code: file for file in rule_files}
        self.divisions = divisions or load_divisions()
        self._tables: dict[date, dict[str, pa.Table]] = {}
        if NATIONAL not in self.files:
            raise RuleError("policy/jurisdictions: no file for the nation (000000), from which the others differ")
        self.clauses = {name: clause for file in rule_files for name, clause in file.clauses.items()}
        for file in rule_files:
            _check_clauses(file, self.clauses)
        _check_nation(self.files[NATIONAL])

    def chain(self, code: str, on: date) -> list[tuple[str, MigrantChild]]:
        """Rules that bear on a county on a date, nearest first: (jurisdiction, what its file says)."""
        above = self.divisions.ancestors(code, on)
        codes = dict.fromkeys([code, above.prefecture, above.province, NATIONAL])
        found = ((each, self.files[each]) for each in codes if each is not None and each in self.files)
        return [(each, rule) for each, file in found for rule in file.migrant_child if rule.in_force.holds(on)]

    def migrant_rule(self, county: str, on: date) -> MigrantRule:
        """Return the rule for children who live in ``county``, as in force on the date."""
        chain = self.chain(county, on)
        if not chain:
            raise RuleError(
                f"no rule for {county} is in force on {on}: not even the nation's. See in_force in its file."
            )
        stated: dict[str, Whole | Switch | CentralDistricts] = {}
        central_from = NATIONAL
        for jurisdiction, rule in reversed(chain):
            stated |= rule.parameters()
            if rule.central_districts is not None:
                central_from = jurisdiction
        values = {name: value.value for name, value in stated.items() if not isinstance(value, CentralDistricts)}
        central = stated["central_districts"]
        if not isinstance(central, CentralDistricts):
            raise RuleError("central_districts is no number")
        nearest, rule = chain[0]
        return MigrantRule(
            county=county,
            rule_id=rule.rule_id,
            jurisdiction=nearest,
            has_own_file=nearest == county,
            clause=rule.clause,
            central_districts=central,
            central_from=central_from,
            **values,  # type: ignore[arg-type]  # names and types checked by the strict models
        )

    def is_central_pair(self, residence: str, hukou: str, on: date) -> bool:
        """Whether two different counties lie in one city's centre, by the residence county's rule."""
        central = self.migrant_rule(residence, on).central_districts
        if residence == hukou or central.kind == "none":
            return False
        if central.kind == "listed":
            return any(residence in each and hukou in each for each in central.sets)
        return self.divisions.same_city_districts(residence, hukou, on)

    def tables(self, on: date) -> dict[str, pa.Table]:
        """All that SQL needs of the law on a date, by table name in the schema ``policy``. Made once a date."""
        if on not in self._tables:
            self._tables[on] = self._make_tables(on)
        return self._tables[on]

    def _make_tables(self, on: date) -> dict[str, pa.Table]:
        counties = self.divisions.county_units(on)
        rules = [self.migrant_rule(code, on) for code in sorted(counties.column("code").to_pylist())]
        return {
            "county": counties,
            "migrant_rule": _rule_table([*rules, self.migrant_rule(NATIONAL, on)]),
            "central_pair": _pair_table(self._central_pairs(rules, counties)),
            "transfer": self.divisions.partial_transfers(),
            "clause": _clause_table(self.clauses),
            "evidence_source": _evidence_table(self.files[NATIONAL]),
            "age_band": _band_table(self.files[NATIONAL]),
        }

    def _central_pairs(self, rules: Sequence[MigrantRule], counties: pa.Table) -> Iterator[tuple[str, str, str]]:
        """(residence county, hukou county, jurisdiction that says so), in the order of the residence counties."""
        cities = _districts_by_city(counties)
        for rule in rules:
            for members in _sets_with(rule, cities):
                yield from ((rule.county, other, rule.central_from) for other in members if other != rule.county)


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


@cache
def load() -> Rules:
    """Read the committed files once a process."""
    folder = files("policy").joinpath("jurisdictions")
    found = sorted((item for item in folder.iterdir() if item.name.endswith(".yml")), key=lambda item: item.name)
    return Rules([parse(item.read_text(encoding="utf-8"), f"policy/jurisdictions/{item.name}") for item in found])


def _check_clauses(file: RuleFile, known: Mapping[str, Clause]) -> None:
    for rule in file.migrant_child:
        cited = [rule.clause, *(value.clause for value in rule.parameters().values())]
        missing = sorted({clause for clause in cited if clause is not None and clause not in known})
        if missing:
            raise RuleError(
                f"{file.jurisdiction.code}: {rule.rule_id} cites {missing}, which no file's `clauses` holds. "
                f"Add the quotation, or cite one of {sorted(known)}."
            )


def _check_nation(file: RuleFile) -> None:
    """The nation's file leaves nothing out: there is none above it."""
    for rule in file.migrant_child:
        optional = {name for name, field in MigrantChild.model_fields.items() if not field.is_required()}
        missing = sorted(optional - rule.parameters().keys())
        if missing:
            raise RuleError(f"national: {rule.rule_id} doesn't state {missing}; no file above it could")
    if file.evidence is None or not file.age_bands:
        raise RuleError("national: `evidence` and `age_bands` must be stated there")


def _districts_by_city(counties: pa.Table) -> dict[str, tuple[str, ...]]:
    """市辖区 of each prefecture-level city, by any of them. A municipality's districts have no prefecture."""
    cities: dict[str, list[str]] = {}
    for row in counties.to_pylist():
        if row["type"] == "市辖区" and row["prefecture"]:
            cities.setdefault(row["prefecture"], []).append(row["code"])
    return {code: tuple(sorted(codes)) for codes in cities.values() for code in codes}


def _sets_with(rule: MigrantRule, cities: Mapping[str, tuple[str, ...]]) -> Sequence[tuple[str, ...]]:
    central = rule.central_districts
    if central.kind == "listed":
        return [each for each in central.sets if rule.county in each]
    if central.kind == "districts_of_one_city" and rule.county in cities:
        return [cities[rule.county]]
    return []


def _rule_table(rules: Sequence[MigrantRule]) -> pa.Table:
    columns = {
        "county": pa.string(),
        "rule_id": pa.string(),
        "jurisdiction": pa.string(),
        "has_own_file": pa.bool_(),
        "clause": pa.string(),
        "younger_than_years": pa.int32(),
        "away_at_least_months": pa.int32(),
        "boundary_included": pa.bool_(),
        "breaks_up_to_days": pa.int32(),
        "born_there_within_days": pa.int32(),
        "carried_periods": pa.int32(),
        "transfers_in_doubt_years": pa.int32(),
        "small_child_years": pa.int32(),
    }
    return pa.table({name: pa.array([getattr(rule, name) for rule in rules], kind) for name, kind in columns.items()})


def _pair_table(pairs: Iterator[tuple[str, str, str]]) -> pa.Table:
    rows = sorted(set(pairs))
    names = ("residence_county", "hukou_county", "jurisdiction")
    return pa.table({name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(names)})


def _clause_table(clauses: Mapping[str, Clause]) -> pa.Table:
    rows = sorted(clauses.items())
    return pa.table(
        {
            "clause": pa.array([name for name, _ in rows], pa.string()),
            "document": pa.array([clause.document for _, clause in rows], pa.string()),
            "article": pa.array([clause.article for _, clause in rows], pa.string()),
            "as_told_in": pa.array([clause.as_told_in for _, clause in rows], pa.string()),
            "words": pa.array([clause.words for _, clause in rows], pa.string()),
        }
    )


def _evidence_table(nation: RuleFile) -> pa.Table:
    evidence = nation.evidence
    kinds = {} if evidence is None else dict(evidence)
    rows = [(kind, source) for kind, sources in kinds.items() for source in sources]
    return pa.table(
        {
            "kind": pa.array([kind for kind, _ in rows], pa.string()),
            "source": pa.array([source.source for _, source in rows], pa.string()),
            "rank": pa.array([source.rank for _, source in rows], pa.int32()),
            "confidence": pa.array([source.confidence for _, source in rows], pa.float64()),
        }
    )


def _band_table(nation: RuleFile) -> pa.Table:
    return pa.table(
        {
            "band": pa.array([band.band for band in nation.age_bands], pa.string()),
            "from_years": pa.array([band.from_years for band in nation.age_bands], pa.int32()),
            "to_years": pa.array([band.to_years for band in nation.age_bands], pa.int32()),
        }
    )


def versions(on: date) -> dict[str, str]:
    """Name the rule each jurisdiction's file has in force on a date: jurisdiction code -> rule_id."""
    return {
        code: rule.rule_id
        for code, file in load().files.items()
        for rule in file.migrant_child
        if rule.in_force.holds(on)
    }
