"""``childindex report``: the report packs, their seals, and the query behind each number."""

from pathlib import Path
from typing import Any, Literal

import click
import sqlalchemy as sa

from pipelines.cli import operator, options
from pipelines.cli.jurisdiction import is_whole, within
from policy.period import Period
from reporting.pack.report import Report
from reporting.pack.seal import Change
from warehouse.home import Home

EXIT_DIFFERS = 1
_SHOWN_AT_MOST = 40  # changes


_EXAMPLES = """\b
举例 Examples:
  childindex report make --period 2026H1 --pdf --out REPORTS               内部版 for the bureau itself
  childindex report make --period 2026H1 --external --out REPORTS          对外版草稿 a draft of what may leave
  childindex report release --period 2026H1 --reason 核对无误               另一人核发 somebody else lets it go
  childindex report trace by_county --period 2026H1                        一张表由何而来 where a table is from
"""


@click.group(epilog=_EXAMPLES)
def report() -> None:
    """统计报告：生成、封签、核对、溯源。 Report packs: make, seal, verify, trace."""


def _kind(command: options.Command) -> options.Command:
    return click.option(
        "--pack",
        default="half_year",
        show_default=True,
        help="报告种类：half_year 半年报告、progress 进展报告（6月15日、11月15日） Which kind.",
    )(command)


def _place(command: options.Command) -> options.Command:
    return click.option("--jurisdiction", help="辖区代码，缺省为本单位 A place within the home's; default all of it.")(
        command
    )


def _account(command: options.Command) -> options.Command:
    command = click.option(
        "--account", help="本人的网页账号，须输入口令 One's account of the page; its password is asked."
    )(command)
    return click.option(
        "--password-stdin", is_flag=True, help="从标准输入读口令 Read the password from standard input."
    )(command)


def _word(command: options.Command) -> options.Command:
    """What whoever lets an external report go, or refuses it, says."""
    for option in (_account, options.reason, _place, _kind, options.period, options.home):
        command = option(command)
    return command


@report.command()
@options.home
@options.period
@_kind
@_place
@click.option("--external", is_flag=True, help="对外版：小计数隐去、取整 Small counts redacted, the others rounded.")
@click.option("--pdf", is_flag=True, help="另印成 PDF，需要 Chromium Print the page to PDF too; needs Chromium.")
@click.option(
    "--notes",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="文字材料 .yml（工作进展、困难等） Words to go with the figures, `section: text`; screened for persons.",
)
@_account
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="目录 A folder.")
def make(
    home: Path,
    period: Period,
    pack: str,
    jurisdiction: str | None,
    external: bool,
    pdf: bool,
    notes: Path | None,
    account: str | None,
    password_stdin: bool,
    out: Path,
) -> None:
    """生成工作簿与可打印网页，并封签。 Write the workbook and the page, and seal their figures.

    The same release gives the same seal. Where the last seal of this report has other figures, it says which.
    """
    from reporting.pack import page, printing, workbook
    from reporting.pack import report as reports

    maker = operator.proved(home, operator.stores(home), account, from_stdin=password_stdin) if account else None
    made = _measure(home, period, pack, jurisdiction, external=external, notes=notes)
    audience = "外部" if external else "内部"
    if not out.is_dir():
        raise click.UsageError(f"{out} 不是目录。 {out}: no such folder. Make it, or name another.")
    noted = {"audience": made.audience, "sha256": made.sha256, **({"account": maker.username} if maker else {})}
    stores = operator.note(home, "report", f"{pack} {period}", noted)
    made = reports.with_word(stores, made)
    draft = "_draft" if external and not made.is_released else ""
    stem = f"{pack}_{made.jurisdiction}_{period}_{made.audience}{draft}"
    written = [workbook.write(made, out / f"{stem}.xlsx"), page.write(made, out / f"{stem}.html")]
    if pdf:
        written.append(printing.to_pdf(written[-1], out / f"{stem}.pdf"))
    _tell_seal(stores, made, maker.username if maker else None)
    for file in written:
        click.echo(f"{audience} {file}")
    if draft:
        click.echo("草稿，须由另一人核发。 A draft: somebody else releases it, `childindex report release`.")


