"""The operator at the command line: their home's stores, and the record of what they did."""

import sys
from collections.abc import Mapping
from pathlib import Path

import click
import sqlalchemy as sa

from pipelines import site as settings
from pipelines.cli import options
from warehouse import anchors, keys
from warehouse.home import Home
from warehouse.stores import accounts, audit
from warehouse.stores.accounts import Account
from warehouse.stores.actors import Actor
from warehouse.stores.engine import open_stores


def stores(home: Path) -> sa.Engine:
    """Open the operational stores of a home that exists, where its settings say."""
    options.existing_home(home)
    site = settings.load(home)
    return open_stores((site and site.stores_url) or Home.at(home).stores)


def note(home: Path, act: str, subject: str, detail: Mapping[str, object] | None = None) -> sa.Engine:
    """Record what this user is about to do, and give the stores. What can't be recorded doesn't happen."""
    opened = stores(home)
    audit.note(opened, Actor.at_the_machine().username, act, subject, detail=detail)
    anchors.keep(opened, home)
    return opened


def proved(home: Path, opened: sa.Engine, username: str, *, from_stdin: bool) -> Account:
    """The account whose owner gives its password at the command line, and a one-time code where it needs one.

    ``from_stdin``: both are lines of standard input. Raises ``LoginRefused``.
    """
    from stewardship.access import login  # its hashing is slow to import, and other commands don't need it

    said = sys.stdin if from_stdin else None
    known = accounts.get(opened, username)
    needs_code = known is not None and known.needs_second_factor
    asked = ["口令 Password", *(["动态口令 One-time code"] if needs_code else [])]
    told = [said.readline().rstrip("\r\n") if said else click.prompt(each, hide_input=True) for each in asked]
    key = keys.access_key(home, lambda notice: click.echo(notice, err=True))
    click.get_current_context().call_on_close(lambda: anchors.keep(opened, home))
    proven = login.prove(opened, key, username, *told)
    if accounts.must_change_password(opened, username):
        raise click.UsageError(
            f"{username} 的口令由他人设置，请先登录网页更改。 Somebody else knows this password: its owner changes it "
            "at the first login to `childindex review`."
        )
    return proven
