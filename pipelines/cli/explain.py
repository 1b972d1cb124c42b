"""``childindex explain``: why a child has its status, from the departments' rows to the words of the notice."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from pipelines.cli import operator, options
from pipelines.summary import STATUSES
from policy.period import Period

if TYPE_CHECKING:
    from warehouse.explanation import Explanation, Row, Test

_CHILD_ID = re.compile(r"c[a-z2-7]{13}")
_TESTS = {
    "age": "年龄",
    "places_known": "户籍地与居住地已知",
    "away": "离开户籍地（跨县）",
    "central_districts": "中心城区之间",
    "since_known": "何时起居住",
    "long_enough": "满规定月数",
    "accompanied": "有人陪伴",
}
_KINDS = {"hukou": "户籍", "residence": "居住"}
_ANSWERS = {True: "[bold]由此判定 decides[/]", False: "通过 passed", None: "[dim]未问 not asked[/]"}


@click.command()
@click.argument("child_id")
@options.home
@options.period
@click.option("--json", "as_json", is_flag=True, help="供程序读取 For a program to read.")
def explain(child_id: str, home: Path, period: Period, as_json: bool) -> int:
    """说明一名儿童的状态由来。 Why a child has its status: entries, claims, each test with its clause.

    Shows no name, number or address. Reading about a child is recorded.
    """
    from policy.rules import load
    from warehouse.explanation import NoSuchChild
    from warehouse.explanation import explain as explained
    from warehouse.store import Warehouse

    if not _CHILD_ID.fullmatch(child_id):
        raise click.BadParameter("儿童编号形如 c2a4…（14 位）。 A child's id is c and 13 letters or digits 2-7.")
    operator.note(home, "explain", f"{child_id} {period}")
    with Warehouse(home) as house:
        try:
            found = explained(house, period, child_id, load())
        except NoSuchChild as error:
            raise click.UsageError(str(error)) from None
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2, default=str))
    else:
        _show(found, period, Console(highlight=False))
    return 0


def _show(found: Explanation, period: Period, console: Console) -> None:
    status = found.status
    merged = f"（已并入 merged into {found.became}）" if found.became else ""
    console.print(f"{found.child_id}{merged} {found.period}")
    chinese = STATUSES[status["status"]]
    console.print(
        f"[bold]{chinese} {status['status']}[/]  {status['rule_id']}  可信度 confidence {status['confidence']:.2f}"
    )
    console.print(f"理由 reasons: {', '.join(status['reasons'])}\n")
    for test in found.tests:
        _show_test(test, period, console)
    console.print("\n[bold]证据 claims[/]（✓ 已采用 chosen）")
    for claim in found.claims:
        _show_claim(claim, period, console)
    console.print("\n[bold]记录 entries[/]")
    for row in found.entries:
        score = "" if row["score"] is None else f" {row['score']}"
        console.print(f"  {row['feed']}/{row['table_name']}/{row['file']}:{row['row_no']}  {row['how']}{score}")


def _show_test(test: Test, period: Period, console: Console) -> None:
    console.print(f"[bold]{_TESTS[test.test]}[/] {test.test}: {_ANSWERS[test.decided]}")
    if test.decided is None:
        return
    facts = ", ".join(f"{name} {_words(value, period)}" for name, value in test.facts.items() if value is not None)
    for line in (facts, test.words and f"{test.stated_by}：“{test.words}”", test.interpretation):
        if line:
            console.print(Padding(Text(line), (0, 0, 0, 4)))


def _show_claim(claim: Row, period: Period, console: Console) -> None:
    place = _words(claim["codes"], period) if claim["codes"] else f"{claim['level']} {claim['fault'] or ''}".strip()
    days = [f"{name} {day}" for name, day in (("自 since", claim["since_on"]), ("所示 seen", claim["seen_on"])) if day]
    console.print(f"  {'✓' if claim['is_chosen'] else ' '} {_KINDS[claim['kind']]} {claim['kind']} [bold]{place}[/]")
    told = "，".join([f"{claim['source']}（{claim['reason']}）", *days, claim["entry"] or ""])
    console.print(Padding(Text(told), (0, 0, 0, 8)))


def _words(value: object, period: Period) -> str:
    """Codes with the names they have on the reference date; anything else as it is."""
    from policy.divisions import load

    if isinstance(value, list):
        return "、".join(f"{code} {load().name(code, period.as_of)}" for code in value)
    return str(value)
