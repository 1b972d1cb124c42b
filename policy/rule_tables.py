"""The rules as tables that SQL joins: counties with their rule, central districts, clauses, sources, age bands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

import pyarrow as pa

from policy.rule_file import NATIONAL, Clause, RuleFile
from policy.rules import MigrantRule, Rules


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
        "clause": _clause_table(rules.clauses),
        "evidence_source": _evidence_table(rules.files[NATIONAL]),
        "age_band": _band_table(rules.files[NATIONAL]),
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
