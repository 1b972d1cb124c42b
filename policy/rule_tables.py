"""The rules as tables that SQL joins: counties with their rules, categories, cadences, clauses, sources, age bands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import get_args

import pyarrow as pa

from policy.rule_file import (
    NATIONAL,
    SECTIONS,
    Cadence,
    Categories,
    Clause,
    HukouKinds,
    Parameter,
    RuleFile,
    Statuses,
    Switch,
    Whole,
)
from policy.rules import MIGRANT, Holding, MigrantRule, Rules

_ARROW: dict[type, pa.DataType] = {
    Whole: pa.int32(),
    Switch: pa.bool_(),
    Statuses: pa.list_(pa.string()),
    HukouKinds: pa.list_(pa.string()),
}


@lru_cache(maxsize=32)
def tables(rules: Rules, on: date) -> dict[str, pa.Table]:
    """All that SQL needs of the law on a date, by table name in the schema ``policy``. Made once a date."""
    counties = rules.divisions.county_units(on)
    found = [rules.migrant_rule(code, on) for code in sorted(counties.column("code").to_pylist())]
    return {
        "county": counties,
        "migrant_rule": _rule_table([*found, rules.migrant_rule(NATIONAL, on)]),
        "central_pair": _pair_table(_central_pairs(found, counties)),
        "transfer": rules.divisions.partial_transfers(),
        "succession": rules.divisions.successions(on),
        "clause": _clause_table(rules.clauses),
        "evidence_source": _evidence_table(rules.files[NATIONAL]),
        "age_band": _band_table(rules.files[NATIONAL]),
        **_care_tables(rules, [*sorted(counties.column("code").to_pylist()), NATIONAL], on),
    }


def as_if_everywhere(rules: Rules, jurisdiction: str, on: date) -> dict[str, pa.Table]:
    """The tables ``migrant_rule`` and ``central_pair`` as if one jurisdiction's rule held in every county."""
    counties = rules.divisions.county_units(on)
    rule = rules.migrant_rule(jurisdiction, on)
    found = [replace(rule, county=code) for code in [*sorted(counties.column("code").to_pylist()), NATIONAL]]
    return {"migrant_rule": _rule_table(found), "central_pair": _pair_table(_central_pairs(found, counties))}


def _central_pairs(rules: Sequence[MigrantRule], counties: pa.Table) -> Iterator[tuple[str, str, str]]:
    """(residence county, hukou county, jurisdiction that says so), in the order of the residence counties."""
    cities = _districts_by_city(counties)
    for rule in rules:
        for members in _sets_with(rule, cities):
            yield from ((rule.county, other, rule.central_from) for other in members if other != rule.county)


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
        "came_together_within_days": pa.int32(),
    }
    return pa.table({name: pa.array([getattr(rule, name) for rule in rules], kind) for name, kind in columns.items()})


def _care_tables(rules: Rules, counties: Sequence[str], on: date) -> dict[str, pa.Table]:
    """``<section>_rule`` for each section but 流动儿童, and what of them needs rows of its own."""
    above = {county: rules.above(county, on) for county in counties}
    kept: dict[str, pa.Table] = {}
    cadences: list[tuple[str, str, Cadence]] = []
    for section in SECTIONS:
        if section == MIGRANT:
            continue
        # few counties have a file of their own: the others share the answer of those above them
        of_files = {files: rules.holding(section, files[0], on) for files in set(above.values())}
        held = {county: of_files[above[county]] for county in counties}
        kept[f"{section}_rule"] = _section_table(section, held)
        cadences += [
            (county, group, each.value)
            for county, rule in held.items()
            for group, each in rule.stated.items()
            if isinstance(each.value, Cadence)
        ]
    return kept | {"care_trigger": _trigger_table(rules.files.values()), "visit_cadence": _cadence_table(cadences)}


def _section_table(section: str, held: Mapping[str, Holding]) -> pa.Table:
    """A row a county: the rule, its parameters, and the rule that states the categories, where there are any."""
    columns: dict[str, tuple[pa.DataType, list[object]]] = {
        "county": (pa.string(), list(held)),
        "rule_id": (pa.string(), [rule.rule_id for rule in held.values()]),
        "jurisdiction": (pa.string(), [rule.jurisdiction for rule in held.values()]),
        "has_own_file": (pa.bool_(), [rule.jurisdiction == county for county, rule in held.items()]),
        "clause": (pa.string(), [rule.clause for rule in held.values()]),
    }
    for name, kind in _kinds(section).items():
        stated = [rule.stated[name] for rule in held.values()]
        if kind is Categories:
            columns["categories_of"] = (pa.string(), [each.rule.rule_id for each in stated])
        elif kind in _ARROW:
            columns[name] = (_ARROW[kind], [_plain(each.value) for each in stated])
    return pa.table({name: pa.array(values, arrow) for name, (arrow, values) in columns.items()})


def _kinds(section: str) -> dict[str, type]:
    """By name, what kind each parameter of a section is."""
    fields = SECTIONS[section].model_fields.items()
    return {name: get_args(field.annotation)[0] for name, field in fields if not field.is_required()}


def _plain(value: Parameter) -> object:
    """The value as Arrow takes it."""
    found = getattr(value, "value", None)
    return list(found) if isinstance(found, tuple) else found


def _trigger_table(files: Iterable[RuleFile]) -> pa.Table:
    """A row a rule, category and circumstance that proposes it."""
    rows = [
        (rule.rule_id, section, category.category, category.title, trigger, category.clause or value.clause)
        for file in files
        for section in SECTIONS
        for rule in file.rules(section)
        for value in rule.parameters().values()
        if isinstance(value, Categories)
        for category in value.value
        for trigger in category.triggers
    ]
    names = ("rule_id", "section", "category", "title", "trigger", "clause")
    return pa.table({name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(names)})


def _cadence_table(rows: Sequence[tuple[str, str, Cadence]]) -> pa.Table:
    """A row a county and group of children; without a clause the notice sets no interval."""
    return pa.table(
        {
            "county": pa.array([county for county, _, _ in rows], pa.string()),
            "care_group": pa.array([group for _, group, _ in rows], pa.string()),
            "visit_months": pa.array([cadence.visit_months for _, _, cadence in rows], pa.int32()),
            "contact_months": pa.array([cadence.contact_months for _, _, cadence in rows], pa.int32()),
            "clause": pa.array([cadence.clause for _, _, cadence in rows], pa.string()),
        }
    )


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
