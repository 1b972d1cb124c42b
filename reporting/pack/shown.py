"""A figure as people read it: words for codes, shares beside counts, a line of totals. One form for sheet and page."""

from dataclasses import dataclass

from reporting import words
from reporting.pack.figures import Cell, Measured, total
from warehouse.places import Places


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure's table, ready to print. ``is_number`` and ``is_percent`` say of each column what it holds."""

    titles: list[str]
    is_number: list[bool]
    is_percent: list[bool]
    rows: list[list[Cell]]
    total: list[Cell] | None


def show(measured: Measured, places: Places) -> Shown:
    """Decode and lay out a figure; ``places`` says what divisions were called."""
    titles: list[str] = []
    kinds: list[tuple[bool, bool]] = []
    columns: list[list[Cell]] = []
    sums = total(measured) if measured.figure.total else None
    below: list[Cell] = []
    for at, (name, column) in enumerate(measured.figure.columns.items()):
        cells = measured.column(name)
        kind = column.words
        titles.append(column.title)
        kinds.append((column.count or column.percent, column.percent))
        columns.append([words.word(kind, cell, places) for cell in cells] if kind else list(cells))
        below.append(sums[at] if sums else None)
        if column.share:
            added = [cell if is_added else None for cell, is_added in zip(cells, measured.added, strict=True)]
            whole = sum(cell for cell in added if isinstance(cell, int))
            titles.append("占比")
            kinds.append((True, True))
            columns.append([cell / whole if isinstance(cell, int) and whole else None for cell in added])
            below.append(None)
    if sums and below[0] is None:
        below[0] = "合计"
    rows = [list(row) for row in zip(*columns, strict=True)]
    return Shown(titles, [each[0] for each in kinds], [each[1] for each in kinds], rows, below if sums else None)
