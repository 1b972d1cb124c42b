"""The figures that reports are made of: what each counts, and the query that gives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, Self

import duckdb
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from reporting.basis import Basis
from warehouse import opening

Cell = str | int | float | None


class FigureError(ValueError):
    """A figure can't be given as described; says which and what to change."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Strict):
    """One column of a figure: a label, or numbers.

    ``words``: the list of words by which its codes are read. ``count``: children or rows; ``sums``: the columns that
    add up to it; ``share``: its share of the whole is shown beside it; ``not_added``: no sum of it means anything.
    ``beside``: labels whose rows stand below the others and are in no share and no total.
    """

    title: str
    words: str | None = None
    count: bool = False
    percent: bool = False
    share: bool = False
    sums: tuple[str, ...] = ()
    not_added: bool = False
    beside: tuple[str, ...] = ()


class Chart(_Strict):
    """How a figure is drawn: by one label column, one or several columns of counts."""

    kind: Literal["bars", "stacked", "grouped", "lines"]
    label: str
    values: tuple[str, ...]


class Population(_Strict):
    """Whom figures count. Two populations are never added up (R087)."""

    title: str
    definition: str
    english: str


class Figure(_Strict):
    """One table of numbers with its definition."""

    name: str
    title: str
    population: str
    version: int
    definition: str
    source: Literal["mart", "restricted"]
    columns: dict[str, Column]
    total: bool = False
    chart: Chart | None = None
    shown_at_most: int | None = None  # rows on the page; the workbook has all
    external: bool = False  # may leave the bureau, after disclosure control

    @model_validator(mode="before")
    @classmethod
    def _from(cls, given: dict[str, object]) -> dict[str, object]:
        """Read ``from``, which Python keeps for itself."""
        return {"source" if key == "from" else key: value for key, value in given.items()}

    @model_validator(mode="after")
    def _columns_are_there(self) -> Self:
        named = {each for column in self.columns.values() for each in column.sums}
        named |= {self.chart.label, *self.chart.values} if self.chart else set()
        if unknown := named - set(self.columns):
            raise ValueError(f"{self.name}: sums or chart name columns that aren't there: {sorted(unknown)}")
        return self

    @property
    def sql(self) -> str:
        """The query, with its comment that says what a row is."""
        return (resources.files("reporting.pack") / "figures" / f"{self.name}.sql").read_text(encoding="utf-8")

    @property
    def counts(self) -> tuple[str, ...]:
        """Columns that hold counts."""
        return tuple(name for name, column in self.columns.items() if column.count)

    @property
    def labels(self) -> tuple[str, ...]:
        """Columns that tell one row from another."""
        return tuple(name for name, column in self.columns.items() if not (column.count or column.percent))


class Pack(_Strict):
    """One kind of report: its figures in the order of its pages."""

    title: str
    english: str
    basis: tuple[Basis, ...]
    figures: tuple[str, ...]
    texts: dict[str, str] = {}  # sections of words that go with the figures: title by name


class Part(_Strict):
    """Counts of one figure that are added up: of all its rows, or of one.

    ``row``: its first label; or ``newest``, whose first label is the greatest, and ``before``, the next.
    """

    figure: str
    columns: tuple[str, ...] = Field(min_length=1)
    row: str | None = None


class Alike(_Strict):
    """Sums, of one figure or several each, that are the same number, since they count the same children."""

    what: str
    parts: tuple[tuple[Part, ...], ...] = Field(min_length=2)


