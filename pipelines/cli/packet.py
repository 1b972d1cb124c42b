"""``childindex packet``: what this bureau tells others about children, and what they answer, sealed and receipted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pipelines import site as settings
from pipelines.cli import EXIT_DELIVERY_REFUSED, EXIT_WRONG_USE, operator, options
from policy.period import Period
from warehouse import clock

if TYPE_CHECKING:
    from reporting.packets.desk import Desk
    from reporting.packets.incoming import Opened
    from reporting.packets.mismatches import Mismatch

Command = TypeVar("Command", bound=Callable[..., Any])
_ANSWERS = {
    **{"confirmed": "确认", "denied": "不符", "corrected": "更正"},
    **{"accepted": "已受理", "granted": "已纳入", "refused": "不符合条件"},
}
_WIDE = 200  # where no terminal sets a width
_KINDS = {"packet": "数据包", "receipt": "回执", "reply": "答复", "recall": "撤回通知"}


def _notice(words: str) -> None:
    click.echo(words, err=True)


def _folder(command: Command) -> Command:
    """``--out``: where files appear; a folder that exists."""
    return click.option(
        "--out",
        "folder",
        type=click.Path(path_type=Path, exists=True, file_okay=False, writable=True),
        required=True,
        help="写入哪个文件夹 The folder to write into.",
    )(command)


_EXAMPLES = """\b
步骤 Steps:
  childindex packet keys --as 429006.civil_affairs --out ours.json           一次：登记、交换公钥 once
  childindex packet keys --add theirs.json --fingerprint "3345 fb97 …"       指纹由对方电话念出 read out by telephone
  childindex packet make --period 2026H1 --to hukou_county --out OUTBOX      每期：生成并寄出 each half-year
  childindex packet open FILE --out FOLDER                                   收到什么都用它打开 whatever comes
  childindex packet reply 填好的工作簿.xlsx --out OUTBOX                       答复 the recipient's answers
  childindex packet status                                                   谁还没有回 who owes what
"""


@click.group(epilog=_EXAMPLES)
def packet() -> None:
    """部门间、县间数据包：加密、签名、回执、撤回。 Packets to and from other bureaus: sealed, signed, receipted."""


@packet.command()
@options.home
@click.option("--as", "name", help="本单位，如 429006.civil_affairs Who this home is; once.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="把本单位公钥写入文件 Our public key file."
)
@click.option(
    "--add", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="对方的公钥文件 Another's file."
)
@click.option("--fingerprint", help="对方电话中念出的指纹 As its clerk reads it out by telephone; with --add.")
@click.option("--remove", help="不再信任，如 420115.civil_affairs Trust no more.")
def keys(
    home: Path, name: str | None, out: Path | None, add: Path | None, fingerprint: str | None, remove: str | None
) -> None:
    """密钥：登记本单位、添加对方。 Keys: name this home, show its fingerprint, add or remove another bureau's key."""
    from reporting.packets import desk, parties

    today = clock.today()
    if (add is None) != (fingerprint is None):
        raise click.UsageError("--add 与 --fingerprint 同时给出。 Give --add and --fingerprint together.")
    detail = {"as": name, "add": add is not None, "remove": remove}
    stores = operator.note(home, "packet keys", "packets", {key: value for key, value in detail.items() if value})
    if name is not None:
        desk.declare(stores, _secrets(home), parties.parse_name(name, today))
    if add is not None and fingerprint is not None:
        added = desk.add(stores, add, fingerprint, today)
        click.echo(f"已添加 Added {added.name}  {parties.title(added.name, today)}")
    if remove is not None:
        desk.remove(stores, remove)
        click.echo(f"已移除 Removed {remove}")
    mine = desk.open_desk(stores, _secrets(home))
    if out is not None:
        parties.write(mine.own, out)
        click.echo(f"公钥文件 public key file: {out}")
    click.echo(f"本单位 this home: {mine.own.name}  {parties.title(mine.own.name, today)}")
    click.echo(f"指纹 fingerprint: {mine.own.fingerprint}")
    for known in mine.known.values():
        click.echo(f"已知 known: {known.name}  {parties.title(known.name, today)}  {known.fingerprint}")


