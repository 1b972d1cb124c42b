"""``childindex policy``: the law as the program holds it, checked, and explained for a place and a day."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
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
    from policy.rule_file import Clause, Parameter, RuleFile
    from policy.rules import Holding, Rules, Stated
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
    "came_together_within_days": "与父母登记相隔几天内算同来",
    "central_districts": "中心城区",
    "statuses": "对象状态",
    "categories": "类别",
    "asking_across_townships": "主动求助者跨乡镇即可",
    "review_every_months": "每几个月复核",
    "urban_hukou": "算城镇的户口类别",
    "one_away_other_incapable": "一方外出另一方无监护能力",
    "every_migrant_child": "走访全部流动儿童",
    "migrant": "流动儿童",
    "key_care": "重点关爱对象",
    "left_behind": "农村留守儿童",
    "distressed": "困境儿童",
    "single_parent": "单亲家庭儿童",
    "more_often_months": "加大频次时走访间隔（月）",
    "notice_days": "提前几天提示",
    "more_than": "超过（人）增配儿童主任",
    "watch_from": "从几人起关注",
    "from_years": "入学周岁",
    "years_of_schooling": "义务教育年限",
    "begins_in_month": "学年起始月",
    "mid_year_from_months": "学年开始几个月后入学算学年中途",
    "mid_year_up_to_months": "学年中途至学年开始后第几个月",
    "high_cost_alert_days": "高额费用预警后几天内",
    "dropout_days": "失辍学后几天内",
    "new_disability_card_days": "新办残疾证后几天内",
    "school_age_not_enrolled_days": "适龄未就学后几天内",
}
_SECTIONS = {
    "migrant_child": "流动儿童",
    "statistics_population": "统计分析对象",
    "base_list": "摸排底数",
    "key_care": "重点关爱台账",
    "left_behind": "农村留守儿童（户籍地规则）",
    "distressed": "困境儿童",
    "single_parent": "单亲家庭儿童",
    "visits": "走访与联系",
    "villages": "儿童主任增配",
    "school_age": "义务教育适龄",
    "events": "事件限期",
    "watched": "动态监测",
}


@click.group()
def policy() -> None:
    """各地规则：查错、说明。 The law as data: check its files, explain a place's rule."""


policy.add_command(services)


@policy.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
def check(files: tuple[Path, ...]) -> int:
    """查规则文件、服务清单有无错误。 Read rule files and catalogues of services strictly.

    The program's own, with FILES in place of theirs; a file of another jurisdiction is added. A catalogue is compared
    with the one above it. Nothing is written; a fault is named with its file and key.
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
@click.option(
    "--section", type=click.Choice(list(_SECTIONS)), help="只看一节，如 visits One section; else all of them."
)
@click.option("--json", "as_json", is_flag=True, help="供程序读取 For a program to read.")
def explain(jurisdiction: str, on: datetime | None, section: str | None, as_json: bool) -> int:
    """说明某地某日适用的规则。 Every parameter of a place's rules: whose file states it, by which words."""
    from policy.rules import load

    day = on.date() if on else date.today()
    rules = load()
    if rules.divisions.at(jurisdiction, day.year) is None:
        raise click.BadParameter(f"{jurisdiction} 在 {day} 不是行政区划代码。 No division had this code then.")
    held = {name: rules.holding(name, jurisdiction, day) for name in ([section] if section else _SECTIONS)}
    if as_json:
        click.echo(json.dumps(_as_data(rules, jurisdiction, day, held), ensure_ascii=False, indent=2))
    else:
        _show(rules, jurisdiction, day, held)
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
    from policy.rule_file import SECTIONS

    told = [
        f"{each.rule_id} ({each.in_force.from_ or '…'} – {each.in_force.to or '…'})"
        for section in SECTIONS
        for each in file.rules(section)
    ]
    return ", ".join(told)


def _as_data(rules: Rules, jurisdiction: str, day: date, held: Mapping[str, Holding]) -> dict[str, object]:
    return {
        "jurisdiction": jurisdiction,
        "date": day.isoformat(),
        **{
            section: {
                "rule_id": rule.rule_id,
                "rule_of": rule.jurisdiction,
                "has_own_file": rule.has_own_file,
                "clause": rule.clause,
                "parameters": {name: _parameter(rules, each) for name, each in rule.stated.items()},
            }
            for section, rule in held.items()
        },
    }


def _parameter(rules: Rules, stated: Stated) -> dict[str, object]:
    clause = rules.clauses.get(stated.value.clause or "")
    return {
        "value": _value(stated.value),
        "stated_by": stated.jurisdiction,
        "rule_id": stated.rule.rule_id,
        "clause": stated.value.clause,
        "document": clause and clause.document,
        "article": clause and clause.article,
        "as_told_in": clause and clause.as_told_in,
        "words": clause and clause.words,
        "interpretation": stated.value.interpretation,
    }


def _show(rules: Rules, jurisdiction: str, day: date, held: Mapping[str, Holding]) -> None:
    console = Console(highlight=False)
    console.print(f"{jurisdiction} {day}\n")
    for section, rule in held.items():
        own = (
            ""
            if rule.has_own_file
            else "；本地文件没有规定，适用上级 not in a file of its own: the nearest above holds"
        )
        file = rules.files[rule.jurisdiction].jurisdiction
        console.print(f"[bold]{_SECTIONS[section]}[/] {section}：{rule.rule_id}（{file.name}）{own}")
        clause = rules.clauses[rule.clause]
        console.print(Padding(Text(_quoted(clause)), (0, 0, 0, 2)))
        for name, each in rule.stated.items():
            of = rules.files[each.jurisdiction].jurisdiction
            value = _words(_value(each.value))
            console.print(f"  [bold]{_TITLES[name]}[/] {name} = [bold]{value}[/]  {of.name} {of.code}")
            for line in _source(rules, each.value):
                console.print(Padding(Text(line), (0, 0, 0, 6)))
        console.print()


def _value(value: Parameter) -> object:
    """What the parameter says, for JSON: a number, yes or no, words, or what a set of districts or a cadence holds."""
    from policy.rule_file import Cadence, Categories, CentralDistricts

    match value:
        case CentralDistricts():
            return [list(each) for each in value.sets] or value.kind
        case Categories():
            return {each.category: list(each.triggers) for each in value.value}
        case Cadence():
            return {"visit_months": value.visit_months, "contact_months": value.contact_months}
        case _:
            return list(value.value) if isinstance(value.value, tuple) else value.value


def _words(value: object) -> str:
    """The same for people: short, in one line."""
    match value:
        case {"visit_months": visit, "contact_months": contact}:
            monthly = f"，每 {contact} 个月联系 contact" if contact else ""
            return f"每 {visit} 个月走访 visit{monthly}"
        case dict():
            return ", ".join(value)
        case list():
            return "; ".join(each if isinstance(each, str) else " ".join(each) for each in value)
        case _:
            return str(value).lower()


def _quoted(clause: Clause) -> str:
    told = f"（转引自 {clause.as_told_in}）" if clause.as_told_in else ""
    return f"{clause.document}{clause.article or ''}{told}：“{clause.words}”"


def _source(rules: Rules, value: Parameter) -> Iterator[str]:
    """The clause's document and words, what was chosen where it doesn't say, and what the parameter does."""
    if value.clause is not None:
        yield _quoted(rules.clauses[value.clause])
    if value.interpretation is not None:
        yield f"解释 interpretation: {value.interpretation}"
    if effect := getattr(value, "effect", None):
        yield f"作用 effect: {effect}"
