"""Renders ``docs/feeds.md`` from the feed specs: ``python -m connectors.describe``."""

from collections.abc import Iterator
from pathlib import Path

from connectors import specs
from connectors.specs import ExcelSource, FeedSpec, SqlSource, TextSource

PAGE = Path("docs/feeds.md")
_OPENING = """\
# The feeds

What each department delivers, as the feed specs in `connectors/` say it: rendered from them by
`python -m connectors.describe`, so don't edit this page. A site lays its own names over these in `HOME/feeds/`.

Deliveries lie in `<inbox>/<period>/<feed>/`. `*` matches several files, which are one delivery. A folder may hold a
`MANIFEST.sha256`. Columns marked **required** must be there, their cells may be blank.
"""


def render() -> str:
    """The whole page."""
    return "\n".join([_OPENING, *(line for spec in specs.load().values() for line in _table(spec))]) + "\n"


def _table(spec: FeedSpec) -> Iterator[str]:
    yield f"## `{spec.feed}.{spec.table}` {spec.title}"
    yield ""
    optional = " Optional: missed by nobody where it never came." if spec.is_optional else ""
    key = ", ".join(f"`{name}`" for name in spec.key)
    yield f"{spec.grain.capitalize()}. {_how(spec)}{optional} Natural key: {key}."
    yield ""
    yield "| delivered as | our name | type | required | code words | sensitivity |"
    yield "|---|---|---|---|---|---|"
    for name, column in spec.columns.items():
        delivered = "、".join(column.sources)
        words = "; ".join(f"{theirs} → {ours}" for theirs, ours in column.words.items())
        required = "**required**" if column.required else ""
        yield f"| {delivered} | `{name}` | {column.type} | {required} | {words} | {column.sensitivity} |"
    yield ""


def _how(spec: FeedSpec) -> str:
    source = spec.source
    match source:
        case TextSource():
            return f"Text `{source.files}`, {source.encoding}, fields separated by `{_shown(source.separator)}`."
        case ExcelSource():
            sheet = f"sheet `{source.sheet}`" if source.sheet else "first sheet"
            return f"Excel `{source.files}`, {sheet}, header in row {source.header_row}."
        case SqlSource():
            return f"SQL table `{source.table}`; without a configured URL, in the SQLite file `{source.database}`."


def _shown(separator: str) -> str:
    return {"\t": "tab", "|": "\\|"}.get(separator, separator)


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