@packet.command()
@options.home
@options.period
@click.option("--to", "role", required=True, help="hukou_county、hukou_claims、education、public_security")
@click.option("--county", multiple=True, help="只给这些县（可多次）Only these counties' bureaus.")
@_folder
def make(home: Path, period: Period, role: str, county: tuple[str, ...], folder: Path) -> int:
    """从已发布的一期生成数据包，每个接收单位一份。 Make packets from a published period, one file a recipient.

    Only the fields that recipients.yml lists for the recipient leave; each child goes by a token of that packet alone.
    """
    from reporting.packets import outgoing, recipients
    from warehouse.store import Warehouse

    recipient, desk, site = recipients.get(role), _desk(home), settings.load(home)
    if site is None:
        raise click.UsageError(f"{home} 没有 site.yaml。 No site.yaml: whose run this is isn't known.")
    operator.note(home, "packet make", f"{role} {period}", {"counties": list(county)})
    with Warehouse(home, stores=site.stores_url) as house, house.reading(period) as con:
        release = house.published().number
        sent = outgoing.make(desk, con, period, release, site.jurisdiction, role, recipient, folder, county)
    for each in sent.made:
        click.echo(f"{each.file}: {each.rows:,} 名儿童 children → {each.recipient}")
    if sent.without_key:
        children = sum(sent.without_key.values())
        shown = "、".join(f"{name} {rows}" for name, rows in list(sent.without_key.items())[:10])
        click.echo(
            f"没有公钥、未生成：{len(sent.without_key):,} 个单位，{children:,} 名儿童。 "
            f"No key on record, nothing made: {shown}{' …' if len(sent.without_key) > 10 else ''}"
        )
    if sent.unplaced:
        click.echo(f"所属县不能确定、未发送：{sent.unplaced:,} 名儿童。 County not certain, told to nobody.")
    return 0 if sent.made else EXIT_WRONG_USE


@packet.command("open")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@options.home
@_folder
def open_file(file: Path, home: Path, folder: Path) -> int:
    """打开收到的文件：数据包、回执、答复或撤回通知。 Open what came: a packet, receipt, reply or recall notice.

    Each is opened once. A packet becomes a workbook, and a receipt for its sender is made beside it.
    """
    from reporting.packets import incoming
    from reporting.packets.errors import PacketRefused

    desk = _desk(home)
    operator.note(home, "packet open", "packets")
    try:
        opened = incoming.open_file(desk, file, folder)
    except PacketRefused as error:
        operator.note(home, "packet refused", "packets", {"why": error.why})
        click.echo(f"拒收 Refused: {error}", err=True)
        return EXIT_DELIVERY_REFUSED
    header = opened.header
    about = "" if header.about is None else f"（关于 about {header.about}）"
    click.echo(f"{_KINDS[header.kind]} {header.kind} {header.number}{about}，来自 from {header.sender}")
    _tell(opened)
    for written in opened.written:
        click.echo(f"  {written}")
    return 0


def _tell(opened: Opened) -> None:
    header = opened.header
    if header.kind == "packet":
        click.echo(f"{header.rows:,} 名儿童 children。请把回执发回发送单位。 Send the receipt back:")
    elif header.kind == "reply":
        click.echo("，".join(f"{_ANSWERS[word]} {word} {rows:,}" for word, rows in opened.counted))
    elif header.kind == "recall":
        click.echo(f"撤回理由 reason: {opened.reason}")
        if opened.was_open:
            click.echo(
                f"该包已打开过：请删除 {header.about}.xlsx 及其全部副本。 "
                "It had been opened: delete that workbook and every copy."
            )
        click.echo("请把回执发回发送单位。 Send the receipt back:")


@packet.command()
@click.argument("number")
@options.home
@_folder
def receipt(number: str, home: Path, folder: Path) -> None:
    """补开已打开的数据包的回执。 Make the receipt of an opened packet or recall again."""
    from reporting.packets import incoming

    desk = _desk(home)
    operator.note(home, "packet receipt", number)
    click.echo(f"回执 receipt: {incoming.receipt(desk, number, folder)}")


@packet.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@options.home
@_folder
def reply(file: Path, home: Path, folder: Path) -> None:
    """把填好的工作簿封成答复。 Seal the answers filled into an opened packet's workbook, for its sender."""
    from reporting.packets import incoming

    desk = _desk(home)
    operator.note(home, "packet reply", "packets")
    written, rows = incoming.reply(desk, file, folder)
    click.echo(f"答复 reply: {written}，{rows:,} 名儿童 children")


