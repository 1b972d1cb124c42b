"""``childindex policy services``: what a place's catalogue offers; and which promise less than those above."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

if TYPE_CHECKING:
    from policy.catalogues import Offered, Services

_PLACES = {"residence": "居住地", "hukou": "户籍地", "both": "居住地、户籍地", "emergency": "急难发生地"}
_NO_CATALOGUE = (
    "{place} 在 {day} 没有服务清单，上级也没有；国家19项基础清单尚不在手。 "
    "No catalogue holds here, nor one above; the national base list of 19 items isn't at hand."
)


@click.command()
@click.option("--jurisdiction", required=True, help="行政区划代码，如 429006 The place's code.")
@click.option(
    "--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="哪一天的清单；默认今天 As in force that day; else today."
)
@click.option("--json", "as_json", is_flag=True, help="供程序读取 For a program to read.")
def services(jurisdiction: str, on: datetime | None, as_json: bool) -> int:
    """某地某日流动儿童可享的服务。 The services of a place's catalogue: for whom, from whom, claimed where, why."""
    from policy.catalogues import load

    day = on.date() if on else date.today()
    held = load()
    if held.divisions.at(jurisdiction, day.year) is None:
        raise click.BadParameter(f"{jurisdiction} 在 {day} 不是行政区划代码。 No division had this code then.")
    file = held.catalogue_of(jurisdiction, day)
    offered = held.offered(file, day) if file else []
    if as_json:
        click.echo(json.dumps([_as_data(held, each) for each in offered], ensure_ascii=False, indent=2))
        return 0
    if file is None:
        click.echo(_NO_CATALOGUE.format(place=jurisdiction, day=day))
        return 0
    console = Console(highlight=False)
    console.print(f"{jurisdiction} {day}：{file.catalogue.name}（{file.catalogue.code}），{len(offered)} 项 items\n")
    for each in offered:
        _show(console, held, each)
    return 0


def compare_catalogues(given: Sequence[Path], on: date) -> bool:
    """Read catalogues in place of the program's or beside them and say where each is below the one above.

    Raises :class:`policy.rule_file.RuleError`. Tells whether any surely is.
    """
    from policy.catalogues import with_files

    held = with_files([(file.read_text(encoding="utf-8"), str(file)) for file in given])
    is_below = False
    for code, file in held.files.items():
        offered = held.offered(file, on)
        click.echo(f"{code} {file.catalogue.name}: {len(offered)} 项 items")
        higher = held.above(file, on)
        if higher is None:
            continue
        found = held.shortfalls(file, higher, on)
        is_below |= any(each.is_certain for each in found)
        for each in found:
            said = "低于 below" if each.is_certain else "须人工比对 to be compared by a person"
            click.echo(f"  {said} {higher.catalogue.code} {each.item} {each.benefit or ''}: {each.what}")
        if not found:
            click.echo(f"  不低于 {higher.catalogue.code}。 Not below the list above.")
    return is_below


def _as_data(held: Services, each: Offered) -> dict[str, object]:
    item, clause = each.item, held.clauses[each.clause]
    needs = {need for benefit in item.benefits.values() for need in (*item.needs, *benefit.needs)}
    requirements = {name: held.requirement(each.file, name) for name in sorted(needs)}
    return {
        "catalogue": each.file.catalogue.code,
        **item.model_dump(mode="json", by_alias=True, exclude={"in_force"}),
        "clause": {"key": each.clause, **clause.model_dump()},
        "also": {key: held.clauses[key].model_dump() for key in item.also},
        "requirements": {name: asked.model_dump(exclude_none=True) for name, asked in requirements.items()},
    }


def _show(console: Console, held: Services, each: Offered) -> None:
    item = each.item
    number = f"（{item.number}）" if item.number else ""
    console.print(f"[bold]{item.item}[/] {number}{item.title}  {_PLACES[item.claim_at]}  {'、'.join(item.bureaus)}")
    lines = [f"对象：{item.for_}"]
    for name, benefit in item.benefits.items():
        needs = "；".join(held.requirement(each.file, need).title for need in (*item.needs, *benefit.needs))
        place = f"（{_PLACES[benefit.claim_at]}）" if benefit.claim_at else ""
        lines.append(f"{name}{place}：{benefit.words} ← {needs}")
    lines += [f"另见 {held.clauses[key].article}：“{held.clauses[key].words}”" for key in item.also]
    if item.interpretation:
        lines.append(f"解释 interpretation: {item.interpretation}")
    for line in lines:
        console.print(Padding(Text(line), (0, 0, 0, 4)))
