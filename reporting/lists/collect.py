"""Collects a list's rows from a published period: who is on it, how to reach them, by which rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from policy.period import Period
from reporting import basis, words
from reporting.lists import spec
from reporting.lists.spec import ListSpec
from reporting.packets import outgoing
from reporting.packets.requests import ClaimRequest
from warehouse import child_ids, opening
from warehouse.places import Places
from warehouse.stores.national_entries import Entry
from warehouse.stores.watches import Watched

_WITHIN = "select code from policy.county where $within in ('000000', code, prefecture, province)"


@dataclass(frozen=True, slots=True)
class Collected:
    """A list with its rows, as words, sorted by township and then by what is due."""

    name: str
    spec: ListSpec
    period: Period
    within: str
    rows: list[tuple[object, ...]]
    by_township: list[tuple[str, str, int]]  # county, township, rows
    basis: Sequence[str]  # rules by which rows came onto it, with their words


def collect(
    con: duckdb.DuckDBPyConnection,
    name: str,
    period: Period,
    within: str,
    *,
    strictly: bool,
    township: str | None = None,
    entries: Iterable[Entry] = (),
    requests: Iterable[ClaimRequest] = (),
    watched: Iterable[Watched] = (),
) -> Collected:
    """Collect a list from the published file that ``con`` reads.

    ``within``: the place whose rows are wanted, of any level; ``strictly``: without those of no known county, and of
    who moved out of the home's jurisdiction, which are otherwise listed too. ``township``: rows of one alone, by its
    code or by its name. ``entries``: how children stand in the national system; ``requests``:
    what hukou counties were asked; ``watched``: what was found between two closes. Leaves temporary tables behind.
    """
    described = spec.get(name)
    _put_entries(con, entries)
    _put_requests(con, requests)
    _put_watched(con, watched)
    also = "is_ours" if described.moved_too else "false"
    if "claims" in described.columns:
        outgoing.put_claims(con)
    con.execute(f"create or replace temp table listed_everywhere as {spec.sql(name)}")
    con.execute(
        "create or replace temp table listed as select * from listed_everywhere "
        f"where county in ({_WITHIN}) or (county is null or {also}) and not $strictly",
        {"within": within, "strictly": strictly},
    )
    if described.persons:
        con.execute(f"create or replace temp table person as {spec.sql('person')}")
    reached = spec.sql("reached") if described.persons else "from listed"
    con.execute(f"create or replace temp table reached as {reached}")
    places = Places.read(con, period.as_of)
    if township is not None:
        _narrow(con, township)
    rows = con.execute(f"select {_selected(described)} from reached order by {_order(described)}").fetchall()
    return Collected(
        name=name,
        spec=described,
        period=period,
        within=within,
        rows=[_worded(described, row, places) for row in rows],
        by_township=_by_township(con, places),
        basis=[*basis.told(described.basis, within), *_rules(con)],
    )


def _narrow(con: duckdb.DuckDBPyConnection, township: str) -> None:
    """Leave only a township's rows: those of its code, and those without a code whose address names it."""
    con.execute(
        "create or replace temp table reached as "
        "with known as (select township, name from std.township where $township in (township, name)), "
        "meant as (select township as word from known union select name from known union select $township) "
        "from reached where township in (from meant) or township is null and township_name in (from meant)",
        {"township": township},
    )


def _put_entries(con: duckdb.DuckDBPyConnection, entries: Iterable[Entry]) -> None:
    """Make ``national_entry`` of the words of the stores, which no release holds."""
    con.execute("create or replace temp table national_entry (child_id varchar, state varchar, reason varchar)")
    rows = [(each.child_id, each.state, each.reason) for each in entries]
    if rows:
        con.executemany("insert into national_entry values (?, ?, ?)", rows)


def _put_requests(con: duckdb.DuckDBPyConnection, requests: Iterable[ClaimRequest]) -> None:
    """Make ``claim_request`` of what the stores know of packets."""
    con.execute(
        "create or replace temp table claim_request (child_id varchar, state varchar, asked_on date, due_on date, "
        "waiting_days integer, answered_on date, reason varchar)"
    )
    rows = [
        (each.child_id, each.state, each.asked_on, each.due_on, each.waiting_days, each.answered_on, each.reason)
        for each in requests
    ]
    if rows:
        con.executemany("insert into claim_request values (?, ?, ?, ?, ?, ?, ?)", rows)


def _put_watched(con: duckdb.DuckDBPyConnection, watched: Iterable[Watched]) -> None:
    """Make ``watched_event`` of the newest look at each watched county, by the ids of today."""
    con.execute(
        "create or replace temp table watched_event (child_id varchar, county varchar, township varchar, kind varchar, "
        "happened_on date, due_on date, watched_on date, state varchar, rule_id varchar, clause varchar)"
    )
    became = child_ids.redirects(con)
    rows = [
        (
            *(became.get(event.child_id, event.child_id), each.watch.county, event.township, event.kind),
            *(event.happened_on, event.due_on, each.watch.watched_on, event.state, event.rule_id, event.clause),
        )
        for each in watched
        for event in each.events
    ]
    if rows:
        con.executemany("insert into watched_event values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _selected(described: ListSpec) -> str:
    return ", ".join(map(opening.identifier, described.columns))


def _order(described: ListSpec) -> str:
    """What comes first of all, then county and township, what is due, the name; a place that isn't known comes last."""
    by = [f"{opening.identifier(described.first)} desc"] if described.first else []
    by += ["county nulls last"]
    by += ["township_name nulls last", "township nulls last"]
    if described.due:
        by.append(f"{opening.identifier(described.due)} nulls last")
    by += ["village_name nulls last", "name", "child_id"] if described.persons else ["place"]
    return ", ".join(by)


def _worded(described: ListSpec, row: tuple[object, ...], places: Places) -> tuple[object, ...]:
    """A row as people read it."""
    return tuple(_cell(name, value, places) for name, value in zip(described.columns, row, strict=True))


def _cell(name: str, value: object, places: Places) -> object:
    kind = spec.columns()[name].words
    if isinstance(value, list):
        return "、".join(words.word(kind, each, places) if kind else str(each) for each in value)
    return words.word(kind, value, places) if kind else value


def _by_township(con: duckdb.DuckDBPyConnection, places: Places) -> list[tuple[str, str, int]]:
    """Rows by county and township, as the list names them."""
    told = con.execute("select county, township_name, count(*) from reached group by all order by all").fetchall()
    counted: Counter[tuple[str, str]] = Counter()
    for county, township, rows in told:
        counted[words.word(words.DIVISION, county or "unknown", places), township or "不详"] += rows
    return [(county, township, rows) for (county, township), rows in counted.items()]


def _rules(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The rules by which rows came onto the list, with their words."""
    found = con.execute(
        "select distinct reached.rule_id, clause.document, clause.article, clause.words "
        "from reached join policy.clause as clause using (clause) order by all"
    ).fetchall()
    return [f"{rule_id}：{document}{article or ''}“{said}”" for rule_id, document, article, said in found]
