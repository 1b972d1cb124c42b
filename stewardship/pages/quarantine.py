"""For the operator: rows that could not be read, without what they say, and handing in mended ones for the next run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from starlette.responses import Response

from connectors import quarantine, specs
from connectors.errors import FeedError
from connectors.specs import FeedSpec
from stewardship.casebook import Row, rows_of, sql
from stewardship.doors import Door, not_found
from stewardship.visit import Visit
from warehouse import clock
from warehouse.stores import audit, periods

ROWS_AT_MOST = 100
_LONGEST = 4 * 1024 * 1024
"""Of a form with mended rows, in bytes; more go by the command."""


def doors() -> list[Door]:
    """The routes of this module."""
    return [
        Door("quarantine", "/quarantine", show),
        Door("replay", "/quarantine/replay", replay, "POST", longest=_LONGEST),
        Door("replay", "/quarantine/take-back", take_back, "POST"),
    ]


def show(visit: Visit) -> Response:
    """What lies in the last period's quarantine, by table, file and reason; the lines of one in their form only."""
    audit.note(visit.site.stores, visit.actor.username, "quarantine read", str(visit.site.shelf.shown().book.period))
    return _page(visit)


def replay(visit: Visit) -> Response:
    """Keep mended rows for the next run; what can't be landed is refused now, and said."""
    shown, stores = visit.site.shelf.shown(), visit.site.stores
    period = str(shown.book.period)
    spec = _specs(visit).get(visit.form.get("table", ""))
    if spec is None or periods.is_closed(stores, period):
        return not_found(visit)
    content = visit.form.get("rows", "").encode()
    con = shown.cursor()
    try:
        kept, many = quarantine.hand_in(con, spec, content, _folder(visit, period, spec))
    except FeedError as error:
        return _page(visit, 422, error.zh if visit.words.language == "zh" else str(error))
    finally:
        con.close()
    told = {"table": f"{spec.feed}.{spec.table}", "rows": many, "file": kept.name}
    audit.note(stores, visit.actor.username, "quarantine replay", period, detail=told)
    return visit.redirect("/quarantine", said="replay")


def take_back(visit: Visit) -> Response:
    """Take back a file of mended rows; the next run does without."""
    period = str(visit.site.shelf.shown().book.period)
    spec = _specs(visit).get(visit.form.get("table", ""))
    if spec is None or periods.is_closed(visit.site.stores, period):
        return not_found(visit)
    known = {path.name: path for path in _folder(visit, period, spec).glob("*.csv")}
    path = known.get(visit.form.get("file", ""))
    if path is None:
        return not_found(visit)
    told = {"table": f"{spec.feed}.{spec.table}", "file": path.name}
    audit.note(visit.site.stores, visit.actor.username, "quarantine take back", period, detail=told)
    path.unlink()
    return visit.redirect("/quarantine", said="taken")


def _page(visit: Visit, status: int = 200, error: str = "") -> Response:
    shown, asked = visit.site.shelf.shown(), visit.request.query_params
    period, known = str(shown.book.period), _specs(visit)
    con = shown.cursor()
    try:
        groups = rows_of(con, sql("quarantine_group"))
        which = {name: asked.get(name, "") for name in ("feed", "table", "file", "reason")}
        lines = rows_of(con, sql("quarantine_line"), {**which, "at_most": ROWS_AT_MOST}) if which["file"] else []
    finally:
        con.close()
    table = visit.form.get("table", "") or next((f"{row['feed']}.{row['table_name']}" for row in groups), "")
    spec = known.get(table)
    return visit.page(
        "quarantine",
        status,
        period=period,
        is_closed=periods.is_closed(visit.site.stores, period),
        groups=[_group(visit, row) for row in groups],
        lines=[{**row, "shape": quarantine.shape(row["bytes"], row["encoding"])} for row in lines],
        which=which,
        tables=list(dict.fromkeys(f"{row['feed']}.{row['table_name']}" for row in groups)),
        table=table,
        rows=visit.form.get("rows", "") or (quarantine.header_to_mend(spec) + "\n" if spec else ""),
        waiting=[each for spec in known.values() for each in _waiting(visit, period, spec)],
        error=error,
        at_most=ROWS_AT_MOST,
    )


def _group(visit: Visit, row: Row) -> Mapping[str, object]:
    said = quarantine.said(row["reason"], row["detail"] or "…")
    chinese = visit.words.language == "zh"
    return {**row, "why": said.zh if chinese else said.en, "todo": said.todo if chinese else ""}


def _waiting(visit: Visit, period: str, spec: FeedSpec) -> list[Mapping[str, object]]:
    """Files that were handed in; their names tell when."""
    found = sorted(_folder(visit, period, spec).glob("*.csv"))
    return [{"table": f"{spec.feed}.{spec.table}", "file": path.name, "at": _local(path)} for path in found]


def _local(path: Path) -> datetime:
    at = datetime.strptime(path.stem, "%Y%m%d%H%M%S%f").replace(tzinfo=UTC)
    return clock.local(at.replace(tzinfo=None))


def _folder(visit: Visit, period: str, spec: FeedSpec) -> Path:
    return visit.site.shelf.house.home.mended(period, spec.raw_table)


def _specs(visit: Visit) -> Mapping[str, FeedSpec]:
    """The site's tables, by name."""
    own = visit.site.shelf.house.home.root / "feeds"
    return {f"{feed}.{table}": spec for (feed, table), spec in specs.load(own if own.is_dir() else None).items()}
