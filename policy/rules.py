"""The law as data: what each jurisdiction's file says, laid over those above it, as rules in force on a date.

A file states only what differs from the nearest one above (county, prefecture, province, nation).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from policy.divisions import Divisions
from policy.divisions import load as load_divisions
from policy.rule_file import (
    NATIONAL,
    SECTIONS,
    Categories,
    CentralDistricts,
    Clause,
    Parameter,
    Rule,
    RuleError,
    RuleFile,
    Sourced,
    Switch,
    Whole,
    parse,
)

MIGRANT = "migrant_child"


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
    came_together_within_days: int
    central_districts: CentralDistricts
    central_from: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A parameter's value with its source, and the jurisdiction and version of the file that states it."""

    value: Parameter
    jurisdiction: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Holding:
    """One section's rule for one county on a date, whole. Fields as of :class:`MigrantRule`; parameters by name."""

    rule_id: str
    jurisdiction: str
    has_own_file: bool
    clause: str
    stated: Mapping[str, Stated]


class Rules:
    """All files together. Make it with :func:`load`, or from files of your own in a test."""

    def __init__(self, rule_files: Sequence[RuleFile], divisions: Divisions | None = None) -> None:
        self.files: Mapping[str, RuleFile] = {file.jurisdiction.code: file for file in rule_files}
        self.divisions = divisions or load_divisions()
        if NATIONAL not in self.files:
            raise RuleError("policy/jurisdictions: no file for the nation (000000), from which the others differ")
        self.clauses = {name: clause for file in rule_files for name, clause in file.clauses.items()}
        for file in rule_files:
            _check_clauses(file, self.clauses)
        _check_nation(self.files[NATIONAL])

    def above(self, code: str, on: date) -> tuple[str, ...]:
        """Jurisdictions whose files bear on a county, nearest first."""
        above = self.divisions.ancestors(code, on)
        codes = dict.fromkeys([code, above.prefecture, above.province, NATIONAL])
        return tuple(each for each in codes if each is not None and each in self.files)

    def chain(self, code: str, on: date, section: str = MIGRANT) -> list[tuple[str, Rule]]:
        """Rules of a section that bear on a county on a date, nearest first: (jurisdiction, what its file says)."""
        return [
            (each, rule)
            for each in self.above(code, on)
            for rule in self.files[each].rules(section)
            if rule.in_force.holds(on)
        ]

    def stated(self, code: str, on: date, section: str = MIGRANT) -> dict[str, Stated]:
        """By name, every parameter as the nearest file states it that is in force on the date."""
        found: dict[str, Stated] = {}
        for jurisdiction, rule in reversed(self.chain(code, on, section)):
            found |= {name: Stated(value, jurisdiction, rule) for name, value in rule.parameters().items()}
        return found

    def holding(self, section: str, code: str, on: date) -> Holding:
        """Return a section's rule for a county, as in force on the date."""
        chain = self.chain(code, on, section)
        if not chain:
            raise RuleError(
                f"no rule `{section}` for {code} is in force on {on}: not even the nation's. See in_force in its file."
            )
        nearest, rule = chain[0]
        return Holding(rule.rule_id, nearest, nearest == code, rule.clause, self.stated(code, on, section))

    def categories(self, section: str, on: date) -> dict[str, str]:
        """Give every category that some file in force states for a section's list: name -> Chinese title."""
        return {
            category.category: category.title
            for file in self.files.values()
            for rule in file.rules(section)
            if rule.in_force.holds(on)
            for value in rule.parameters().values()
            if isinstance(value, Categories)
            for category in value.value
        }

    def migrant_rule(self, county: str, on: date) -> MigrantRule:
        """Return the rule for children who live in ``county``, as in force on the date."""
        rule = self.holding(MIGRANT, county, on)
        numbers = {
            name: each.value.value for name, each in rule.stated.items() if isinstance(each.value, Whole | Switch)
        }
        central = rule.stated["central_districts"]
        if not isinstance(central.value, CentralDistricts):
            raise RuleError("central_districts is no number")
        return MigrantRule(
            county=county,
            rule_id=rule.rule_id,
            jurisdiction=rule.jurisdiction,
            has_own_file=rule.has_own_file,
            clause=rule.clause,
            central_districts=central.value,
            central_from=central.jurisdiction,
            **numbers,  # type: ignore[arg-type]  # names and types checked by the strict models
        )

    def is_central_pair(self, residence: str, hukou: str, on: date) -> bool:
        """Whether two different counties lie in one city's centre, by the residence county's rule."""
        central = self.migrant_rule(residence, on).central_districts
        if residence == hukou or central.kind == "none":
            return False
        if central.kind == "listed":
            return any(residence in each and hukou in each for each in central.sets)
        return self.divisions.same_city_districts(residence, hukou, on)


@cache
def load() -> Rules:
    """Read the committed files once a process."""
    return Rules(committed())


def committed() -> list[RuleFile]:
    """The files that come with the program."""
    folder = files("policy").joinpath("jurisdictions")
    found = sorted((item for item in folder.iterdir() if item.name.endswith(".yml")), key=lambda item: item.name)
    return [parse(item.read_text(encoding="utf-8"), f"policy/jurisdictions/{item.name}") for item in found]


def _check_clauses(file: RuleFile, known: Mapping[str, Clause]) -> None:
    for section in SECTIONS:
        for rule in file.rules(section):
            missing = sorted({clause for clause in _cited(rule) if clause not in known})
            if missing:
                raise RuleError(
                    f"{file.jurisdiction.code}: {section}: {rule.rule_id} cites {missing}, which no file's `clauses` "
                    f"holds. Add the quotation, or cite one of {sorted(known)}."
                )


def _cited(rule: Rule) -> Iterator[str]:
    yield rule.clause
    for value in rule.parameters().values():
        sources: list[Sourced] = [value, *(value.value if isinstance(value, Categories) else ())]
        yield from (each.clause for each in sources if each.clause is not None)


def _check_nation(file: RuleFile) -> None:
    """The nation's file leaves nothing out: there is none above it."""
    for section, model in SECTIONS.items():
        if not file.rules(section):
            raise RuleError(f"national: `{section}` must be stated there; no file above it could")
        for rule in file.rules(section):
            optional = {name for name, field in model.model_fields.items() if not field.is_required()}
            missing = sorted(optional - rule.parameters().keys())
            if missing:
                raise RuleError(f"national: {section}: {rule.rule_id} doesn't state {missing}; no file above it could")
    if file.evidence is None or not file.age_bands:
        raise RuleError("national: `evidence` and `age_bands` must be stated there")
    for each in file.interpretations:
        section, _, parameter = (each.parameter or "").partition(".")
        if each.parameter and (section not in SECTIONS or parameter not in SECTIONS[section].model_fields):
            raise RuleError(f"national: interpretations: case {each.case} points at no parameter: `{each.parameter}`")


def versions(on: date) -> dict[str, str]:
    """Name the rule each jurisdiction's file has in force on a date: jurisdiction code -> rule_id."""
    return {
        code: rule.rule_id
        for code, file in load().files.items()
        for rule in file.migrant_child
        if rule.in_force.holds(on)
    }
