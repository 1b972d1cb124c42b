"""Makes figures fit to leave the bureau: small counts redacted, the others rounded, totals taken from what is shown."""

from collections.abc import Mapping
from dataclasses import replace

from reporting.pack.figures import Cell, Measured

SMALL = 7  # counts from 1 to this many are redacted
BASE = 5  # the others are rounded to a multiple of this
REDACTED = "*"


def protect(measured: Measured) -> Measured:
    """Redact and round a figure's counts.

    A zero stays. Where one cell alone of a column that is added up would be redacted, the next smallest is too. A
    column that others sum to is the sum of what they show. Rows without a shown number go last, in the order of their
    codes, so that their order tells nothing.
    """
    columns = {name: measured.column(name) for name in measured.figure.columns}
    for name, column in measured.figure.columns.items():
        if column.count and not column.sums:
            columns[name] = _redact(columns[name], complement=measured.figure.total)
    rows = add_up(replace(measured, rows=list(zip(*columns.values(), strict=True)))).rows
    counts = [at for at, column in enumerate(measured.figure.columns.values()) if column.count]
    shown = [row for row in rows if any(isinstance(row[at], int) and row[at] for at in counts)]
    hidden = sorted((row for row in rows if row not in shown), key=str)
    return replace(measured, rows=[*shown, *hidden])


def add_up(measured: Measured) -> Measured:
    """The figure with each column that others sum to as the sum of what they show."""
    columns = {name: measured.column(name) for name in measured.figure.columns}
    for name, column in measured.figure.columns.items():
        if column.sums:
            columns[name] = _sum_of_shown(columns, column.sums)
    return replace(measured, rows=list(zip(*columns.values(), strict=True)))


def _redact(cells: list[Cell], *, complement: bool) -> list[Cell]:
    small = {at for at, cell in enumerate(cells) if isinstance(cell, int) and 0 < cell <= SMALL}
    if complement and len(small) == 1:
        others = [(cell, at) for at, cell in enumerate(cells) if isinstance(cell, int) and cell > SMALL]
        small |= {min(others)[1]} if others else set()
    return [REDACTED if at in small else _rounded(cell) for at, cell in enumerate(cells)]


def _rounded(cell: Cell) -> Cell:
    return (cell + BASE // 2) // BASE * BASE if isinstance(cell, int) else cell


def _sum_of_shown(columns: Mapping[str, list[Cell]], names: tuple[str, ...]) -> list[Cell]:
    sums: list[Cell] = []
    for cells in zip(*(columns[name] for name in names), strict=True):
        shown = [cell for cell in cells if isinstance(cell, int)]
        sums.append(sum(shown) if any(shown) or REDACTED not in cells else REDACTED)
    return sums
