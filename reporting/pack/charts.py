"""Charts as SVG, drawn here so that a page needs nothing from outside: horizontal bars and lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

COLOURS = ("#2f6db3", "#d98324", "#5b9a58", "#8d5aa8")  # told apart by shape of legend and order too, not by hue alone
HIDDEN = "*"  # a number that isn't shown, as in the tables
_LABEL, _PLOT, _VALUE = 190, 420, 70  # widths of label, plot and value, in pixels
_ROW, _GAP = 24, 8


@dataclass(frozen=True, slots=True)
class Series:
    """One run of numbers, one a label. None is a number that isn't shown."""

    title: str
    values: Sequence[int | None]


def bars(labels: Sequence[str], series: Sequence[Series], *, stacked: bool = False) -> Markup:
    """Horizontal bars, a row a label; of several series stacked, or one below the other."""
    lines = 1 if stacked else len(series)
    tall = _ROW if lines == 1 else lines * 14
    height = len(labels) * (tall + _GAP) + 34
    most = max([1, *(_row_sum(series, at) if stacked else _row_most(series, at) for at in range(len(labels)))])
    parts = [_legend(series)] if len(series) > 1 else []
    for at, label in enumerate(labels):
        top = 28 + at * (tall + _GAP)
        parts.append(_text(_LABEL - 8, top + tall / 2, _short(label), "end"))
        parts += _stack(series, at, top, tall, most) if stacked else _side_by_side(series, at, top, tall, most)
    return _svg(height, parts, f"{len(labels)} 项")


def lines(labels: Sequence[str], series: Sequence[Series]) -> Markup:
    """Lines over time, a point a label, each point with its number."""
    height, top, base = 240, 40, 200
    most = max([1, *(value for each in series for value in each.values if value is not None)])
    step = (_PLOT + _VALUE) / max(len(labels) - 1, 1)
    parts = [_legend(series), f'<line x1="60" y1="{base}" x2="{60 + _PLOT + _VALUE}" y2="{base}" class="axis"/>']
    across = [60 + at * step for at in range(len(labels))]
    parts += [_text(x, base + 16, label, "middle") for x, label in zip(across, labels, strict=True)]
    for each, colour in zip(series, COLOURS, strict=False):
        points = [
            (x, base - value / most * (base - top), value)
            for x, value in zip(across, each.values, strict=True)
            if value is not None
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for x, y, value in points:
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>')
            parts.append(_text(x, y - 12, f"{value:,}", "middle"))
    return _svg(height, parts, f"{len(labels)} 期")


def _stack(series: Sequence[Series], at: int, top: float, tall: float, most: int) -> list[str]:
    parts, left = [], float(_LABEL)
    for each, colour in zip(series, COLOURS, strict=False):
        wide = (each.values[at] or 0) / most * _PLOT
        parts.append(_rect(left, top, wide, tall, colour))
        left += wide
    is_hidden = left == _LABEL and any(each.values[at] is None for each in series)
    return [*parts, _text(left + 6, top + tall / 2, HIDDEN if is_hidden else f"{_row_sum(series, at):,}", "start")]


def _side_by_side(series: Sequence[Series], at: int, top: float, tall: float, most: int) -> list[str]:
    parts, each_tall = [], tall / len(series)
    for line, (each, colour) in enumerate(zip(series, COLOURS, strict=False)):
        value = each.values[at]
        wide, y = (value or 0) / most * _PLOT, top + line * each_tall
        parts.append(_rect(_LABEL, y, wide, each_tall - 1, colour))
        parts.append(_text(_LABEL + wide + 6, y + each_tall / 2, HIDDEN if value is None else f"{value:,}", "start"))
    return parts


def _row_sum(series: Sequence[Series], at: int) -> int:
    return sum(each.values[at] or 0 for each in series)


def _row_most(series: Sequence[Series], at: int) -> int:
    return max(each.values[at] or 0 for each in series)


def _legend(series: Sequence[Series]) -> str:
    parts, left = [], _LABEL
    for each, colour in zip(series, COLOURS, strict=False):
        parts.append(_rect(left, 6, 12, 12, colour) + _text(left + 18, 12, each.title, "start"))
        left += 44 + 14 * len(each.title)
    return "".join(parts)


def _rect(x: float, y: float, wide: float, tall: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall:.1f}" fill="{colour}"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" dominant-baseline="central">{escape(text)}</text>'


def _short(label: str) -> str:
    """A label's last words where it is too long for its place: of 湖北省天门市 the part that differs."""
    return label if len(label) <= 15 else f"…{label[-14:]}"


def _svg(height: float, parts: Sequence[str], words: str) -> Markup:
    width = _LABEL + _PLOT + _VALUE
    body = "".join(parts)
    return Markup(  # noqa: S704  (every text in it is escaped)
        f'<svg viewBox="0 0 {width} {height:.0f}" width="{width}" height="{height:.0f}" role="img" '
        f'aria-label="{escape(words)}">{body}</svg>'
    )
