"""The gates of a delivery: its figures against the last period's. Pure functions over plain rows.

Over a fifth fewer rows, a county's file gone and a column emptied stop the run until an operator accepts them; all
else warns. See docs/gates.md, bounds in bounds.yml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from math import sqrt

from quality import profile
from quality.bounds import Bounds
from quality.drift import jensen_shannon, population_stability, stability_by_chance
from quality.findings import Door, Limit, Setting, Stop, Warn, percent
from quality.profile import ProfileRow, figures_of
from quality.receipts import DriftRow, ReceiptRow


def judge_deliveries(
    setting: Setting,
    receipts: Sequence[ReceiptRow],
    now: Iterable[ProfileRow],
    last: Iterable[ProfileRow],
    bounds: Bounds,
    drift: Iterable[DriftRow] = (),
) -> list[Stop | Warn]:
    """Hold every receipt's table against the last period's figures; one without any is only looked at by itself.

    A table that didn't come is declared, not stopped; a refused one has been stopped by its landing, and is passed by.
    """
    of_now, of_last = _by_table(now), _by_table(last)
    found: list[Stop | Warn] = []
    for receipt in receipts:
        key = (receipt.feed, receipt.table_name)
        door = Door(setting, *key)
        if receipt.status == "missing":
            found.append(_missing(door))
        if receipt.status != "landed":
            continue
        found += _judge_receipt(door, receipt, bounds)
        found += _judge_words(door, of_now.get(key, []))
        if key in of_last:
            found += judge_against_last(door, of_now.get(key, []), of_last[key], bounds)
    return found + [_drifted_column(Door(setting, row.feed, row.table_name), row) for row in drift]


def judge_against_last(
    door: Door, now: Sequence[ProfileRow], last: Sequence[ProfileRow], bounds: Bounds
) -> list[Stop | Warn]:
    """Hold one table's profile against its last one."""
    rows_now, rows_last = _rows(now), _rows(last)
    found = [*_judge_rows(door, rows_now, rows_last, bounds)]
    found += _judge_county_files(door, now, last)
    found += _judge_counties(door, now, last, bounds)
    if rows_now and rows_last:
        for column in sorted(figures_of(last, profile.FILLED)):
            found += _judge_column(door, column, now, last, bounds)
        found += _judge_distributions(door, now, last, bounds)
    return found


def judge_faults(setting: Setting, now: Iterable[ProfileRow], last: Iterable[ProfileRow], bounds: Bounds) -> list[Warn]:
    """Warn of columns with many faulty rows, or with many more than last time. Never stops, at whatever rate.

    Both periods' rows hold the tables' ROWS figures and those of :func:`quality.profile.profile_faults`.
    """
    of_last = _by_table(last)
    found: list[Warn] = []
    for key, rows in _by_table(now).items():
        door = Door(setting, *key)
        before = _fault_shares(of_last.get(key, []))
        for column, share in _fault_shares(rows).items():
            found += _judge_fault_share(door, column, share, before.get(column), bounds)
    return found


def _by_table(rows: Iterable[ProfileRow]) -> dict[tuple[str, str], list[ProfileRow]]:
    tables: dict[tuple[str, str], list[ProfileRow]] = {}
    for row in rows:
        tables.setdefault((row.feed, row.table_name), []).append(row)
    return tables


def _rows(rows: Iterable[ProfileRow]) -> float:
    return figures_of(rows, profile.ROWS).get("", 0.0)


def _fault_shares(rows: Sequence[ProfileRow]) -> dict[str, float]:
    """Share of rows at fault by column; a row with two faults in one column counts twice, never above 1."""
    total = _rows(rows)
    counts: dict[str, float] = {}
    for row in rows:
        if row.measure.startswith(profile.FAULT):
            column = row.measure.removeprefix(profile.FAULT)
            counts[column] = counts.get(column, 0.0) + row.figure
    return {column: min(1.0, count / total) for column, count in sorted(counts.items()) if total}