def _tell_seal(stores: sa.Engine, made: Report, account: str | None) -> None:
    from reporting.pack import report as reports

    changed = reports.keep_seal(stores, made, account)
    click.echo(f"封签 seal: SHA-256 {made.sha256}")
    if changed:
        click.echo(f"与上次封签相比有 {len(changed):,} 处数字不同。 Differs from the last seal:")
        _tell_changes(changed)


@report.command()
@options.home
@options.period
@_kind
@_place
@click.option("--external", is_flag=True, help="对外版 The external one.")
def verify(home: Path, period: Period, pack: str, jurisdiction: str | None, external: bool) -> int:
    """按现行发布重算，与上次封签核对。 Measure again and compare with the last seal; exit code 1 if it differs."""
    from reporting.pack import report as reports
    from reporting.pack import seal
    from warehouse import clock

    made = _measure(home, period, pack, jurisdiction, external=external)
    last = reports.last_seal(operator.stores(home), made)
    if last is None:
        raise click.UsageError(f"{pack} {period} 尚未封签。 Not sealed yet; make it first: childindex report make")
    if last.sha256 == made.sha256:
        click.echo(f"一致。 The figures stand as sealed {clock.written(last.at)}: {last.sha256}")
        return 0
    changed = list(seal.changes(last.figures, made.canonical))
    click.echo(
        f"不一致：封签时第 {last.release:04d} 次发布，现为第 {made.release:04d} 次。 {len(changed):,} numbers differ:"
    )
    _tell_changes(changed)
    return EXIT_DIFFERS


@report.command()
@_word
def release(**said: Any) -> None:
    """核发对外版：由制表人以外的人对照内部版核对后办理。 Let the external report go, as somebody who didn't make it.

    Of the figures sealed last; made again, the files then say who released them. Look at the internal report beside
    it. Where the home has approvers, one gives the password (--account); else it is another user of the machine.
    """
    _say("released", **said)


@report.command()
@_word
def reject(**said: Any) -> None:
    """退回对外版。 Don't let the external report go; its figures and the reason are kept."""
    _say("rejected", **said)


def _second_person(home: Path, jurisdiction: str | None, username: str | None, *, from_stdin: bool) -> str | None:
    """The approver who gives a word, proven by password; None where a home has no approver's account."""
    from stewardship.access import scope
    from warehouse import clock
    from warehouse.stores import accounts

    place, _ = within(home, jurisdiction)
    stores = operator.stores(home)
    if username is None:
        known = accounts.read(stores)
        if any("approver" in each.roles and each.is_in_force(clock.today()) for each in known):
            raise click.UsageError("请用 --account 写明审批人账号。 This home has approvers: name yours by --account.")
        return None
    account = operator.proved(home, stores, username, from_stdin=from_stdin)
    if "approver" not in account.roles or not scope.covers(account.actor, place):
        raise click.UsageError(f"{username} 不是 {place} 的审批人。 {username} is no approver of {place}.")
    return account.username


def _say(
    word: Literal["released", "rejected"],
    home: Path,
    period: Period,
    pack: str,
    jurisdiction: str | None,
    reason: str,
    account: str | None,
    *,
    password_stdin: bool,
) -> None:
    from warehouse.stores import free_text, seals

    account = _second_person(home, jurisdiction, account, from_stdin=password_stdin)
    place, _ = within(home, jurisdiction)
    reason = free_text.checked(reason, "--reason")
    stores = operator.stores(home)
    sealed = [
        each
        for each in seals.read(stores, pack=pack, period=str(period))
        if (each.jurisdiction, each.audience) == (place, "external")
    ]
    if not sealed:
        raise click.UsageError(
            f"{pack} {period} 尚无对外版。 No external report yet; make it first: childindex report make --external"
        )
    if word == "released" and _measure(home, period, pack, place, external=True).sha256 != sealed[-1].sha256:
        raise click.UsageError(
            "草稿生成后，数据已更新或另有报告核发，须重新生成再核发。 The figures would be others now: the period was "
            "published again, or another report left meanwhile. Make it again, then release that."
        )
    seals.check_other_person(sealed[-1], account)
    noted = {"sha256": sealed[-1].sha256, "reason": reason, **({"account": account} if account else {})}
    operator.note(home, f"report {word}", f"{pack} {period}", noted)
    seals.say(stores, sealed[-1], word, reason, account)
    click.echo(f"{'已核发 Released' if word == 'released' else '已退回 Rejected'}: SHA-256 {sealed[-1].sha256}")


