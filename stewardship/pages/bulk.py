"""Many cases of one kind answered at once: only where no guard fires, a sample was opened, and one reason is given."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from starlette.responses import Response

from stewardship import casefile, facts_shown, questions
from stewardship.casebook import Casebook
from stewardship.doors import Door, not_found
from stewardship.pages.queue import number
from stewardship.queue import Filters
from stewardship.visit import Visit, new_form_key
from warehouse.stores import free_text, verdicts
from warehouse.stores.free_text import WordsRefused

Vector = tuple[tuple[str, str], ...]
"""Level by field."""
LEAST_SAMPLE, SAMPLE_SHARE = 5, 0.05
LEAST_GROUP = LEAST_SAMPLE + 1
"""Fewer are done sooner one by one."""


def doors() -> list[Door]:
    """The routes of this module."""
    return [
        Door("bulk", "/bulk", show),
        Door("bulk", "/bulk/{group}", one),
        Door("bulk", "/bulk/{group}", answer, "POST"),
        Door("bulk", "/bulk/done/{batch}", done),
        Door("bulk", "/bulk/undo/{batch}", undo, "POST"),
    ]


@dataclass(frozen=True, slots=True)
class Group:
    """Open cases that share one comparison vector, every guard clear. ``sample`` is to be opened first."""

    name: str
    levels: Mapping[str, str]
    cases: tuple[int, ...]
    sample: tuple[int, ...]

    @property
    def digest(self) -> str:
        """Of its cases: an answer is to those that were shown."""
        return hashlib.sha256(repr(sorted(self.cases)).encode()).hexdigest()[:32]


def show(visit: Visit) -> Response:
    """The groups there are."""
    return visit.page("bulk", groups=list(_groups(visit).values()), described=lambda group: _described(visit, group))


def one(visit: Visit) -> Response:
    """One group, with its sample to open."""
    return _page(visit)


def answer(visit: Visit) -> Response:
    """Answer all of a group; refused unless its sample was opened and no guard fires now."""
    queue = visit.site.shelf.shown().queue
    queue.refresh()
    batch = visit.form_key
    if any(each.steward == visit.actor.username for each in verdicts.of_batch(visit.site.stores, batch)):
        return visit.redirect(f"/bulk/done/{batch}")  # the form was sent twice
    group = _groups(visit).get(visit.request.path_params["group"])
    said = visit.form.get("answer", "")
    if group is None or said not in ("SAME", "DIFFERENT"):
        return not_found(visit)
    if _unopened(visit, group):
        return _page(visit, 409, visit.words("bulk.open_first"))
    if visit.form.get("cases") != group.digest:
        return _page(visit, 409, visit.words("bulk.refused"))
    try:
        reason = free_text.checked(visit.form.get("reason", ""), "reason")
    except WordsRefused as error:
        return _page(visit, 422, visit.words.own(str(error)))
    book = queue.casebook
    given, looked_at = {}, {}
    for case_id in group.cases:
        case = book.case(case_id)
        answered, _ = questions.settle(questions.of_case(case), questions.LETTER_OF[said])
        facts = facts_shown.fingerprint(visit.site.seal.shown(case))
        last_act = verdicts.standing(visit.site.stores, case.period, case_id).last_act
        named = verdicts.Case(case.period, case_id, facts, last_act, queue.begun_at)
        looked_at[named] = casefile.keys(case)
        given[named] = casefile.judgements(case, answered)
    outcomes = verdicts.give_many(
        visit.site.stores,
        visit.actor,
        given,
        batch=batch,
        model_version=book.model_version,
        reason=reason,
        looked_at=looked_at,
        shared=book.shared_keys,
    )
    if not all(outcome.is_written for outcome in outcomes.values()):
        return _page(visit, 409, visit.words("bulk.refused"))
    return visit.redirect(f"/bulk/done/{batch}")


def done(visit: Visit) -> Response:
    """What was answered at once, and the way to take it back."""
    batch = visit.request.path_params["batch"]
    if not _is_ones_own(visit, batch):
        return not_found(visit)
    many = len(verdicts.of_batch(visit.site.stores, batch))
    return visit.page("bulk_done", many=many, batch=batch, form_key=new_form_key())


def undo(visit: Visit) -> Response:
    """Take a whole batch back."""
    batch = visit.request.path_params["batch"]
    if not _is_ones_own(visit, batch):
        return not_found(visit)
    outcomes = verdicts.undo_batch(visit.site.stores, visit.actor, batch, key=visit.form_key)
    return visit.redirect(
        "/bulk", said="undone" if outcomes and all(each.is_written for each in outcomes) else "nothing"
    )


def _is_ones_own(visit: Visit, batch: str) -> bool:
    """Whether every case of a batch is one that the visitor may see, and still the case that was answered."""
    queue = visit.site.shelf.shown().queue
    given = verdicts.of_batch(visit.site.stores, batch)
    return bool(given) and all(
        each.period == str(queue.casebook.period)
        and queue.sees(visit.actor, each.case_id)
        and casefile.is_about(queue.casebook.case(each.case_id), verdicts.judgements_of(visit.site.stores, each.id))
        for each in given
    )


def _page(visit: Visit, status: int = 200, error: str = "") -> Response:
    visit.site.shelf.shown().queue.refresh()
    group = _groups(visit).get(visit.request.path_params["group"])
    if group is None:
        return not_found(visit)
    unopened = _unopened(visit, group)
    return visit.page(
        "bulk_group",
        status,
        group=group,
        described=_described(visit, group),
        unopened=unopened,
        number=number,
        period=str(visit.site.shelf.shown().book.period),
        error=error,
        form_key=new_form_key(),
    )


def _groups(visit: Visit) -> Mapping[str, Group]:
    """Groups of the visitor's open cases that may be answered at once, the largest first."""
    queue = visit.site.shelf.shown().queue
    vectors = _vectors(queue.casebook)
    found: dict[str, list[int]] = {}
    for line in queue.lines(visit.actor, Filters()):
        if line.case_id in vectors:
            found.setdefault(_name(vectors[line.case_id]), []).append(line.case_id)
    groups = [
        Group(name, dict(vectors[cases[0]]), tuple(cases), _sample(name, cases))
        for name, cases in found.items()
        if len(cases) >= LEAST_GROUP
    ]
    return {group.name: group for group in sorted(groups, key=lambda group: (-len(group.cases), group.name))}