def _judge_fault_share(door: Door, column: str, share: float, before: float | None, bounds: Bounds) -> list[Warn]:
    name = door.title(column)
    if share > door.expect.faults_at_most:
        limit = Limit(door.expect.faults_at_most)
        zh, en = f"{name} 有问题的行占 {percent(share)}", f"{percent(share)} of rows are at fault in {column}"
        return [door.warn("faults", column, share, limit, zh, en)]
    if before is not None and share - before > bounds.rows.faulty_more_at_most:
        limit = Limit(bounds.rows.faulty_more_at_most)
        rise = percent(share - before)
        zh, en = (
            f"{name} 有问题的行比上期多 {rise}",
            f"{rise} more of the rows are at fault in {column} than last period",
        )
        return [door.warn("faults_risen", column, share - before, limit, zh, en)]
    return []


def _judge_rows(door: Door, now: float, last: float, bounds: Bounds) -> list[Stop | Warn]:
    if not last:
        return []
    lost, lost_at_most = (last - now) / last, door.expect.rows_change_at_most
    of_events = f"{door.feed}.{door.table}" in bounds.deliveries.of_events
    by_chance = of_events and abs(last - now) <= bounds.deliveries.chance_spread * sqrt(last + now)
    zh, en = f"本期 {now:,.0f} 行，上期 {last:,.0f} 行", f"{now:,.0f} rows, {last:,.0f} last period"
    if lost > lost_at_most + 1e-9:
        zh, en = f"{zh}，少了 {percent(lost)}", f"{en}: {percent(lost)} fewer"
        if by_chance:
            return [door.warn("rows_lost", "", lost, Limit(lost_at_most), zh, en)]
        return [door.stop("rows_lost", "", lost, Limit(lost_at_most), zh, en)]
    if -lost > bounds.deliveries.rows_gained_at_most and not by_chance:
        zh, en = f"{zh}，多了 {percent(-lost)}", f"{en}: {percent(-lost)} more"
        return [door.warn("rows_gained", "", -lost, Limit(bounds.deliveries.rows_gained_at_most), zh, en)]
    return []


def _judge_county_files(door: Door, now: Sequence[ProfileRow], last: Sequence[ProfileRow]) -> list[Stop]:
    files = figures_of(now, profile.COUNTY_FILE)
    limit = Limit(1, is_least=True, is_share=False)
    return [
        door.stop(
            *("county_file_gone", county, 0.0, limit),
            f"{county} 的文件没有送来（或没有一行），上期有 {rows:,.0f} 行；本期 0 行",
            f"no file for {county}, or no row in it; it had {rows:,.0f} rows last period, now 0",
        )
        for county, rows in sorted(figures_of(last, profile.COUNTY_FILE).items())
        if rows and not files.get(county)
    ]


def _judge_counties(door: Door, now: Sequence[ProfileRow], last: Sequence[ProfileRow], bounds: Bounds) -> list[Warn]:
    """A county that fell silent inside a file warns only: its code may have been retired, its children moved."""
    seen, by_file = figures_of(now, profile.COUNTY), figures_of(last, profile.COUNTY_FILE)
    limit = Limit(1, is_least=True, is_share=False)
    return [
        door.warn(
            *("county_silent", county, 0.0, limit),
            f"{county} 本期 0 行，上期有 {rows:,.0f} 行",
            f"0 rows of {county}; it had {rows:,.0f} last period",
        )
        for county, rows in sorted(figures_of(last, profile.COUNTY).items())
        if rows >= bounds.deliveries.county_silent_rows and not seen.get(county) and county not in by_file
    ]


def _judge_column(
    door: Door, column: str, now: Sequence[ProfileRow], last: Sequence[ProfileRow], bounds: Bounds
) -> list[Stop | Warn]:
    before = figures_of(last, profile.FILLED)[column] / _rows(last)
    after = figures_of(now, profile.FILLED).get(column, 0.0) / _rows(now)
    rule = bounds.deliveries.column_emptied
    zh = f"{door.title(column)} 填写率 {percent(after)}，上期 {percent(before)}"
    en = f"{column} is filled in {percent(after)} of rows, last period in {percent(before)}"
    least = rule.left_at_most * before
    if before >= rule.filled_last_at_least and after <= least and before * _rows(now) >= rule.values_due_at_least:
        return [door.stop("column_emptied", column, after, Limit(least, is_least=True), zh, en)]
    least = before - bounds.deliveries.filled_less_at_most
    if after < least:
        return [door.warn("filled_less", column, after, Limit(least, is_least=True), zh, en)]
    return []


