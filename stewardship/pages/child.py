"""One child, one file: who it is, why its status is what it is, what the departments told, what became of its id."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from starlette.responses import Response

from policy import code_tables, rules
from stewardship.access import granted, hashed, policy
from stewardship.casebook import Row, rows_of, sql
from stewardship.doors import Door, not_found
from stewardship.masking import Masking, masked
from stewardship.pages import children, field_visits, ledger, opened
from stewardship.visit import Visit
from warehouse import child_ids, explanation
from warehouse.explanation import Explanation, NoSuchChild
from warehouse.places import Places
from warehouse.stores import audit

_PARTS = ("child_fact", "child_guardian", "child_visit", "child_history")


def doors() -> list[Door]:
    """The routes of this module."""
    return [Door("child", "/children/{child_id}", show, counties=counties)]


def counties(visit: Visit) -> Collection[str] | None:
    """Where the child belongs."""
    return children.counties(visit, visit.request.path_params["child_id"])


def show(visit: Visit) -> Response:
    """The child's file. Whose it is, the audit knows by a token before the page shows."""
    child_id = visit.request.path_params["child_id"]
    shown = visit.site.shelf.shown()
    token = hashed.child(visit.site.key, child_id)
    audit.note(visit.site.stores, visit.actor.username, "child read", token)
    try:
        explained = explanation.explain(visit.site.shelf.house, shown.book.period, child_id, rules.load())
    except NoSuchChild:
        return not_found(visit)
    con = shown.cursor()
    try:
        parts = {name: rows_of(con, sql(name), {"child_id": child_id}) for name in _PARTS}
        ids = child_ids.of_child(con, child_id)
    finally:
        con.close()
    words, period = visit.words, shown.book.period
    leave = granted.opens(visit.site.stores, visit.actor, counties(visit) or (), visit.site.jurisdiction)
    if leave is not None:
        told = {"grant": leave.id}
        audit.note(visit.site.stores, visit.actor.username, "identifier read", token, field="all", detail=told)
    hide = masked if leave is None else _shown
    cares = policy.decide(
        visit.who, "record_visit", counties=ledger.counties(visit), jurisdiction=visit.site.jurisdiction
    )
    is_carer = cares is policy.Answer.SERVE
    return visit.page(
        "child",
        child_id=child_id,
        name=next((row["value"] for row in parts["child_fact"] if row["field"] == "name" and row["is_chosen"]), None),
        period=str(period),
        found=explained.status,
        facts=_facts(parts["child_fact"], hide),
        guardians=[_guardian(row, hide) for row in parts["child_guardian"]],
        leave=opened.grant_words(visit, leave),
        visits=parts["child_visit"],
        is_carer=is_carer,
        keeps_ledger=is_carer and policy.decide(visit.who, "ledger") is policy.Answer.SERVE,
        recorded=field_visits.recorded(visit, ids, parts["child_visit"]) if is_carer else [],
        history=parts["child_history"],
        tests=_tests(explained, shown.places),
        claims=[
            {**claim, "where": shown.places.listed(claim["codes"]) or claim["level"]} for claim in explained.claims
        ],
        entries=explained.entries,
        may_entrust="approver" in visit.actor.roles,
        may_ask=policy.decide(visit.who, "search") is policy.Answer.SERVE,
        table=lambda row: words.known(f"feed.{row['feed']}_{row['table_name']}", row["table_name"]),
    )


Hide = Callable[[str, Masking], str]


def _shown(text: str, _: Masking) -> str:
    """What a grant makes of hiding."""
    return text


def _facts(rows: Sequence[Row], hide: Hide) -> list[Mapping[str, object]]:
    """Every value that anybody gave, numbers masked, codes in words."""
    groups = {group.code: group.name for group in code_tables.ethnic_groups()}
    shown: Mapping[str, Callable[[str], str]] = {
        "citizen_no": lambda text: hide(text, "number"),
        "ethnic_code": lambda text: groups.get(text, text),
    }
    return [{**row, "value": shown.get(row["field"], str)(row["value"])} for row in rows]


def _guardian(row: Row, hide: Hide) -> Mapping[str, object]:
    hidden = {"citizen_no": hide(row["citizen_no"] or "", "number"), "phone": hide(row["phone"] or "", "phone")}
    return {**row, **hidden}


def _tests(explained: Explanation, places: Places) -> list[Mapping[str, object]]:
    """Each test of the law that was asked, with what it saw and the words that it rests on."""
    return [
        {
            "test": each.test,
            "decided": each.decided,
            "words": each.words,
            "clause": each.clause,
            "interpretation": each.interpretation,
            "facts": "，".join(
                places.listed(value) if isinstance(value, list) else str(value)
                for name, value in each.facts.items()
                if value is not None and name != "born_precision"
            ),
        }
        for each in explained.tests
        if each.decided is not None
    ]