@lru_cache(maxsize=1)
def _vectors(book: Casebook) -> Mapping[int, Vector]:
    """The comparison of each case of one pair about which nothing asks for a look at it alone."""
    found = {}
    for line in book.lines:
        if not line.guards and line.pairs == 1 and line.kinds == ("threshold",):
            case = book.case(line.case_id)
            pair = case.pairs[0]
            (question,) = questions.of_case(case)
            answered, _ = questions.settle((question,), "s")
            is_kept = not casefile.unkept(case, answered, casefile.judgements(case, answered))
            is_clear = is_kept and casefile.consequence(case, question.clusters).second_because is None
            if is_clear and not casefile.twins_by(case, pair):
                levels = ((field, str(pair[field])) for field in book.fields if pair.get(field) is not None)
                found[line.case_id] = tuple(levels)
    return found


def _name(vector: Vector) -> str:
    return hashlib.sha256(repr(vector).encode()).hexdigest()[:12]


def _sample(name: str, cases: Sequence[int]) -> tuple[int, ...]:
    """Which cases are to be opened: at random, and the same for everybody who looks."""
    many = max(LEAST_SAMPLE, -(-len(cases) * int(SAMPLE_SHARE * 100) // 100))
    drawn = sorted(cases, key=lambda case_id: hashlib.sha256(f"{name}/{case_id}".encode()).digest())
    return tuple(drawn[:many])


def _unopened(visit: Visit, group: Group) -> list[int]:
    """Cases of the sample that the visitor hasn't looked at."""
    book, username = visit.site.shelf.shown().book, visit.actor.username
    facts = {case_id: facts_shown.fingerprint(visit.site.seal.shown(book.case(case_id))) for case_id in group.sample}
    return [case_id for case_id in group.sample if not visit.site.opened.has(username, case_id, facts[case_id])]


def _described(visit: Visit, group: Group) -> str:
    """The levels that the group's cases share."""
    words = visit.words
    return "；".join(
        f"{words.known(f'field.{field}', field)} {words.known(f'level.{level}', level)}"
        for field, level in group.levels.items()
        if level != "missing"
    )