def _judge_words(door: Door, now: Sequence[ProfileRow]) -> list[Warn]:
    """Code words that the spec doesn't know, as a share of what is filled in. The words themselves aren't kept."""
    filled = figures_of(now, profile.FILLED)
    columns = {row.measure.removeprefix(profile.WORD) for row in now if row.measure.startswith(profile.WORD)}
    limit = Limit(door.expect.unknown_words_at_most)
    found = []
    for column in sorted(columns):
        unknown = figures_of(now, profile.WORD + column).get("", 0.0)
        share = unknown / filled[column] if filled.get(column) else 0.0
        if share > limit.bound:
            zh = f"{door.title(column)} 的填写有 {percent(share)} 不在代码表内"
            en = f"{percent(share)} of what {column} holds is no word that the spec knows"
            found.append(door.warn("unknown_words", column, share, limit, zh, en))
    return found


def _judge_distributions(
    door: Door, now: Sequence[ProfileRow], last: Sequence[ProfileRow], bounds: Bounds
) -> list[Warn]:
    measures = {row.measure for row in last if row.measure.startswith(profile.WORD) or row.measure == profile.COUNTY}
    found = []
    for measure in sorted(measures):
        before, after = figures_of(last, measure), figures_of(now, measure)
        index = population_stability(before, after)
        by_chance = bounds.rows.chance_multiple * stability_by_chance(before, after)
        limit = Limit(max(bounds.rows.distribution_stability_at_most, by_chance), is_share=False)
        if index > limit.bound:
            column = measure.removeprefix(profile.WORD)
            name = "所在县（county）" if measure == profile.COUNTY else door.title(column)
            bits = jensen_shannon(before, after)
            zh = f"{name} 的分布与上期不同：JS 散度 {bits:.3f}，PSI {index:.2f}"
            en = f"{column} is distributed otherwise: Jensen-Shannon {bits:.3f} bits, PSI {index:.2f}"
            found.append(door.warn("distribution_shift", column, index, limit, zh, en))
    return found


def _judge_receipt(door: Door, receipt: ReceiptRow, bounds: Bounds) -> list[Warn]:
    found = []
    for gate, rows, bound, zh, en in (
        ("quarantined", receipt.rows_quarantined, bounds.rows.quarantined_at_most, "读不出、已隔离", "in quarantine"),
        ("repeated", receipt.rows_repeated, bounds.rows.repeated_at_most, "完全重复", "exact repeats"),
    ):
        share = rows / receipt.rows_read if receipt.rows_read else 0.0
        if share > bound:
            words = (f"{rows:,} 行{zh}，占 {percent(share)}", f"{rows:,} rows {en}, {percent(share)} of those read")
            found.append(door.warn(gate, "", share, Limit(bound), *words))
    return found


def _missing(door: Door) -> Warn:
    zh, en = "本期没有送来，已声明；上期有的事实沿用", "did not come; declared, last period's facts are carried over"
    return door.warn("missing", "", 0.0, Limit(1, is_least=True, is_said=False), zh, en)


def _drifted_column(door: Door, row: DriftRow) -> Warn:
    if row.kind == "absent_column":
        zh, en = (
            f"没有 {door.title(row.column_name)} 这一列（非必填）",
            f"no column {row.column_name}, which is optional",
        )
        return door.warn(row.kind, row.column_name, 0.0, Limit(1, is_least=True, is_said=False), zh, en)
    # a header line that is no header at all may hold somebody's number
    is_plain = len(row.column_name) <= 30 and not re.search(r"\d{4}", row.column_name)
    shown = row.column_name if is_plain else f"<{len(row.column_name)}>"
    shown_zh = row.column_name if is_plain else f"（列名 {len(row.column_name)} 个字，像是数据，不显示）"
    zh = f"有约定以外的列：{shown_zh}，照原样保存，未使用"
    en = f"column outside the contract: {shown}, kept as delivered, not used"
    return door.warn(row.kind, shown, 1.0, Limit(0, is_said=False), zh, en)
