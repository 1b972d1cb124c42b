"""The publish audits: what is about to be published, against itself and against what is published now.

Where our own tables contradict each other nothing can be accepted; where a figure only jumped, an operator may say
that it is right. Figures are rows of the store's ``table_profile`` with our room and table in place of the feed's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import TYPE_CHECKING

from quality.bounds import Bounds
from quality.expectations import Kind, quoted
from quality.findings import Door, Limit, Setting, Stop, Warn, percent
from quality.profile import ProfileRow, figures_of
from quality.receipts import ReceiptRow
from quality.validation import ValidationResult
from warehouse.conformity import Difference

if TYPE_CHECKING:
    import duckdb

_EXACT = Limit(0, is_share=False)


def measure_release(con: duckdb.DuckDBPyConnection, receipts: Sequence[ReceiptRow]) -> list[ProfileRow]:
    """Figures of the open period's tables from raw to care, to be judged now and kept for the next period."""
    sql = (resources.files("quality") / "release_figures.sql").read_text(encoding="utf-8")
    return [*_measure_raw(con, receipts), *(ProfileRow(*row) for row in con.execute(sql).fetchall())]


def _measure_raw(con: duckdb.DuckDBPyConnection, receipts: Sequence[ReceiptRow]) -> list[ProfileRow]:
    """Rows that each raw table really holds, which its receipt only claims."""
    rows = []
    for receipt in receipts:
        table = quoted(f"{receipt.feed}_{receipt.table_name}")
        found = con.execute(f"select count(*) from raw.{table}").fetchall()[0][0]
        rows.append(ProfileRow("raw", "receipt", "rows", f"{receipt.feed}.{receipt.table_name}", float(found)))
    return rows


def judge_release(
    setting: Setting,
    receipts: Sequence[ReceiptRow],
    now: Sequence[ProfileRow],
    last: Sequence[ProfileRow],
    bounds: Bounds,
) -> list[Stop | Warn]:
    """All publish audits of the figures of :func:`measure_release`; ``last`` is empty in a first period."""
    found: list[Stop | Warn] = [*judge_accounting(setting, receipts, now)]
    found += _judge_queue(Door(setting, "link", "review_case"), now, bounds)
    if not _figure(last, "core", "child", "rows"):
        return found
    same_tables = _tables(now) == _tables(last)
    found += _judge_ids(Door(setting, "link", "child_event"), now, bounds, same_tables)
    found += _judge_children(Door(setting, "core", "child"), now, last, bounds, same_tables)
    found += _judge_clusters(Door(setting, "link", "cluster"), now, last, bounds, same_tables)
    found += _judge_migrants(Door(setting, "care", "migrant_status"), now, last, bounds)
    return found


def judge_expectations(setting: Setting, results: Iterable[ValidationResult]) -> list[Stop | Warn]:
    """Each broken expectation: of our own tables' structure a stop nobody can accept, of rows a warning."""
    found: list[Stop | Warn] = []
    for result in results:
        if result.success:
            continue
        door = Door(setting, result.room, result.table)
        kind, _, rule = result.expectation.partition(":")
        what = "、".join(map(door.title, result.column.split(", "))) if result.column else f"整行（{rule}）"
        zh = f"{what} 应当{Kind(kind).zh}，不符 {result.unexpected:,} / {result.total:,}（{percent(result.share)}）"
        en = f"{result.unexpected:,} of {result.total:,} break {result.expectation} of {result.column}"
        speak = door.fault if result.stops else door.warn
        found.append(
            speak("expectation", f"{result.column}:{result.expectation}", result.share, Limit(result.bound), zh, en)
        )
    return found


def judge_conformity(setting: Setting, differences: Iterable[Difference]) -> list[Stop]:
    """A table whose columns aren't what its spec says: who reads it by the dictionary would read it wrongly."""
    return [
        Door(setting, *difference.table.split(".")).fault(
            "conformity",
            difference.column or "",
            1,
            _EXACT,
            f"{difference.column or '整表'} 与表说明不符：应为 {difference.expected}，实为 {difference.found}",
            str(difference),
        )
        for difference in differences
    ]


def judge_retrained(setting: Setting, moved: Mapping[str, float]) -> list[Stop]:
    """A new version of the linkage model doesn't hold before an operator has seen what it moves."""
    if not moved:
        return []
    told = ", ".join(f"{what} {many:,.0f}" for what, many in moved.items())
    zh = f"重新训练了关联模型，与现行版本相比的变动：{told}"
    en = f"the linkage model was trained anew; against the version in force it moves: {told}"
    figure = sum(many for what, many in moved.items() if what.startswith("children"))
    return [Door(setting, "link", "level_weight").stop("retrained", "", figure, Limit(0, is_said=False), zh, en)]


