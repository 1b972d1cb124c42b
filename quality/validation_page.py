"""The validation page: what came, what the gates said, what every expectation counted. One offline file, no values.

It stands in for Great Expectations' Data Docs, which load a dozen files from outside.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib import resources
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from quality.expectations import Kind, Severity
from quality.findings import Outcome, Setting, Stop, Warn, percent
from quality.link_estimates import LinkEstimate
from quality.receipts import ReceiptRow
from quality.validation import ValidationResult
from warehouse import clock
from warehouse.specs import TableSpec

_ROOMS = {
    "raw": "原始数据",
    "std": "规整后的记录",
    "link": "关联",
    "core": "儿童主索引",
    "care": "关爱与认定",
    "mart": "统计汇总",
}
_DIMENSIONS = {"all": "全部", "tables": "数据表对", "ethnic_group": "民族", "age": "年龄"}
"""Dimensions of estimated links that the page shows; counties, which may be many, stand in the analysts' database."""
_GROUPS = {
    "han": "汉族",
    "tibetan": "藏族",
    "uyghur": "维吾尔族",
    "hui": "回族",
    "other": "其他民族",
    "unknown": "不详",
}
_STATUSES = {"landed": ("已入库", "good"), "missing": ("未送达", "warn"), "refused": ("拒收", "stop")}