class _Registry(_Strict):
    populations: dict[str, Population]
    figures: tuple[Figure, ...]
    packs: dict[str, Pack]
    alike: tuple[Alike, ...] = ()

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        figures = [figure.name for figure in self.figures]
        if len(set(figures)) < len(figures):
            twice = sorted({name for name in figures if figures.count(name) > 1})
            raise ValueError(f"figures are described twice: {twice}")
        asked = {name for pack in self.packs.values() for name in pack.figures}
        if unknown := asked - set(figures):
            raise ValueError(f"packs ask for figures that aren't described: {sorted(unknown)}")
        columns = {figure.name: figure.columns for figure in self.figures}
        for part in (part for sums in self.alike for parts in sums.parts for part in parts):
            if unknown := set(part.columns) - set(columns.get(part.figure, ())):
                raise ValueError(f"alike: {part.figure} has no columns {sorted(unknown)}")
            if any(columns[part.figure][name].sums for name in part.columns):
                raise ValueError(f"alike: {part.figure}: name the columns that are added up, not their sum")
        if lacking := {figure.population for figure in self.figures} - set(self.populations):
            raise ValueError(f"figures count populations that aren't described: {sorted(lacking)}")
        return self


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure with its numbers: one period, one jurisdiction."""

    figure: Figure
    rows: list[tuple[Cell, ...]]  # codes, not words; in the columns' order

    def column(self, name: str) -> list[Cell]:
        """One column's cells."""
        at = list(self.figure.columns).index(name)
        return [row[at] for row in self.rows]

    @property
    def added(self) -> list[bool]:
        """Of each row whether it is in shares and totals."""
        aside = [(at, column.beside) for at, column in enumerate(self.figure.columns.values()) if column.beside]
        return [all(row[at] not in labels for at, labels in aside) for row in self.rows]


@cache
def registry() -> _Registry:
    """Read ``figures.yml``; raises :class:`FigureError` that names the key."""
    text = (resources.files("reporting.pack") / "figures.yml").read_text(encoding="utf-8")
    try:
        return _Registry.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise FigureError(f"reporting/pack/figures.yml: {faults}") from None


def pack(name: str) -> Pack:
    """Return one kind of report; the error names those there are."""
    packs = registry().packs
    if name not in packs:
        raise FigureError(f"{name}: 没有这种报告。 no such report. There are: {', '.join(packs)}.")
    return packs[name]


def of_pack(name: str) -> list[Figure]:
    """Figures of a pack in their order."""
    by_name = {figure.name: figure for figure in registry().figures}
    return [by_name[each] for each in pack(name).figures]


def measure(
    con: duckdb.DuckDBPyConnection, figure: Figure, period: str, jurisdiction: str, *, with_unknown: bool
) -> Measured:
    """Run a figure's query. ``con`` reads what the figure says it is from.

    ``with_unknown``: children of no known county count too; in the report of a home's whole jurisdiction alone, so that
    they aren't counted by every county of it.
    """
    given = {"period": period, "jurisdiction": jurisdiction, "with_unknown": with_unknown}
    bound = {name: given[name] for name in duckdb.extract_statements(figure.sql)[0].named_parameters}
    told = con.execute(figure.sql, bound)
    found = [str(each[0]) for each in told.description or ()]
    if found != list(figure.columns):
        raise FigureError(f"{figure.name}: its query gives {found}, its description has {list(figure.columns)}.")
    return Measured(figure, [tuple(map(_plain, row)) for row in told.fetchall()])


def _plain(value: object) -> Cell:
    """A cell as JSON keeps it."""
    return value if value is None or isinstance(value, str | int | float) else str(value)


def to_paste(figure: Figure, period: str, jurisdiction: str, *, with_unknown: bool) -> str:
    """The figure's query with its values written in, as `childindex sql` takes it."""
    given = {
        "period": opening.text(period),
        "jurisdiction": opening.text(jurisdiction),
        "with_unknown": str(with_unknown).lower(),
    }
    sql = figure.sql
    for name, value in given.items():
        sql = sql.replace(f"${name}", value)
    return sql.strip()


def total(measured: Measured) -> Sequence[Cell]:
    """The line of totals below a figure: sums of the numbers that stand above, nothing under labels.

    Where no number but zeros stands above, and something that isn't shown, neither is the sum.
    """
    sums: list[Cell] = []
    for name, column in measured.figure.columns.items():
        told = zip(measured.column(name), measured.added, strict=True)
        above = [cell for cell, is_added in told if is_added]
        numbers = [cell for cell in above if isinstance(cell, int)]
        hidden = next((cell for cell in above if isinstance(cell, str)), None) if not any(numbers) else None
        sums.append((hidden or sum(numbers)) if column.count and not column.not_added else None)
    return sums