def judge_accounting(setting: Setting, receipts: Sequence[ReceiptRow], now: Sequence[ProfileRow]) -> list[Stop]:
    """Nothing vanishes: read = landed + repeated + quarantined, landed = raw = entries = rows of the links export."""
    found = []
    for receipt in receipts:
        door = Door(setting, receipt.feed, receipt.table_name)
        parts = receipt.rows_landed + receipt.rows_repeated + receipt.rows_quarantined
        found += _differ(
            door,
            "读入的行",
            "rows read",
            receipt.rows_read,
            "入库＋重复＋隔离",
            "landed + repeated + quarantined",
            parts,
        )
        delivered = f"{receipt.feed}.{receipt.table_name}"
        for room, table, measure, zh, en in (
            ("raw", "receipt", "rows", "raw 表的行", "rows of the raw table"),
            ("std", "entry", "rows", "std.entry 的行", "rows of std.entry"),
            ("link", "entry_child", "export_rows", "links 导出的行", "rows of the links export"),
        ):
            counted = _figure(now, room, table, measure, delivered)
            found += _differ(door, "入库的行", "rows landed", receipt.rows_landed, zh, en, counted)
    for room, table, measure, zh, en in (
        (
            "link",
            "entry_child",
            "not_one_child",
            "未归入唯一一名儿童的儿童记录",
            "children's entries without exactly one child",
        ),
        ("link", "entry_child", "adults_linked", "归入儿童的成人记录", "adults' entries with a child id"),
        ("link", "entry_child", "without_entry", "没有对应记录的链接", "links of no entry"),
        ("core", "child", "unlisted", "有记录而不在 core.child 的儿童", "children with entries but not in core.child"),
        ("core", "child", "without_status", "没有流动状态的儿童", "children without a migrant status"),
    ):
        count = _figure(now, room, table, measure)
        if count:
            door = Door(setting, room, table)
            found.append(
                door.fault("accounting", measure, count, _EXACT, f"{zh} {count:,.0f} 条", f"{count:,.0f} {en}")
            )
    return found


def _differ(door: Door, zh: str, en: str, figure: float, other_zh: str, other_en: str, other: float) -> list[Stop]:
    if figure == other:
        return []
    words = (
        f"{zh} {figure:,.0f} ≠ {other_zh} {other:,.0f}",
        f"{en} {figure:,.0f}, {other_en} {other:,.0f}: they differ",
    )
    return [door.fault("accounting", other_en, abs(figure - other), _EXACT, *words)]


def _figure(rows: Iterable[ProfileRow], room: str, table: str, measure: str, subject: str = "") -> float:
    of_table = (row for row in rows if (row.feed, row.table_name) == (room, table))
    return figures_of(of_table, measure).get(subject, 0.0)


def _tables(rows: Iterable[ProfileRow]) -> set[str]:
    """Delivered tables that gave entries."""
    return {row.subject for row in rows if row[:3] == ("std", "entry", "rows") and row.figure}


def _judge_ids(door: Door, now: Sequence[ProfileRow], bounds: Bounds, same_tables: bool) -> list[Stop | Warn]:
    rule = bounds.release
    continuing, kept, minted, children = (
        _figure(now, *place)
        for place in (
            ("link", "child_event", "continuing"),
            ("link", "child_event", "kept"),
            ("link", "child_event", "mint"),
            ("link", "cluster", "children"),
        )
    )
    found: list[Stop | Warn] = []
    if continuing and kept / continuing < rule.ids_kept_expected:
        share = kept / continuing
        stops = share < rule.ids_kept_at_least and continuing >= rule.ids_kept_children_at_least
        limit = Limit(rule.ids_kept_at_least if stops else rule.ids_kept_expected, is_least=True)
        zh = f"上期就有的 {continuing:,.0f} 名儿童中，编号不变的占 {percent(share)}"
        en = f"of {continuing:,.0f} continuing children {percent(share)} kept their id"
        found.append((door.stop if stops else door.warn)("ids_kept", "", share, limit, zh, en))
    if children and minted / children > rule.minted_warned:
        share = minted / children
        stops = share > rule.minted_at_most and same_tables
        limit = Limit(rule.minted_at_most if stops else rule.minted_warned)
        zh = f"{children:,.0f} 名儿童中新发编号占 {percent(share)}"
        en = f"{percent(share)} of {children:,.0f} children have a new id"
        found.append((door.stop if stops else door.warn)("ids_minted", "", share, limit, zh, en))
    return found