@report.command()
@click.argument("figure")
@options.home
@options.period
@_place
def trace(figure: str, home: Path, period: Period, jurisdiction: str | None) -> None:
    """打印一张表的查询及其结果。 Print the query behind a figure, and what it gives now."""
    from reporting.pack import figures
    from warehouse import analysts, releases
    from warehouse.store import Warehouse

    place, site = within(home, jurisdiction)
    known = {each.name: each for each in figures.registry().figures}
    if figure not in known:
        raise click.BadParameter(f"没有这个指标。 No such figure; known: {', '.join(known)}.", param_hint="FIGURE")
    wanted = known[figure]
    whole = is_whole(place, site)
    operator.note(home, "report trace", f"{figure} {period}")
    if wanted.source == "mart":
        with analysts.reading(home) as mart, releases.reading(str(period)):
            told = figures.measure(mart, wanted, str(period), place, with_unknown=whole)
    else:
        with Warehouse(home, stores=site.stores_url if site else None) as house, house.reading(period) as con:
            told = figures.measure(con, wanted, str(period), place, with_unknown=whole)
    click.echo(figures.to_paste(wanted, str(period), place, with_unknown=whole))
    click.echo()
    click.echo("\t".join(wanted.columns))
    for row in told.rows:
        click.echo("\t".join("" if cell is None else str(cell) for cell in row))


@report.command(name="spot-check")
@options.home
@options.period
@_place
@click.option("--seed", help="抽签种子，缺省为年份 What the lot is drawn by; default the year.")
@click.option("--share", type=click.FloatRange(0, 1), default=0.05, show_default=True, help="抽取比例 Share of files.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help=".xlsx")
def spot_check(home: Path, period: Period, jurisdiction: str | None, seed: str | None, share: float, out: Path) -> None:
    """儿童档案年度抽查：抽样并生成检查表。 Draw files for the yearly check, and write the form to check them by."""
    from reporting.child_file import spot_check as check
    from warehouse.store import Warehouse
    from warehouse.stores.acts import os_user

    place, site = within(home, jurisdiction)
    drawn_by = seed or str(period.year)
    operator.note(home, "spot check", str(period), {"within": place, "seed": drawn_by, "share": share})
    with Warehouse(home, stores=site.stores_url if site else None) as house, house.reading(period) as con:
        drawn = check.draw(con, period, place, drawn_by, share, with_unknown=is_whole(place, site))
    check.write(drawn, os_user(), out)
    click.echo(f"{out}: {len(drawn.rows):,} / {drawn.files:,} 份 files, 种子 seed {drawn_by}")


def _measure(
    home: Path, period: Period, pack: str, jurisdiction: str | None, *, external: bool, notes: Path | None = None
) -> Report:
    from reporting.pack import report as reports

    place, site = within(home, jurisdiction)
    stores = site.stores_url if site else None
    whole = is_whole(place, site)
    return reports.make(Home.at(home), stores, pack, period, place, external=external, with_unknown=whole, words=notes)


def _tell_changes(changed: list[Change]) -> None:
    for each in changed[:_SHOWN_AT_MOST]:
        click.echo(f"  {each.figure} {each.row} {each.column}: {_number(each.earlier)} → {_number(each.now)}")
    if len(changed) > _SHOWN_AT_MOST:
        click.echo(f"  …… 另有 {len(changed) - _SHOWN_AT_MOST:,} 处 more")


def _number(cell: object) -> str:
    return "—" if cell is None else str(cell)
