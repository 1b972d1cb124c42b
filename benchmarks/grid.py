"""The bars of accuracy over a grid of invented counties, each measured on the real command's releases.

python -m benchmarks.grid [--cells rates kinds base] [--children 20000] [--keep FOLDER [--kept-only]]

A cell is a county: jurisdiction, seed, factor on every fault's rate, kinds of faults switched off. Both half-years are
run by ``childindex run``; the first half-year's queue is answered from the truth in a copy of HOME, through the store
of decisions, and run again. ``--keep`` keeps each cell's figures and takes them up again when asked anew;
``--kept-only`` runs none and says which are wanting.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from benchmarks import stewards
from benchmarks.bars import BARS, Bar, Figures, Ratio, linkable_f1, measure
from benchmarks.command import childindex
from benchmarks.judged import opened
from benchmarks.losses import account, table
from connectors.sample import DEFAULT, write

PERIODS = ("2026H1", "2026H2")
JURISDICTIONS = ("429006", "110000", "540000")
_UYGHUR_COUNTY = "650000"  # the three have few Uyghur children
_SWITCHED = ("name", "spelling", "missing_number", "number", "borrowed_number", "date", "household", "row")
_KEPT = Path(__file__).parent / "sql" / "kept_id.sql"


@dataclass(frozen=True, slots=True)
class Cell:
    """One county of the grid."""

    jurisdiction: str
    seed: int = 1
    factor: float = 1.0
    without: str = ""

    def __str__(self) -> str:
        off = f" without {self.without}" if self.without else ""
        return f"{self.jurisdiction} seed {self.seed} faults ×{self.factor:g}{off}"

    @property
    def kind(self) -> str:
        """What the cell is one of several of: a factor on all faults, or counties without one kind."""
        return "a kind of fault off" if self.without else f"faults ×{self.factor:g}"

    @property
    def slug(self) -> str:
        """The cell as a file name."""
        return "-".join(filter(None, (self.jurisdiction, str(self.seed), f"{self.factor:g}", self.without)))


CELLS: dict[str, tuple[Cell, ...]] = {
    "first": tuple(Cell(each) for each in JURISDICTIONS),
    "base": tuple(Cell(each, seed) for seed in (1, 2) for each in (*JURISDICTIONS, _UYGHUR_COUNTY)),
    "rates": tuple(Cell(each, 3, factor) for factor in (0.5, 2.0) for each in (*JURISDICTIONS, _UYGHUR_COUNTY)),
    "kinds": tuple(
        Cell(JURISDICTIONS[place % len(JURISDICTIONS)], 4, without=kind) for place, kind in enumerate(_SWITCHED)
    ),
}


def main() -> None:
    """Print a row a cell and period, the whole grid's figures, and what each miss is short by."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", nargs="+", choices=CELLS, default=["rates", "kinds", "base"])
    parser.add_argument("--children", type=int, default=20_000)
    parser.add_argument("--keep", type=Path, help="folder for each cell's figures")
    parser.add_argument("--kept-only", action="store_true", help="show what was measured, run nothing")
    parser.add_argument("--losses", action="store_true", help="append where each cell's lost pairs come from")
    asked = parser.parse_args()
    print("\n".join(headings()))
    measured: list[tuple[str, Figures]] = []
    by_kind: dict[str, list[Figures]] = {}
    wanting: list[str] = []
    for cell in dict.fromkeys(cell for name in asked.cells for cell in CELLS[name]):
        if asked.kept_only and not _kept(cell, asked.keep):
            wanting.append(str(cell))
            continue
        for period, figures in _figures(cell, asked.children, asked.keep, asked.losses).items():
            measured.append((f"{cell} {period}", figures))
            by_kind.setdefault(cell.kind, []).append(figures)
            print(row(*measured[-1]), flush=True)
    whole = pooled(figures for _, figures in measured)
    print(row("**the whole grid**", whole))
    print("\n".join(summary(measured, {kind: pooled(iter(many)) for kind, many in by_kind.items()}, whole)))
    print("\n".join(misses([*measured, ("the whole grid", whole)])))
    if wanting:
        print(f"\nNot run: {'; '.join(wanting)}.")


def headings() -> Iterator[str]:
    """The table's head: figures in the order of the bars."""
    yield "| cell | " + " | ".join(map(str, BARS.values())) + " |"
    yield "|" + "---|" * (len(BARS) + 1)


def row(name: str, figures: Figures) -> str:
    """A row of the table; a figure that misses its bar is in bold."""
    cells = [_bold(bar, figures[key].value if key in figures else None) for key, bar in BARS.items()]
    return f"| {name} | " + " | ".join(cells) + " |"


def summary(measured: list[tuple[str, Figures]], kinds: dict[str, Figures], whole: Figures) -> Iterator[str]:
    """A row a bar: all cells as one, the cells of each kind as one, the worst cell, how many miss."""
    rows: list[tuple[object, ...]] = []
    for key, bar in BARS.items():
        values = {name: value for name, of in measured if key in of and (value := of[key].value) is not None}
        if not values:
            continue
        worst = (min if bar.is_floor else max)(values, key=lambda name: values[name])
        missing = sum(bar.short_by(value) > 0 for value in values.values())
        figures = [_bold(bar, of[key].value if key in of else None) for of in (whole, *kinds.values())]
        rows.append((bar, *figures, f"{_bold(bar, values[worst])} {worst}", f"{missing} of {len(values)}"))
    yield "\nBar by bar, cells put together:\n"
    yield from table(["bar", "the whole grid", *kinds, "worst", "periods that miss"], rows)