@packet.command()
@click.argument("number")
@options.home
@options.reason
@_folder
def recall(number: str, home: Path, reason: str, folder: Path) -> None:
    """撤回已发出的数据包。 Take back a packet: makes a notice for its recipient, who then refuses it."""
    from reporting.packets import outgoing
    from warehouse.stores import free_text

    reason = free_text.checked(reason, "--reason")
    desk = _desk(home)
    operator.note(home, "packet recall", number, {"reason": reason})
    click.echo(f"撤回通知 recall notice: {outgoing.recall(desk, number, reason, folder)}")


@packet.command()
@options.home
@click.option("--period", type=options.PeriodType(), help="只看一期 Only this half-year.")
def status(home: Path, period: Period | None) -> None:
    """每个数据包到哪一步、等了几天。 How each packet stands, and how many days it has been waiting."""
    from rich.console import Console
    from rich.table import Column, Table

    from reporting.packets import recipients, standing
    from warehouse.stores import packets
    from warehouse.stores.engine import now

    stores = operator.stores(home)
    events = [each for each in packets.read(stores) if period is None or each.event.period == str(period)]
    answers = packets.count_answers(stores, [each.event.number for each in events])
    asks = {role: each.answer_within_days for role, each in recipients.load().items() if each.answer_within_days}
    today = clock.today()
    headings = (
        "数据包 packet",
        "方向",
        "对方 with",
        "儿童",
        "日期",
        "回执 receipt",
        "答复 answers",
        "撤回 recalled",
        "等待(天)",
        "答复期限 due",
    )
    table = Table(*(Column(heading, overflow="fold") for heading in headings))
    for each in standing.of(events, answers, asks, now()):
        table.add_row(
            *(each.number, "发出" if each.direction == "sent" else "收到", each.party, f"{each.rows:,}"),
            *(_day(each.at), _day(each.receipted_at)),
            " ".join(f"{_ANSWERS[word]} {rows}" for word, rows in each.answers.items()),
            *(_day(each.recalled_at), "" if each.waiting_days is None else str(each.waiting_days)),
            "" if each.due_on is None else f"{each.due_on}{' 逾期 late' if today > each.due_on else ''}",
        )
    console = Console()
    if not console.is_terminal:
        console.width = _WIDE
    console.print(table)


@packet.command()
@options.home
@options.period
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help=".xlsx 或 .csv")
def mismatches(home: Path, period: Period, out: Path) -> None:
    """户籍地不认可的儿童清单。 Children whose hukou the hukou county denied or corrected.

    A workbook in words, or CSV in codes for a program. It holds children's ids: it is recorded who made it.
    """
    from reporting.packets import mismatches as unlike
    from warehouse.store import Warehouse

    if out.suffix not in (".xlsx", ".csv"):
        raise click.BadParameter(f"{out.name}: 只写 .xlsx 或 .csv。 Expected one of these endings.", param_hint="--out")
    stores = operator.note(home, "packet mismatches", str(period))
    site = settings.load(home)
    with Warehouse(home, stores=site.stores_url if site else None) as house, house.reading(period) as con:
        found = unlike.read(stores, con, str(period), period.as_of)
    if out.suffix == ".xlsx":
        unlike.write(found, period.as_of, out)
    else:
        _write_csv(found, out)
    click.echo(f"{out}: {len(found):,} 行 rows")


def _write_csv(found: Iterable[Mismatch], out: Path) -> None:
    import csv
    from dataclasses import astuple

    from reporting.packets import mismatches as unlike
    from reporting.whole import whole

    with whole(out) as half, half.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([unlike.TITLES[name] for name in unlike.COLUMNS])
        writer.writerows(astuple(each) for each in found)


def _secrets(home: Path) -> Any:
    from reporting.packets.envelope import Secrets
    from warehouse import keys as held

    return Secrets(*held.packet_keys(home, _notice))


def _desk(home: Path) -> Desk:
    from reporting.packets.desk import open_desk

    return open_desk(operator.stores(home), _secrets(home))


def _day(at: datetime | date | None) -> str:
    return "" if at is None else f"{clock.local(at) if isinstance(at, datetime) else at:%Y-%m-%d}"
