"""Stewards who are always right: they answer a published queue from the truth.

``python -m benchmarks.stewards [--county FOLDER | --children 20000]``: runs an invented county's first half-year, has
its queue answered case by case through the app's own functions (questions, verdicts, second persons), runs again, until
no case is open; then the second half-year, and says what became of every decision there. Prints one row a run.
"""

from __future__ import annotations

import argparse
import secrets
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from benchmarks.bars import linkable_f1
from benchmarks.command import childindex
from benchmarks.judged import opened
from matching import statement
from stewardship import casefile, questions
from stewardship.facts_shown import Seal
from stewardship.queue import Filters
from stewardship.shelf import Shelf, Shown
from warehouse.store import Warehouse
from warehouse.stores import decisions, verdicts
from warehouse.stores.actors import Actor
from warehouse.stores.decisions import Decision, Judgement
from warehouse.stores.verdicts import State

PERIODS = ("2026H1", "2026H2")
_ROUNDS = 4
_ASKED = """
    select asked.is_same, a.feed, a.table_name, a.key, b.feed, b.table_name, b.key
    from asked_pair as asked
    join std.entry as a on a.entry_id = asked.left_entry_id
    join std.entry as b on b.entry_id = asked.right_entry_id
    where asked.is_same is not null
    order by asked.left_entry_id, asked.right_entry_id
"""
# What became of each decision that holds: its two keys, as this period's entries bear them.
_KEPT = """
    with borne as (
        select
            held.decision_no, any_value(held.judgement) as judgement,
            bool_or(l.child_id = r.child_id) as is_one, bool_or(l.child_id <> r.child_id) as is_two,
            bool_or(asked.left_profile is not null) as is_asked
        from (select row_number() over () as decision_no, * from held where judgement <> 'UNSURE') as held
        left join named_entry as a
            on (a.feed, a.table_name, a.key) = (held.left_feed, held.left_table, held.left_key)
        left join named_entry as b
            on (b.feed, b.table_name, b.key) = (held.right_feed, held.right_table, held.right_key)
        left join link.entry_child as l on l.entry_id = a.entry_id
        left join link.entry_child as r on r.entry_id = b.entry_id
        left join link.entry_profile as lp on lp.entry_id = a.entry_id
        left join link.entry_profile as rp on rp.entry_id = b.entry_id
        left join link.review_pair as asked
            on asked.left_profile = least(lp.profile_id, rp.profile_id)
            and asked.right_profile = greatest(lp.profile_id, rp.profile_id)
        where a.entry_id is null or b.entry_id is null or l.child_id is not null and r.child_id is not null
        group by held.decision_no
    )
    select
        case
            when is_one is null and is_two is null then 'entry not delivered again'
            when is_asked then 'raised again'
            when case judgement when 'SAME' then is_one else is_two end then 'kept'
            else 'broken'
        end as fate,
        count(*)
    from borne
    group by fate order by fate
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """How many pairs were answered; ``unsayable``: both entries bear one key, so that a decision can't name them."""

    same: int
    different: int
    unsayable: int


def answer(con: duckdb.DuckDBPyConnection, home: Path) -> Answered:
    """Write an answer a review pair of ``con`` (see :func:`benchmarks.judged.opened`) into the stores of ``home``."""
    rows = con.execute(_ASKED).fetchall()
    said = {True: 0, False: 0}
    unsayable = 0
    with Warehouse(home) as warehouse:
        for is_same, *names in rows:
            left, right = tuple(names[:3]), tuple(names[3:])
            if left == right or not (left[2] and right[2]):
                unsayable += 1
                continue
            said[is_same] += 1
            judgement: Judgement = "SAME" if is_same else "DIFFERENT"
            made = Decision(left, right, judgement, "benchmark", "truth", datetime.now(UTC).replace(tzinfo=None), "")
            decisions.add(warehouse.stores, made)
    return Answered(said[True], said[False], unsayable)


def decide(home: Path, truth: Path, period: str, jurisdiction: str) -> Counter[str]:
    """Answer every open case as the app does; how many ended how: ``done``, ``pending`` (and confirmed), why not."""
    with opened(home, truth, period) as (con, _):
        child = dict(con.execute("select entry_id, child from judged").fetchall())
    found: Counter[str] = Counter()
    with Warehouse(home) as house:
        shown = Shelf(house, jurisdiction, Seal(b"truth")).shown()
        first, second = (Actor(f"truth{place}", frozenset({"steward"}), (jurisdiction,)) for place in (1, 2))
        shown.queue.refresh()
        for line in list(shown.queue.lines(first, Filters())):
            found[_decide_one(house, shown, line.case_id, child, (first, second))] += 1
    return found


