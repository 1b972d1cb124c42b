"""Renders ``docs/dictionary.md`` from the table specs: ``python -m warehouse.dictionary``."""

import sys
from pathlib import Path

from warehouse import specs
from warehouse.specs import Column, TableSpec

PLACE = Path(__file__).parent.parent / "docs" / "dictionary.md"
_ROOMS = {
    "raw": "每个部门的交付原样: each delivery as it came, receipts, quarantine. Restricted.",
    "std": "一个条目一行: one row an entry in one shape; faults beside the value. Restricted.",
    "link": "关联: candidate pairs, scores, clusters, the child id of each entry. Restricted.",
    "core": "一名儿童一行: the chosen value, its source entry, the competing values. Restricted.",
    "care": "身份与服务: statuses and lists; each row names its rule. Restricted.",
    "mart": "可查询: what analysts see; no identifiers.",
}
_SENSITIVITY = {"identifier": "identifies a person", "quasi": "may help to", "special": "special category", "none": ""}


def render() -> str:
    """The whole dictionary as Markdown. Rendered from the specs alone, so that it can be compared."""
    tables = specs.load().values()
    parts = [
        "# Data dictionary",
        "Rendered by `make dictionary` from `warehouse/tables/`; edits here are lost.\n\n"
        "**Sensitivity**: what a column can tell of a person. **Outside**: what becomes of it outside the restricted "
        "store (kept, dropped, made a token, cut to the month).",
        "\n".join(
            f"- [{room}](#{room}): "
            + ", ".join(f"[{each.table}](#{_anchor(each)})" for each in tables if each.room == room)
            for room in _ROOMS
            if any(each.room == room for each in tables)
        ),
    ]
    for room, words in _ROOMS.items():
        of_room = [each for each in tables if each.room == room]
        if of_room:
            parts += [f"## {room}", words, *map(_table, of_room)]
    return "\n\n".join(parts) + "\n"


def _anchor(spec: TableSpec) -> str:
    """The heading's anchor as Markdown readers make it."""
    return f"{spec.room}{spec.table}-{spec.title}".lower().replace(" ", "-")


def _table(spec: TableSpec) -> str:
    lines = [f"### {spec.name} {spec.title}", "", f"One row: {spec.grain}."]
    if spec.key:
        lines[-1] += f" Key: {', '.join(f'`{name}`' for name in spec.key)}."
    if spec.description:
        lines += ["", spec.description.strip()]
    if spec.expect_rows:
        lines += ["", "Every row: " + "; ".join(f"`{condition}`" for condition in spec.expect_rows) + "."]
    lines += ["", "| column | type | what it is | values | sensitivity | outside |", "|---|---|---|---|---|---|"]
    lines += [_column(name, column) for name, column in spec.columns.items()]
    return "\n".join(lines)


def _column(name: str, column: Column) -> str:
    what = " ".join(filter(None, (column.title, column.description.strip())))
    cells = [
        f"`{name}`",
        column.type.lower(),
        what,
        _values(column),
        _SENSITIVITY[column.sensitivity],
        column.masking or "",
    ]
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _values(column: Column) -> str:
    """What must hold of the column, in words."""
    expect = column.expect
    words = ["never empty"] if column.required else []
    if expect.unique:
        words.append("unique")
    if expect.one_of:
        words.append(", ".join(f"`{word}`" for word in expect.one_of))
    if expect.at_least is not None or expect.at_most is not None:
        words.append(
            f"{'' if expect.at_least is None else expect.at_least}–{'' if expect.at_most is None else expect.at_most}"
        )
    if expect.full_match:
        words.append(f"`{expect.full_match}`")
    if expect.references:
        words.append(f"in `{expect.references}`")
    return "; ".join(words)


def main() -> None:
    """Write the page; with ``--check`` only say if it is current, by the exit code."""
    page = render()
    if "--check" in sys.argv[1:]:
        current = PLACE.exists() and PLACE.read_text(encoding="utf-8") == page
        sys.exit(0 if current else f"{PLACE.name} is out of date. Run: python -m warehouse.dictionary")
    PLACE.parent.mkdir(exist_ok=True)
    PLACE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
