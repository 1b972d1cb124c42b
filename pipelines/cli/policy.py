"""``childindex policy``: the law as the program holds it, checked, and explained for a place and a day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipelines.cli import EXIT_WRONG_USE, operator, options
from pipelines.cli.services import compare_catalogues, services
from policy.period import Period

if TYPE_CHECKING:
    from policy.rule_file import Parameter, RuleFile
    from policy.rules import Rules, Stated
    from warehouse.rule_comparison import Compared

_ENDINGS = (".csv", ".parquet")
_WORDS = {"clause", "interpretation", "effect"}
_TITLES = {
    "younger_than_years": "未满周岁",
    "away_at_least_months": "离开户籍地至少（月）",
    "boundary_included": "含满期当日",
    "breaks_up_to_days": "中断不超过（天）不算",
    "born_there_within_days": "出生后几天内见于当地算出生即在",
    "carried_periods": "缺报时沿用前几期",
    "transfers_in_doubt_years": "部分划转存疑（年）",
    "small_child_years": "父母登记可证的年龄（岁）",
    "central_districts": "中心城区",
}


@click.group()
def policy() -> None:
    """各地规则：查错、说明。 The law as data: check its files, explain a place's rule."""


policy.add_command(services)


@policy.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
def check(files: tuple[Path, ...]) -> int:
    """查规则文件、服务清单有无错误。 Read rule files and catalogues of services strictly.

    The program's own, with FILES in place of theirs; a file of another jurisdiction is added. A catalogue is compared with
    the one above it. Nothing is written; a fault is named with its file and key.
    """
    from policy.rule_file import RuleError, parse
    from policy.rules import Rules, committed
    from policy.service_file import is_catalogue

    catalogues = [file for file in files if is_catalogue(file.read_text(encoding="utf-8"))]
    try:
        given = [parse(file.read_text(encoding="utf-8"), str(file)) for file in files if file not in catalogues]
        held = {file.jurisdiction.code: file for file in [*committed(), *given]}
        rules = Rules(list(held.values()))
        is_below = compare_catalogues(catalogues, date.today())
    except RuleError as error:
        click.echo(f"有错 {error}", err=True)
        return EXIT_WRONG_USE
    for code, file in rules.files.items():
        click.echo(f"{code} {file.jurisdiction.name}: {_versions(file)}; {len(file.clauses)} 条款 clauses")
    if is_below:
        click.echo("服务清单低于上级清单。 A catalogue is below the one above it.", err=True)
        return EXIT_WRONG_USE
    click.echo(f"无误 {len(rules.files)} files, no fault.")
    return 0


@policy.command()
@click.option("--jurisdiction", required=True, help="行政区划代码，如 429006 The place's code.")
@click.option(
    "--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="哪一天的规则；默认今天 As in force that day; else today."
)
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
def explain(jurisdiction: str, on: datetime | None, as_json: bool) -> int:
    """说明某地某日适用的规则。 Every parameter of a place's rule: whose file states it, by which words."""
    from policy.rules import load

    day = on.date() if on else date.today()
    rules = load()
    if rules.divisions.at(jurisdiction, day.year) is None:
        raise click.BadParameter(f"{jurisdiction} 在 {day} 不是行政区划代码。 No division had this code then.")
    stated = rules.stated(jurisdiction, day)
    if as_json:
        click.echo(json.dumps(_as_data(rules, jurisdiction, day, stated), ensure_ascii=False, indent=2))
    else:
        _show(rules, jurisdiction, day, stated)
    return 0


@policy.command()
@click.argument("one")
@click.argument("other")
@options.home
@options.period
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="逐人清单写入此文件 List the children here: .csv, .parquet",
)
def compare(one: str, other: str, home: Path, period: Period, out: Path | None) -> int:
    """同一批儿童按两地规则各判一次。 Judge a period's children by two places' rules; say whose status differs.

    ONE and OTHER are division codes; each one's rule is taken as if it held everywhere. Nothing published changes. The
    list holds children's ids: it is recorded who made it.
    """
    from policy.rules import load
    from warehouse import rule_comparison
    from warehouse.store import Warehouse

    rules = load()
    for code in (one, other):
        if rules.divisions.at(code, period.as_of.year) is None:
            raise click.BadParameter(f"{code} 在 {period.as_of} 不是行政区划代码。 No division had this code then.")
    if out is not None and out.suffix not in _ENDINGS:
        expected = "、".join(_ENDINGS)
        raise click.BadParameter(f"{out.name}: 只写 {expected}。 Expected one of these endings.", param_hint="--out")
    operator.note(home, "policy compare", f"{one} {other} {period}", {"out": out is not None})
    with Warehouse(home) as house:
        found = rule_comparison.compare(house, period, one, other, rules)
    _show_comparison(rules, one, other, period.as_of, found)
    if out is not None:
        _write_list(found, out)
        click.echo(f"{out}: {found.differing.num_rows:,} 行 rows")
    return 0