def _decide_one(
    house: Warehouse, shown: Shown, case_id: int, child: dict[int, str], people: tuple[Actor, Actor]
) -> str:
    """Answer one case's questions by the pair that is shown, and have another person confirm what asks for one."""
    case = shown.book.case(case_id)
    asked, so_far = questions.of_case(case), ""
    answered, question = questions.settle(asked, so_far)
    while question is not None:
        one, other = (child.get(question.pairs[0][f"{side}_entry_id"]) for side in ("left", "right"))
        if one is None or other is None:
            return "the truth doesn't know"
        so_far += questions.LETTER_OF["SAME" if one == other else "DIFFERENT"]
        answered, question = questions.settle(asked, so_far)
    judged = casefile.judgements(case, answered)
    if casefile.unkept(case, answered, judged):
        return "can't be named"
    about = verdicts.Case(
        case.period,
        case_id,
        "truth",
        verdicts.standing(house.stores, case.period, case_id).last_act,
        begun_at=shown.queue.begun_at,
    )
    outcome = verdicts.give(
        house.stores,
        people[0],
        about,
        judged,
        key=secrets.token_hex(16),
        model_version=shown.book.model_version,
        second_because=casefile.second_because(case, answered),
        looked_at=casefile.keys(case),
        shared=case.shared_keys,
    )
    if outcome.state is State.PENDING and outcome.verdict_id is not None:
        key = secrets.token_hex(16)
        confirmed = verdicts.confirm(house.stores, people[1], outcome.verdict_id, key=key, shared=case.shared_keys)
        return "confirmed" if confirmed.state is State.DONE else f"not confirmed: {confirmed.state}"
    return str(outcome.state)


def kept(home: Path, period: str) -> dict[str, int]:
    """What became of the decisions that hold, in a published period: how many are kept, raised again, broken."""
    with Warehouse(home) as house:
        con = house.read_published(period)
        try:
            con.register("held", decisions.read_holding(house.stores))
            statement.run(con, "link/with_person")
            con.execute(statement.text("link/named_entry").replace("prior.decision", "held"))
            return {str(fate): int(many) for fate, many in con.execute(_KEPT).fetchall()}
        finally:
            con.close()


def main() -> None:
    """Print one row a run, then what became of the decisions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--county", type=Path, help="a sample's folder, with inbox and truth; else one is invented")
    parser.add_argument("--children", type=int, default=20_000)
    parser.add_argument("--jurisdiction", default="429006")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home, keys, county = Path(folder) / "home", Path(folder) / "keys", asked.county or Path(folder) / "county"
        place = ("--jurisdiction", asked.jurisdiction)
        if not asked.county:
            size = ("--children", asked.children, "--periods", *PERIODS)
            childindex("sample", *place, *size, "--out", county, keys=keys)
        print("| run | F1 of pairs | F1 of linkable pairs | cases | answered | seconds |\n|---|---|---|---|---|---|")
        for round_ in range(1, _ROUNDS + 1):
            if not _row(home, county, PERIODS[0], place, keys, f"{PERIODS[0]}, run {round_}"):
                break
        _row(home, county, PERIODS[1], place, keys, PERIODS[1], is_answered=False)
        print(f"\ndecisions in {PERIODS[1]}: {kept(home, PERIODS[1])}")


def _row(
    home: Path, county: Path, period: str, place: tuple[str, str], keys: Path, name: str, *, is_answered: bool = True
) -> int:
    """Run a period, judge it, answer its queue; gives how many cases were decided."""
    ran = childindex("run", "--home", home, "--inbox", county / "inbox", *place, "--period", period, keys=keys)
    with opened(home, county / "truth", period) as (con, found):
        linkable = linkable_f1(con, found).value or 0.0
        cases = con.execute("select count(*) from link.review_case").fetchall()[0][0]
    ended = decide(home, county / "truth", period, place[1]) if is_answered else Counter()
    told = ", ".join(f"{how} {many}" for how, many in sorted(ended.items()))
    print(f"| {name} | {found.pairs.f1:.5f} | {linkable:.5f} | {cases} | {told} | {ran.seconds:.0f} |", flush=True)
    return ended["done"] + ended["confirmed"]


if __name__ == "__main__":
    main()
