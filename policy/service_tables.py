"""The catalogues as tables that SQL joins: items, benefits, requirements and what they ask, value by value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

import pyarrow as pa

from policy.catalogues import Offered, Services
from policy.service_file import VERDICTS

_Rows = Sequence[Mapping[str, object]]


@lru_cache(maxsize=32)
def tables(services: Services, on: date) -> dict[str, pa.Table]:
    """All that SQL needs of the services in force on a date, by table name in the schema ``policy``.

    A requirement is asked rank by rank; a rank is true if all questions of any
    group are answered yes (``when_unknown`` answers for a fact that isn't known; null: can't be said).
    """
    counties = services.divisions.county_units(on).column("code").to_pylist()
    holding = {county: services.catalogue_of(county, on) for county in sorted(counties)}
    offered = [each for file in services.files.values() if file.catalogue.in_force.holds(on)
               for each in services.offered(file, on)]  # fmt: skip
    return {
        "service_county": _table(
            [{"county": county, "catalogue": file.catalogue.code} for county, file in holding.items() if file],
            county=pa.string(), catalogue=pa.string(),
        ),
        "service": _table(
            [_service(each) for each in offered],
            catalogue=pa.string(), item=pa.string(), number=pa.int32(), title=pa.string(), target=pa.string(),
            bureau=pa.string(), claim_at=pa.string(), clause=pa.string(), also=pa.list_(pa.string()),
            interpretation=pa.string(),
        ),
        "service_need": _table(
            _needs(offered),
            catalogue=pa.string(), item=pa.string(), benefit_no=pa.int32(), benefit=pa.string(), words=pa.string(),
            claim_at=pa.string(), requirement=pa.string(), need_no=pa.int32(),
        ),
        "service_requirement": _table(
            _requirements(services, offered),
            catalogue=pa.string(), requirement=pa.string(), title=pa.string(), otherwise=pa.int32(), proof=pa.string(),
            interpretation=pa.string(),
        ),
        "service_question": _table(
            _questions(services, offered),
            catalogue=pa.string(), requirement=pa.string(), rank=pa.int32(), verdict=pa.int32(), written=pa.string(),
            group_no=pa.int32(), fact=pa.string(), values=pa.list_(pa.string()), when_unknown=pa.bool_(),
        ),
        "service_verdict": _table(
            [{"verdict": level, "word": word} for level, word in enumerate(VERDICTS)],
            verdict=pa.int32(), word=pa.string(),
        ),
        "clause": _table(
            [{"clause": key, **clause.model_dump()} for key, clause in sorted(services.clauses.items())],
            clause=pa.string(), document=pa.string(), article=pa.string(), as_told_in=pa.string(), words=pa.string(),
        ),
    }  # fmt: skip


def _service(each: Offered) -> dict[str, object]:
    item = each.item
    return {
        "catalogue": each.file.catalogue.code, "item": item.item, "number": item.number, "title": item.title,
        "target": item.for_, "bureau": "、".join(item.bureaus), "claim_at": item.claim_at, "clause": each.clause,
        "also": list(item.also), "interpretation": item.interpretation,
    }  # fmt: skip


def _needs(offered: Sequence[Offered]) -> _Rows:
    return [
        {
            "catalogue": each.file.catalogue.code, "item": each.item.item, "benefit_no": benefit_no, "benefit": name,
            "words": benefit.words, "claim_at": benefit.claim_at or each.item.claim_at, "requirement": need,
            "need_no": need_no,
        }
        for each in offered
        for benefit_no, (name, benefit) in enumerate(each.item.benefits.items(), start=1)
        for need_no, need in enumerate((*each.item.needs, *benefit.needs), start=1)
    ]  # fmt: skip


def _used(offered: Sequence[Offered]) -> list[tuple[Offered, str]]:
    """Every requirement that a catalogue uses, once."""
    found = {
        (each.file.catalogue.code, need): each
        for each in offered
        for benefit in each.item.benefits.values()
        for need in (*each.item.needs, *benefit.needs)
    }
    return [(each, need) for (_, need), each in sorted(found.items(), key=lambda pair: pair[0])]


def _requirements(services: Services, offered: Sequence[Offered]) -> _Rows:
    rows = []
    for each, name in _used(offered):
        requirement = services.requirement(each.file, name)
        rows.append(
            {
                "catalogue": each.file.catalogue.code, "requirement": name, "title": requirement.title,
                "otherwise": VERDICTS.index(requirement.otherwise), "proof": requirement.proof,
                "interpretation": requirement.interpretation,
            }
        )  # fmt: skip
    return rows


def _questions(services: Services, offered: Sequence[Offered]) -> _Rows:
    return [
        {
            "catalogue": each.file.catalogue.code, "requirement": name, "rank": rank,
            "verdict": VERDICTS.index(verdict), "written": condition.text, "group_no": group_no,
            "fact": question.fact, "values": list(question.values), "when_unknown": question.when_unknown,
        }
        for each, name in _used(offered)
        for rank, (verdict, condition) in enumerate(services.asked(each.file.catalogue.code, name), start=1)
        for group_no, group in enumerate(condition.groups, start=1)
        for question in group
    ]  # fmt: skip


def _table(rows: _Rows, **columns: pa.DataType) -> pa.Table:
    return pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in columns.items()})