def _write_list(found: Compared, out: Path) -> None:
    """The children who differ, as CSV (UTF-8, header) or Parquet by the file's ending."""
    from pyarrow import csv, parquet

    if out.suffix == ".csv":
        csv.write_csv(found.differing, out, csv.WriteOptions(quoting_style="needed"))
    else:
        parquet.write_table(found.differing, out)


def _show_comparison(rules: Rules, one: str, other: str, on: date, found: Compared) -> None:
    console = Console(highlight=False)
    first, second = rules.stated(one, on), rules.stated(other, on)
    apart = [
        name
        for name in first
        if first[name].value.model_dump(exclude=_WORDS) != second[name].value.model_dump(exclude=_WORDS)
    ]
    console.print(
        "规则不同之处 where the rules differ:" if apart else "两地规则取值相同。 The rules' values are the same."
    )
    for name in apart:
        console.print(
            f"  {_TITLES[name]} {name}: {_words(_value(first[name].value))} / {_words(_value(second[name].value))}"
        )
    table = Table(title=f"{found.children:,} 名儿童中 {found.differing.num_rows:,} 名状态不同 children differ")
    for heading in (one, other, f"{one} 条款 clause", f"{other} 条款 clause"):
        table.add_column(heading, overflow="fold")
    table.add_column("儿童 children", justify="right")
    for *words, children in found.counts:
        table.add_row(*map(str, words), f"{children:,}")
    console.print(table)


def _versions(file: RuleFile) -> str:
    told = [f"{each.rule_id} ({each.in_force.from_ or '…'} – {each.in_force.to or '…'})" for each in file.migrant_child]
    return ", ".join(told)


def _as_data(rules: Rules, jurisdiction: str, day: date, stated: dict[str, Stated]) -> dict[str, object]:
    rule = rules.migrant_rule(jurisdiction, day)
    parameters = {}
    for name, each in stated.items():
        clause = rules.clauses.get(each.value.clause or "")
        parameters[name] = {
            "value": _value(each.value),
            "stated_by": each.jurisdiction,
            "rule_id": each.rule.rule_id,
            "clause": each.value.clause,
            "document": clause and clause.document,
            "article": clause and clause.article,
            "as_told_in": clause and clause.as_told_in,
            "words": clause and clause.words,
            "interpretation": each.value.interpretation,
        }
    return {
        "jurisdiction": jurisdiction,
        "date": day.isoformat(),
        "rule_id": rule.rule_id,
        "rule_of": rule.jurisdiction,
        "has_own_file": rule.has_own_file,
        "migrant_child": parameters,
    }


def _show(rules: Rules, jurisdiction: str, day: date, stated: dict[str, Stated]) -> None:
    console = Console(highlight=False)
    rule = rules.migrant_rule(jurisdiction, day)
    own = "" if rule.has_own_file else "；本地无规则文件，适用上级 no file of its own: the nearest above holds"
    console.print(f"{jurisdiction} {day}：{rule.rule_id}（{rules.files[rule.jurisdiction].jurisdiction.name}）{own}\n")
    for name, each in stated.items():
        of = rules.files[each.jurisdiction].jurisdiction
        console.print(f"[bold]{_TITLES[name]}[/] {name} = [bold]{_words(_value(each.value))}[/]  {of.name} {of.code}")
        for line in _source(rules, each.value):
            console.print(Padding(Text(line), (0, 0, 0, 4)))


def _value(value: Parameter) -> int | bool | str | list[list[str]]:
    """A number, yes or no, the kind of central districts, or their sets where they are listed."""
    from policy.rule_file import CentralDistricts

    if not isinstance(value, CentralDistricts):
        return value.value
    return [list(each) for each in value.sets] or value.kind


def _words(value: int | bool | str | list[list[str]]) -> str:
    if isinstance(value, list):
        return "; ".join(" ".join(each) for each in value)
    return str(value).lower()


def _source(rules: Rules, value: Parameter) -> Iterator[str]:
    """The clause's document and words, what was chosen where it doesn't say, and what the parameter does."""
    if value.clause is not None:
        clause = rules.clauses[value.clause]
        told = f"（转引自 {clause.as_told_in}）" if clause.as_told_in else ""
        yield f"{clause.document}{clause.article or ''}{told}：“{clause.words}”"
    if value.interpretation is not None:
        yield f"解释 interpretation: {value.interpretation}"
    if effect := getattr(value, "effect", None):
        yield f"作用 effect: {effect}"
