"""``childindex users``: accounts of the web app. There is none that nobody made."""

import sys
from datetime import datetime
from pathlib import Path

import click
import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from pipelines.cli import operator, options
from stewardship.access import passwords, second_factor
from warehouse import anchors, clock, keys
from warehouse.stores import accounts, roles, sessions
from warehouse.stores.accounts import Account
from warehouse.stores.actors import Actor

_role = click.option(
    "--role", "given_roles", multiple=True, type=click.Choice(list(roles.load())), help="角色，可多次 May be repeated."
)
_county = click.option(
    "--county", "counties", multiple=True, help="行政区划代码，可多次；上级代码含其下各县 Covers those below."
)
_stdin = click.option("--password-stdin", is_flag=True, help="从标准输入读口令 Read the password from standard input.")
_username = click.argument("username")


@click.group()
def users() -> None:
    """网页账号：新增、列表、授权、停用。 Accounts of the web app, their roles and counties."""


@users.command()
@_username
@options.home
@click.option("--name", "display_name", required=True, help="姓名 Shown to colleagues.")
@_role
@_county
@click.option("--organisation", help="受委托机构 An entrusted organisation; then --expires is needed.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="到期日 The first day on which it is no more.")
@options.reason
@_stdin
def add(
    username: str,
    home: Path,
    display_name: str,
    given_roles: tuple[str, ...],
    counties: tuple[str, ...],
    organisation: str | None,
    expires: datetime | None,
    reason: str,
    password_stdin: bool,
) -> None:
    """新增账号。 Make an account; its password is asked for, never an argument, and changed at the first login."""
    stores, by = _to_change(home), Actor.at_the_machine()
    wanted = Account(username, display_name, given_roles, counties, organisation, expires.date() if expires else None)
    accounts.check(stores, wanted)
    password_hash = passwords.hashed(_password(password_stdin), username)
    made = accounts.add(stores, by, wanted, reason)
    accounts.set_password(stores, by, username, password_hash, must_change=True)
    click.echo(f"已新增 Made: {username} ({'、'.join(roles.load()[role].title for role in made.roles)})")
    if made.needs_second_factor:
        _hand_out(stores, home, by, username)


@users.command("list")
@options.home
def list_(home: Path) -> None:
    """列出账号。 All accounts, disabled and expired ones too."""
    today = clock.today()
    table = Table("username", "姓名", "角色 roles", "辖区 counties", "到期 expires", "状态 state")
    for each in accounts.read(operator.stores(home)):
        state = "停用 disabled" if each.is_disabled else "有效 in force" if each.is_in_force(today) else "到期 expired"
        expires = str(each.expires_on or "")
        table.add_row(each.username, each.display_name, ", ".join(each.roles), ", ".join(each.counties), expires, state)
    Console().print(table)


@users.command()
@_username
@options.home
def history(username: str, home: Path) -> None:
    """账号的变更记录。 All that an account ever was, with who changed it and why."""
    found = accounts.history(operator.stores(home), username)
    if not found:
        raise click.UsageError("没有这个账号。 No such account.")
    table = Table("时间 at (UTC)", "由 by", "角色 roles", "辖区 counties", "停用 disabled", "理由 reason")
    for each in found:
        at = f"{each.at:%Y-%m-%d %H:%M}"
        disabled = "是 yes" if each.is_disabled else ""
        table.add_row(at, each.changed_by, ", ".join(each.roles), ", ".join(each.counties), disabled, each.reason)
    Console().print(table)


@users.command()
@_username
@options.home
@_role
@_county
@options.reason
def grant(username: str, home: Path, given_roles: tuple[str, ...], counties: tuple[str, ...], reason: str) -> None:
    """增加角色或辖区。 Give an account more roles or counties."""
    stores, by, known = _known(home, username)
    more = (*known.roles, *given_roles), (*known.counties, *counties)
    changed = accounts.change(stores, by, username, reason, roles=more[0], counties=more[1])
    _changed(stores, by, changed)
    if changed.needs_second_factor and accounts.second_factor_serial(stores, username) is None:
        _hand_out(stores, home, by, username)


@users.command()
@_username
@options.home
@_role
@_county
@options.reason
def revoke(username: str, home: Path, given_roles: tuple[str, ...], counties: tuple[str, ...], reason: str) -> None:
    """收回角色或辖区。 Take roles or counties away; their sessions end."""
    stores, by, known = _known(home, username)
    left = (
        tuple(role for role in known.roles if role not in given_roles),
        tuple(county for county in known.counties if county not in counties),
    )
    _changed(stores, by, accounts.change(stores, by, username, reason, roles=left[0], counties=left[1]))


@users.command()
@_username
@options.home
@options.reason
def disable(username: str, home: Path, reason: str) -> None:
    """停用账号。 Disable an account; its sessions end, what it did stays."""
    stores, by, _ = _known(home, username)
    _changed(stores, by, accounts.change(stores, by, username, reason, is_disabled=True))


@users.command()
@_username
@options.home
@options.reason
def enable(username: str, home: Path, reason: str) -> None:
    """恢复停用的账号。 Let a disabled account be used again."""
    stores, by, _ = _known(home, username)
    _changed(stores, by, accounts.change(stores, by, username, reason, is_disabled=False))


@users.command()
@_username
@options.home
@_stdin
def password(username: str, home: Path, password_stdin: bool) -> None:
    """设置新口令。 Set a new password, to be changed at the first login; the account's sessions end."""
    stores, by, known = _known(home, username)
    password_hash = passwords.hashed(_password(password_stdin), username)
    accounts.set_password(stores, by, username, password_hash, must_change=True)
    _changed(stores, by, known)


@users.command("second-factor")
@_username
@options.home
def second_factor_(username: str, home: Path) -> None:
    """重新发放动态口令。 Hand out a second factor anew; the earlier one is good no more."""
    stores, by, known = _known(home, username)
    _hand_out(stores, home, by, username)
    _changed(stores, by, known)


def _to_change(home: Path) -> sa.Engine:
    """The stores; however the command ends, what the audit was told is anchored then."""
    stores = operator.stores(home)
    click.get_current_context().call_on_close(lambda: anchors.keep(stores, home))
    return stores


def _known(home: Path, username: str) -> tuple[sa.Engine, Actor, Account]:
    stores = _to_change(home)
    known = accounts.get(stores, username)
    if known is None:
        raise click.UsageError("没有这个账号。 No such account; `childindex users list` names them.")
    return stores, Actor.at_the_machine(), known


def _changed(stores: sa.Engine, by: Actor, account: Account) -> None:
    ended = sessions.end_all(stores, by.username, account.username)
    titles = "、".join(roles.load()[role].title for role in account.roles)
    click.echo(
        f"已更改 Changed: {account.username} ({titles}; {', '.join(account.counties)}). Sessions ended: {ended}."
    )


def _hand_out(stores: sa.Engine, home: Path, by: Actor, username: str) -> None:
    key = keys.access_key(home, lambda said: click.echo(said, err=True))
    given = second_factor.hand_out(stores, by, key, username)
    click.echo(
        "动态口令密钥，仅显示一次，请录入认证器 The second factor's secret, shown once; put it into an authenticator:"
    )
    click.echo(f"  {given.secret}\n  {given.uri}")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = click.prompt("口令 Password", hide_input=True, confirmation_prompt="再次输入 Again")
    return asked