def _bold(bar: Bar, value: float | None) -> str:
    said = "" if value is None else f"{value:.5f}"
    return f"**{said}**" if bar.short_by(value) else said


def misses(measured: list[tuple[str, Figures]]) -> Iterator[str]:
    """What each figure that misses its bar is short by, as counts too."""
    rows: list[tuple[object, ...]] = [
        (
            name,
            str(bar),
            f"{value:.5f}",
            f"{bar.short_by(value):.5f}",
            f"{figures[key].part:,.0f} of {figures[key].whole:,.0f}",
        )
        for name, figures in measured
        for key, bar in BARS.items()
        if key in figures and (value := figures[key].value) is not None and bar.short_by(value)
    ]
    yield f"\n{len(rows)} figures miss their bar.\n"
    if rows:
        yield from table(["cell", "bar", "measured", "short by", "counts"], rows)


def pooled(many: Iterator[Figures]) -> Figures:
    """All cells as one: parts and wholes added up."""
    whole: Figures = {}
    for figures in many:
        for key, ratio in figures.items():
            whole[key] = whole.get(key, Ratio(0, 0)) + ratio
    return whole


def _figures(cell: Cell, children: int, keep: Path | None, losses: bool) -> dict[str, Figures]:
    """A cell's figures by period, taken from ``keep`` where they stand there."""
    if known := _kept(cell, keep):
        return known
    with tempfile.TemporaryDirectory() as folder:
        figures, said = run(Path(folder), cell, children, losses)
    if keep:
        kept = _file(cell, keep)
        kept.parent.mkdir(parents=True, exist_ok=True)
        as_json = {period: {key: asdict(ratio) for key, ratio in of.items()} for period, of in figures.items()}
        kept.write_text(json.dumps(as_json, indent=1))
        if said:
            kept.with_suffix(".md").write_text("\n".join(said) + "\n")
    return figures


def _kept(cell: Cell, keep: Path | None) -> dict[str, Figures]:
    """What ``keep`` holds of a cell; nothing where it wasn't measured."""
    if keep is None or not _file(cell, keep).is_file():
        return {}
    read = json.loads(_file(cell, keep).read_text())
    return {period: {key: Ratio(**ratio) for key, ratio in of.items()} for period, of in read.items()}


def _file(cell: Cell, keep: Path) -> Path:
    return keep / f"{cell.slug}.json"


def run(folder: Path, cell: Cell, children: int, losses: bool = False) -> tuple[dict[str, Figures], list[str]]:
    """Invent a cell's county below ``folder``, run both half-years, answer the first queue; figures by period."""
    keys, home, out = folder / "keys", folder / "home", folder / "county"
    rates = DEFAULT.scaled(cell.factor).without(*filter(None, [cell.without]))
    write(
        *(out,),
        jurisdiction=cell.jurisdiction,
        children=children,
        periods=PERIODS,
        seed=cell.seed,
        faults=rates,
        tell_faults=True,
    )
    figures: dict[str, Figures] = {}
    said: list[str] = []
    for period in PERIODS:
        _run(home, out, cell, period, keys)
        with opened(home, out / "truth", period) as (con, found):
            figures[period] = measure(con, found)
            if losses:
                said += [f"\n## {cell} {period}\n", *account(con, found, 30)]
            if period == PERIODS[0]:
                answered = folder / "answered"
                shutil.copytree(home, answered, symlinks=True)
                stewards.answer(con, answered)
        _export(home, folder, period, keys)
    _run(answered, out, cell, PERIODS[0], keys)
    with opened(answered, out / "truth", PERIODS[0]) as (con, found):
        figures[PERIODS[0]]["answered"] = linkable_f1(con, found)
    figures[PERIODS[1]] |= kept_ids(folder, out / "truth")
    return figures, said


def _run(home: Path, out: Path, cell: Cell, period: str, keys: Path) -> None:
    asked = ("run", "--home", home, "--inbox", out / "inbox", "--jurisdiction", cell.jurisdiction, "--period", period)
    childindex(*asked, keys=keys)


def _export(home: Path, folder: Path, period: str, keys: Path) -> None:
    asked = ("--home", home, "--period", period, "--out", folder / f"links_{period}.parquet")
    childindex("export", "links", *asked, keys=keys)


def kept_ids(folder: Path, truth: Path) -> Figures:
    """Continuing children whose main id is the same in both periods: all, those re-keyed, those from ``L`` to ``G``."""
    con = duckdb.connect()
    try:
        rows = con.execute(
            "select count(*) filter (is_kept), count(*), count(*) filter (is_kept and is_rekeyed),"
            " count(*) filter (is_rekeyed), count(*) filter (is_kept and is_l_to_g), count(*) filter (is_l_to_g)"
            f" from ({_KEPT.read_text(encoding='utf-8')})",
            {
                "truth_first": str(truth / f"links_{PERIODS[0]}.csv"),
                "truth_second": str(truth / f"links_{PERIODS[1]}.csv"),
                "links_first": str(folder / f"links_{PERIODS[0]}.parquet"),
                "links_second": str(folder / f"links_{PERIODS[1]}.parquet"),
            },
        ).fetchall()[0]
    finally:
        con.close()
    names = ("kept", "kept_rekeyed", "kept_l_to_g")
    return {name: Ratio(*rows[2 * place : 2 * place + 2]) for place, name in enumerate(names)}


if __name__ == "__main__":
    main()
