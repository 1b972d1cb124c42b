"""The report as one HTML page that prints on A4: no script, no font, nothing from outside."""

from importlib import resources
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from reporting.pack import charts, figures
from reporting.pack.charts import Series
from reporting.pack.figures import Cell, Measured
from reporting.pack.report import Report
from reporting.pack.shown import Shown, show
from reporting.pack.workbook import caption, describe
from reporting.whole import whole

_DRAWN_AT_MOST = 20  # bars


def write(report: Report, out: Path) -> Path:
    """Write the page, whole or not at all."""
    with whole(out) as half:
        half.write_text(render(report), encoding="utf-8")
    return out


def render(report: Report) -> str:
    """The page as text."""
    template = (resources.files("reporting.pack") / "page.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    sections = [_section(report, number, each) for number, each in enumerate(report.measured, start=1)]
    return environment.from_string(template).render(
        report=report, cover=describe(report), sections=sections, headline=_headline(report)
    )


def _section(report: Report, number: int, measured: Measured) -> dict[str, object]:
    shown = show(measured, report.places)
    at_most = measured.figure.shown_at_most or len(shown.rows)
    return {
        "number": number,
        "name": measured.figure.name,
        "title": measured.figure.title,
        "caption": caption(report, measured),
        "titles": list(zip(shown.titles, shown.is_number, strict=True)),
        "rows": [_cells(shown, row) for row in shown.rows[:at_most]],
        "more": max(0, len(shown.rows) - at_most),
        "total": _cells(shown, shown.total) if shown.total else None,
        "chart": (chart := _chart(measured, shown)),
        "drawn": _DRAWN_AT_MOST if chart and len(shown.rows) > _DRAWN_AT_MOST else None,
        "sql": figures.to_paste(
            measured.figure, str(report.period), report.jurisdiction, with_unknown=report.with_unknown
        ),
    }


def _cells(shown: Shown, row: list[Cell]) -> list[tuple[str, bool]]:
    """Cells as text, each with whether it is a number."""
    return [
        (_cell(cell, percent=percent), number)
        for cell, number, percent in zip(row, shown.is_number, shown.is_percent, strict=True)
    ]


def _cell(cell: Cell, *, percent: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    return f"{cell:.1%}" if percent else f"{cell:,}"


def _chart(measured: Measured, shown: Shown) -> Markup | None:
    drawn = measured.figure.chart
    if drawn is None or len(shown.rows) < (2 if drawn.kind == "lines" else 1):
        return None
    at = {name: shown.titles.index(column.title) for name, column in measured.figure.columns.items()}
    rows = shown.rows[:_DRAWN_AT_MOST]
    labels = [str(row[at[drawn.label]]) for row in rows]
    series = [Series(shown.titles[at[name]], [_number(row[at[name]]) for row in rows]) for name in drawn.values]
    if drawn.kind == "lines":
        return charts.lines(labels, series)
    return charts.bars(labels, series, stacked=drawn.kind == "stacked")


def _number(cell: Cell) -> int | None:
    return cell if isinstance(cell, int) else None


def _headline(report: Report) -> list[tuple[str, str]]:
    """The few numbers that a director reads first, each standing in a table below too.

    The migrant children as the trend counts them, in one number: where small counts are hidden, a sum over counties is
    the sum of those shown. The trend has no row of a period in which no child was known.
    """
    told = {each.figure.name: each for each in report.measured}
    found: list[tuple[str, str]] = []
    if "by_county" in told and "trend" in told:
        periods = zip(told["trend"].column("period"), told["trend"].column("migrant"), strict=True)
        found.append(("流动儿童", _cell(dict(periods).get(str(report.period), 0), percent=False)))
        counted = dict(zip(told["by_county"].figure.columns, figures.total(told["by_county"]), strict=True))
        found.append(("其中跨省", _cell(counted["other_province"], percent=False)))
    if "flow_by_cause" in told:
        sums = figures.total(told["flow_by_cause"])
        found += [("较上期增加", _cell(sums[1], percent=False)), ("较上期减少", _cell(sums[2], percent=False))]
    return found