def _judge_children(
    door: Door, now: Sequence[ProfileRow], last: Sequence[ProfileRow], bounds: Bounds, same_tables: bool
) -> list[Stop | Warn]:
    """A jump stops unless the entries jumped as well, which the deliveries' own gates have judged."""
    rule = bounds.release
    children, before = (_figure(rows, "core", "child", "rows") for rows in (now, last))
    entries, entries_before = (_figure(rows, "link", "cluster", "entries") for rows in (now, last))
    change = children / before - 1
    if abs(change) <= rule.children_changed_warned:
        return []
    of_entries = entries / entries_before - 1 if entries_before else 0.0
    explained = not same_tables or (of_entries * change > 0 and abs(of_entries) >= rule.children_changed_at_most)
    stops = abs(change) > rule.children_changed_at_most and not explained
    limit = Limit(rule.children_changed_at_most if stops else rule.children_changed_warned)
    zh = f"本期儿童 {children:,.0f} 名，上期 {before:,.0f} 名，变化 {percent(change)}；记录变化 {percent(of_entries)}"
    en = f"{children:,.0f} children, {before:,.0f} last period: {percent(change)}; entries {percent(of_entries)}"
    return [(door.stop if stops else door.warn)("children_changed", "", abs(change), limit, zh, en)]


def _judge_clusters(
    door: Door, now: Sequence[ProfileRow], last: Sequence[ProfileRow], bounds: Bounds, same_tables: bool
) -> list[Stop | Warn]:
    """Entries to a child on average, and the largest. Other tables delivered, other sizes: then it only warns."""
    rule = bounds.release
    found: list[Stop | Warn] = []
    mean, mean_before = (_mean_size(rows) for rows in (now, last))
    speak = door.stop if same_tables else door.warn
    if mean_before and abs(mean / mean_before - 1) > rule.entries_per_child_changed_at_most:
        change = mean / mean_before - 1
        zh = f"平均每名儿童 {mean:.2f} 条记录，上期 {mean_before:.2f} 条，变化 {percent(change)}"
        en = f"{mean:.2f} entries to a child, {mean_before:.2f} last period: {percent(change)}"
        limit = Limit(rule.entries_per_child_changed_at_most)
        found.append(speak("cluster_sizes", "mean", abs(change), limit, zh, en))
    largest, largest_before = (_figure(rows, "link", "cluster", "largest") for rows in (now, last))
    bound = max(rule.largest_cluster_grown_at_most * largest_before, float(rule.largest_cluster_at_least))
    if largest > bound:
        zh = f"记录最多的一名儿童有 {largest:,.0f} 条，上期最多 {largest_before:,.0f} 条"
        en = f"the largest child has {largest:,.0f} entries, last period's {largest_before:,.0f}"
        found.append(speak("cluster_sizes", "largest", largest, Limit(bound, is_share=False), zh, en))
    return found


def _mean_size(rows: Sequence[ProfileRow]) -> float:
    children = _figure(rows, "link", "cluster", "children")
    return _figure(rows, "link", "cluster", "entries") / children if children else 0.0


def _judge_migrants(door: Door, now: Sequence[ProfileRow], last: Sequence[ProfileRow], bounds: Bounds) -> list[Warn]:
    migrants, before = (_figure(rows, "care", "migrant_status", "status", "migrant") for rows in (now, last))
    change = migrants / before - 1 if before else 0.0
    limit = Limit(bounds.release.migrants_changed_warned)
    if abs(change) <= limit.bound:
        return []
    zh = f"流动儿童 {migrants:,.0f} 名，上期 {before:,.0f} 名，变化 {percent(change)}"
    en = f"{migrants:,.0f} migrant children, {before:,.0f} last period: {percent(change)}"
    return [door.warn("migrants_changed", "", abs(change), limit, zh, en)]


def _judge_queue(door: Door, now: Sequence[ProfileRow], bounds: Bounds) -> list[Warn]:
    """So many open questions that the number of children is in doubt: one child may stand in the index as several."""
    cases, children = _figure(now, "link", "review_case", "rows"), _figure(now, "link", "cluster", "children")
    limit = Limit(bounds.release.cases_a_child_warned)
    share = cases / children if children else 0.0
    if share <= limit.bound:
        return []
    zh = f"{children:,.0f} 名儿童有 {cases:,.0f} 个待核案例：交付的差错太多，同一儿童可能被算作几名，请先退回部门核对"
    en = f"{cases:,.0f} cases for {children:,.0f} children: the deliveries are too faulty; a child may count as several"
    return [door.warn("review_queue", "", share, limit, zh, en)]
