"""Writes an invented county: ``inbox/<period>/<feed>/<files>`` and ``truth/``. The public entry is :func:`write`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from connectors.sample import county as counties
from connectors.sample import places, truth
from connectors.sample.faults import Ledger, Spoiler
from connectors.sample.feeds import civil_affairs, disabled_federation, education, health, medical_insurance
from connectors.sample.feeds import public_security as security
from connectors.sample.feeds.table import Table
from connectors.sample.files import DatabaseSink, SheetSink, Sink, TextShape, TextSink
from connectors.sample.rates import DEFAULT, FaultRates
from connectors.sample.scene import Scene
from connectors.sample.standing import Standing
from connectors.sample.streams import Bools, Ints, Luck, Streams, Texts, texts
from policy.period import Period

_BLOCK = 50_000  # rows written at a time
Progress = Callable[[str, int, int], None]

_TABLES: tuple[Table, ...] = (
    education.Enrolment(),
    security.Residence(),
    security.Hukou(),
    health.ChildHealth(),
    medical_insurance.Enrolment(),
    medical_insurance.HighCostAlert(),
    disabled_federation.Rehabilitation(),
    civil_affairs.FieldVisit(),
    civil_affairs.Welfare(),
)
_TEXT_SHAPES = {
    "education.enrolment": TextShape("gb18030", False, ",", True, "\r\n", "现住址"),
    "health.child_health": TextShape("utf-8", True, ",", True, "\r\n", "居住地址"),
    "medical_insurance.enrolment": TextShape("gb18030", False, "|", False, "\r\n", "险种"),
    "civil_affairs.welfare": TextShape("utf-8", False, ",", True, "\n", "姓名"),
}
_SHEETS = {  # sheet, title line, the column that holds date cells in every other row
    "medical_insurance.high_cost_alert": ("预警", "", ""),
    "disabled_federation.rehabilitation": ("Sheet1", "残疾儿童康复救助申请汇总表", ""),
    "civil_affairs.field_visit": ("入户登记", "", "走访日期"),
}
_DATABASE = {"public_security.residence": "JZDJ", "public_security.hukou": "CZRK"}


@dataclass
class PeriodSummary:
    """What was written for one period. ``rows`` counts delivered rows by table, repeats included."""

    period: str
    children: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    repeated: dict[str, int] = field(default_factory=dict)
    files: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass
class SampleSummary:
    """What was written.

    ``faults``: (table, column, fault) → how many were made, of how many values that could, and how many the rates ask
    for.
    """

    folder: Path
    jurisdiction: str
    seed: int
    periods: tuple[PeriodSummary, ...] = ()
    faults: dict[tuple[str, str, str], tuple[int, int, float]] = field(default_factory=dict)

    def made(self, fault: str) -> tuple[int, int, float]:
        """Add one fault up over all tables: made, of how many chances, expected."""
        found = [counts for (_, _, name), counts in self.faults.items() if name == fault]
        return sum(each[0] for each in found), sum(each[1] for each in found), sum(each[2] for each in found)


def write(
    out: Path,
    *,
    jurisdiction: str,
    children: int,
    periods: Sequence[str],
    seed: int,
    faults: FaultRates = DEFAULT,
    progress: Progress | None = None,
    tell_faults: bool = False,
) -> SampleSummary:
    """Invent a county of ``children`` on the first period's reference date and write all its deliveries and truth.

    The same arguments give the same bytes. Files that are there are replaced; nothing else below ``out`` is touched.
    ``tell_faults`` also writes ``truth/faults_<period>.csv``: which delivered row has which fault in which column.
    ``progress`` is told the stage, how many rows are done and how many there are.
    """
    chosen = sorted({Period.parse(period) for period in periods})
    if not chosen:
        raise ValueError("no period given: name at least one half-year, for example 2026H1")
    if children < 1:
        raise ValueError(f"{children} children asked for: give at least 1")
    tell = progress or (lambda stage, done, total: None)
    streams, ledger = Streams(seed), Ledger(rows=[] if tell_faults else None)
    tell("families", 0, children)
    geography = places.load(jurisdiction, chosen[0].year, chosen[-1].year, streams)
    county = counties.invent(geography, children, [period.as_of for period in chosen], streams)
    tell("families", children, children)
    summaries = []
    for number, period in enumerate(chosen):
        scene = Scene(period, number, Standing(county, period.as_of), Luck(seed), faults, ledger)
        summaries.append(_write_period(Path(out), scene, streams, tell))
    counted = {at: (ledger.made[at], chances, ledger.expected[at]) for at, chances in ledger.chances.items()}
    return SampleSummary(Path(out), jurisdiction, seed, tuple(summaries), counted)


def _write_period(out: Path, scene: Scene, streams: Streams, tell: Progress) -> PeriodSummary:
    inbox, known = out / "inbox" / str(scene.period), out / "truth"
    known.mkdir(parents=True, exist_ok=True)
    summary = PeriodSummary(str(scene.period))
    delivered = np.zeros(len(scene.county.children), dtype=np.bool_)
    (inbox / "public_security").mkdir(parents=True, exist_ok=True)
    (inbox / "public_security" / "public_security.db").unlink(missing_ok=True)
    with ExitStack() as files:
        links = files.enter_context(truth.Links(known / f"links_{scene.period}.csv"))
        faults = None
        if scene.ledger.rows is not None:
            faults = files.enter_context(truth.RowFaults(known / f"faults_{scene.period}.csv", scene.ledger.rows))
        for table in _TABLES:
            (inbox / table.feed).mkdir(parents=True, exist_ok=True)
            _write_table(inbox / table.feed, table, scene, streams, links, faults, delivered, summary, tell)
    summary.children = truth.write_children(known / f"children_{scene.period}.csv", scene, delivered)
    _write_manifest(inbox / "medical_insurance")
    (inbox / "health" / "填表说明.txt").write_text("本期儿童健康档案按年龄分两个文件报送。\n", encoding="utf-8")
    return summary


def _write_table(
    folder: Path,
    table: Table,
    scene: Scene,
    streams: Streams,
    links: truth.Links,
    faults: truth.RowFaults | None,
    delivered: Bools,
    summary: PeriodSummary,
    tell: Progress,
) -> None:
    rows = table.select(scene)
    rows = rows.take(streams.of("order", table.title, str(scene.period)).permutation(len(rows)))
    spoil = scene.spoiler(table.title)
    delivered[rows.child[rows.child >= 0]] = True
    in_database = table.title in _DATABASE
    names, which = (
        (("public_security.db",), np.zeros(len(rows), dtype=np.int64)) if in_database else table.files(scene, rows)
    )
    written = repeated = landed = 0
    for number, name in enumerate(names):
        at = np.flatnonzero(which == number)
        sink = _sink(folder / name, table, scene, spoil)
        for start in range(0, len(at), _BLOCK):
            block = rows.take(at[start : start + _BLOCK])
            ids = scene.identities(table.title, block)
            cells = table.render(scene, block, ids, spoil)
            _spoil_keys(table, cells, ids, spoil)
            again = np.flatnonzero(_repeats(spoil, ids))
            order = np.r_[np.arange(len(block)), again]
            numbers = sink.write({column: cells[column][order] for column in table.columns}, ids[order])
            keys = cells[table.key[0]]
            for column in table.key[1:]:
                keys = keys + "|" + cells[column]
            links.add(table.feed, table.table, keys, block, name, numbers[: len(block)])
            if faults is not None:
                faults.add(table.feed, table.table, name, ids, numbers[: len(block)])
            written, repeated = written + len(order), repeated + len(again)
            landed += len(block)
            tell(f"{scene.period} {table.title}", landed, len(rows))
        sink.close()
    summary.rows[table.title], summary.repeated[table.title] = written, repeated
    summary.files[table.title] = names


def _repeats(spoil: Spoiler, ids: Ints) -> Bools:
    found = np.zeros(len(ids), dtype=np.bool_)
    for at in spoil.hits(ids, "row", {"repeated_row": spoil.rates.repeated_row}).values():
        found[at] = True
    return found


def _spoil_keys(table: Table, cells: dict[str, Texts], ids: Ints, spoil: Spoiler) -> None:
    """Blank, destroy or double a few natural keys of a single column."""
    if len(table.key) > 1:
        return
    column, rates = table.key[0], spoil.rates
    values = cells[column] = cells[column].copy()
    chances: dict[str, float] = {"blank_key": rates.blank_key, "borrowed_key": rates.borrowed_key}
    if table.numeric_key:
        chances["destroyed_key"] = rates.destroyed_key
    for fault, at in spoil.hits(ids, "key", dict(chances)).items():
        if fault == "blank_key":
            values[at] = ""
        elif fault == "borrowed_key":
            values[at] = values[np.maximum(at - 1, 0)]
        else:
            values[at] = texts([f"{int(value):.5E}" if value.isdecimal() else value for value in values[at]])


def _sink(path: Path, table: Table, scene: Scene, spoil: Spoiler) -> Sink:
    if table.title in _TEXT_SHAPES:
        return TextSink(path, table.columns, _TEXT_SHAPES[table.title], spoil)
    if table.title in _SHEETS:
        sheet, title, day = _SHEETS[table.title]
        return SheetSink(path, table.columns, sheet, title, scene.period.as_of, day)
    return DatabaseSink(path, _DATABASE[table.title], table.columns)


def _write_manifest(folder: Path) -> None:
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}"
        for path in sorted(folder.iterdir())
        if path.name != "MANIFEST.sha256"
    ]
    (folder / "MANIFEST.sha256").write_text("\n".join(lines) + "\n", encoding="utf-8")