def render(
    results: Sequence[ValidationResult],
    gates: Outcome,
    receipts: Sequence[ReceiptRow],
    out: Path,
    setting: Setting,
    tables: Mapping[tuple[str, str], TableSpec] | None = None,
    links: Sequence[LinkEstimate] = (),
    made_at: datetime | None = None,
) -> Path:
    """Write the page to ``out``, whole or not at all, and return ``out``.

    ``tables`` (``warehouse.specs.load()``) gives our own tables their Chinese titles; ``links``: how good the run
    estimates its links to be, none where it stopped before; ``made_at`` is UTC.
    """
    titles = _Titles(setting, tables or {})
    template = (resources.files("quality") / "validation_page.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    broken = sum(not result.success and not result.stops for result in results)
    page = environment.from_string(template).render(
        period=setting.period,
        made_at=clock.written(made_at),
        passed=gates.passed and not any(result.stops for result in results),
        stops=[_stop(each) for each in gates.stops],
        accepted=[{"finding_zh": _without_advice(each.stop), "by": each.by} for each in gates.accepted],
        warnings=_warnings(gates.warnings, titles),
        warned=len([each for each in gates.warnings if each.gate != "expectation"]) + broken,
        counted=len(results),
        receipts=[_receipt(each, titles) for each in receipts],
        links=_links(links, titles),
        rooms=_rooms(results, titles),
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = out.with_name(out.name + ".tmp")
    unfinished.write_text(page, encoding="utf-8")
    os.replace(unfinished, out)  # noqa: PTH105 - as publishing does
    return out


class _Titles:
    """Chinese titles of tables and columns, feeds' and our own."""

    def __init__(self, setting: Setting, tables: Mapping[tuple[str, str], TableSpec]) -> None:
        self._feeds = {spec.raw_table: spec for spec in setting.specs.values()}
        self._tables = tables

    def table(self, room: str, table: str) -> str:
        """Title of a table, by feed and table or by room and table."""
        if found := self._feeds.get(f"{room}_{table}") or self._feeds.get(table):
            return found.title
        own = self._tables.get((room, table))
        return own.title if own else ""

    def columns(self, room: str, table: str, listed: str) -> str:
        """Titles of a result's columns, our names where there is none."""
        return "、".join(self._column(room, table, name) for name in listed.split(", ") if name) or "（整行）"

    def _column(self, room: str, table: str, name: str) -> str:
        feed, own = self._feeds.get(table), self._tables.get((room, table))
        column = (feed.columns.get(name) if feed else None) or (own.columns.get(name) if own else None)
        return f"{column.title}（{name}）" if column and column.title else name


def _stop(stop: Stop) -> dict[str, str]:
    return {
        "zh": stop.message_zh.removesuffix(stop.command),
        "en": stop.message_en.removesuffix(stop.command),
        "command": stop.command,
    }


def _without_advice(stop: Stop) -> str:
    """What was found, without the words on how to let it pass, which somebody has."""
    return stop.message_zh.split("。请先核实")[0] + "。"


def _warnings(warnings: Iterable[Warn], titles: _Titles) -> list[dict[str, Any]]:
    """Warnings by table; those of expectations stand in their own tables further down."""
    shown = sorted((each for each in warnings if each.gate != "expectation"), key=lambda each: (each.feed, each.table))
    return [
        {
            "title": titles.table(feed, table) or f"{feed}.{table}",
            "name": f"{feed}.{table}",
            "messages": [{"zh": _without_table(each.message_zh), "en": each.message_en} for each in group],
        }
        for (feed, table), group in groupby(shown, key=lambda each: (each.feed, each.table))
    ]


def _without_table(message_zh: str) -> str:
    return message_zh.split("：", 1)[-1]


def _receipt(receipt: ReceiptRow, titles: _Titles) -> dict[str, Any]:
    status, mark = _STATUSES.get(receipt.status, (receipt.status, "warn"))
    parts = receipt.rows_landed + receipt.rows_repeated + receipt.rows_quarantined
    return {
        "title": titles.table(receipt.feed, receipt.table_name),
        "name": f"{receipt.feed}.{receipt.table_name}",
        "status": status,
        "mark": mark,
        "message": receipt.message_zh if receipt.status != "landed" else "",
        "files": receipt.files,
        "read": receipt.rows_read,
        "landed": receipt.rows_landed,
        "repeated": receipt.rows_repeated,
        "quarantined": receipt.rows_quarantined,
        "balanced": receipt.rows_read == parts,
    }


def _links(links: Sequence[LinkEstimate], titles: _Titles) -> list[dict[str, Any]]:
    """A line a subgroup: its estimated precision and recall."""
    shown = [each for each in links if each.dimension in _DIMENSIONS]
    recall = {(each.dimension, each.subgroup): each for each in shown if each.measure == "recall"}
    return [
        {
            "dimension": _DIMENSIONS[each.dimension],
            "of_tables": each.dimension == "tables",
            "subgroup": _subgroup(each, titles),
            "precision": _with_interval(each),
            "recall": _with_interval(recall[each.dimension, each.subgroup]),
            "lost": f"{recall[each.dimension, each.subgroup].lost:.2%}",
        }
        for each in shown
        if each.measure == "precision"
    ]


def _subgroup(each: LinkEstimate, titles: _Titles) -> str:
    if each.dimension == "tables":
        return " × ".join(titles.table(*name.split(".")) or name for name in each.subgroup.split(" × "))
    if each.dimension == "age":
        return each.subgroup.replace("unknown", "不详").replace("-", "–")
    return _GROUPS.get(each.subgroup, "") if each.dimension == "ethnic_group" else ""


def _with_interval(each: LinkEstimate) -> str:
    return f"{each.estimate:.2%}［{each.low:.2%}，{each.high:.2%}］"


def _rooms(results: Sequence[ValidationResult], titles: _Titles) -> list[dict[str, Any]]:
    rooms = []
    for name, title in _ROOMS.items():
        of_room = [result for result in results if result.room == name]
        tables = dict.fromkeys(result.table for result in of_room)
        suites = [_suite([each for each in of_room if each.table == table], titles) for table in tables]
        if suites:
            rooms.append({"name": name, "title": title, "counted": len(of_room), "suites": suites})
    return rooms


def _suite(results: Sequence[ValidationResult], titles: _Titles) -> dict[str, Any]:
    first = results[0]
    stopping = [result for result in results if result.stops]
    warning = [result for result in results if not result.success and not result.stops]
    return {
        "title": titles.table(first.room, first.table) or first.table,
        "name": f"{first.room}.{first.table}",
        "rows": max(result.total for result in results),
        "counted": len(results),
        "stopping": len(stopping),
        "warning": len(warning),
        "broken": [_line(result, titles) for result in [*stopping, *warning]],
        "passed": [_line(result, titles) for result in results if result.success],
    }


def _line(result: ValidationResult, titles: _Titles) -> dict[str, Any]:
    kind, _, rule = result.expectation.partition(":")
    verdict = ("通过", "good") if result.success else ("停止", "stop") if result.stops else ("提醒", "warn")
    return {
        "column": titles.columns(result.room, result.table, result.column),
        "expected": f"{Kind(kind).zh}：{rule}" if Kind(kind) is Kind.ROW_RULE else Kind(kind).zh,
        "unexpected": result.unexpected,
        "total": result.total,
        "share": percent(result.share),
        "bound": percent(result.bound) if result.severity is Severity.WARN else "0",
        "verdict": verdict[0],
        "mark": verdict[1],
    }
