"""Accounts of the web app: who may, in which roles, for which counties. A change is a newer row; none is removed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from policy.divisions import load as divisions
from warehouse.stores import audit, free_text, roles, together
from warehouse.stores.access_tables import account, credential, second_factor
from warehouse.stores.actors import Actor
from warehouse.stores.engine import now, writing

_USERNAME = re.compile(r"[a-z][a-z0-9_.-]{1,31}")


class AccountFault(ValueError):
    """An account can't be made or changed so; the message says what to give instead."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is since ``at``. ``counties`` are division codes; a prefecture's covers its counties."""

    username: str
    display_name: str
    roles: tuple[str, ...]
    counties: tuple[str, ...]
    organisation: str | None = None  # whose people are entrusted with the work; None: the bureau's own
    expires_on: date | None = None  # the first day on which it is no more
    is_disabled: bool = False
    reason: str = ""
    changed_by: str = ""
    at: datetime | None = None  # UTC

    def is_in_force(self, day: date) -> bool:
        """Whether it may be used on the day."""
        return not self.is_disabled and (self.expires_on is None or day < self.expires_on)

    @property
    def needs_second_factor(self) -> bool:
        """Whether one of its roles logs in with a one-time code."""
        return any(roles.load()[role].second_factor for role in self.roles)

    @property
    def actor(self) -> Actor:
        """The account as one who does something."""
        return Actor(self.username, frozenset(self.roles), self.counties, self.organisation is not None)


def add(engine: sa.Engine, by: Actor, made: Account, reason: str) -> Account:
    """Make an account. It can't log in before :func:`set_password`. Raises :class:`AccountFault`."""

    def write(connection: sa.Connection) -> Account:
        _check_new(connection, made)
        return _write(connection, by, made, reason, "account added")

    return together.write(engine, write)


def check(engine: sa.Engine, wanted: Account) -> None:
    """Say what is wrong with an account that is to be made, before its owner is asked for a password."""
    with engine.connect() as connection:
        _check_new(connection, wanted)
    _check(wanted)


def change(engine: sa.Engine, by: Actor, username: str, reason: str, **changed: Any) -> Account:
    """Change fields of an account (``roles``, ``counties``, ``display_name``, ``expires_on``, ``is_disabled`` …).

    Nobody changes their own. Raises :class:`AccountFault`.
    """
    if by.username == username:
        raise AccountFault("不能更改自己的账号。 Nobody changes their own account; ask another administrator.")

    def write(connection: sa.Connection) -> Account:
        known = of_username(connection, username)
        if known is None:
            raise AccountFault("没有这个账号。 No such account. `childindex users list` names them.")
        return _write(connection, by, replace(known, **changed), reason, "account changed")

    return together.write(engine, write)


def get(engine: sa.Engine, username: str) -> Account | None:
    """The account as it is now, disabled and expired ones too; None where there is none."""
    with engine.connect() as connection:
        return of_username(connection, username)


def read(engine: sa.Engine) -> list[Account]:
    """All accounts as they are now, by username."""
    newest = sa.select(sa.func.max(account.c.id)).group_by(account.c.username)
    query = sa.select(*COLUMNS).where(account.c.id.in_(newest)).order_by(account.c.username)
    with engine.connect() as connection:
        return [of_row(row) for row in connection.execute(query).all()]


def history(engine: sa.Engine, username: str) -> list[Account]:
    """All that an account ever was, oldest first."""
    query = sa.select(*COLUMNS).where(account.c.username == username).order_by(account.c.id)
    with engine.connect() as connection:
        return [of_row(row) for row in connection.execute(query).all()]


def set_password(engine: sa.Engine, by: Actor, username: str, password_hash: str, *, must_change: bool = False) -> None:
    """Keep the hash of a new password; sessions go on until :func:`warehouse.stores.sessions.end_all`.

    ``must_change``: its owner must choose another at the first login with it.
    """
    with writing(engine) as connection:
        values = {"username": username, "password_hash": password_hash, "set_by": by.username, "at": now()}
        connection.execute(credential.insert().values({**values, "must_change": must_change}))
        audit.append(connection, by.username, "password set", f"account {username}")


def password_hash(engine: sa.Engine, username: str) -> str | None:
    """The hash of the password in force; None where none was set."""
    found: str | None = _newest(engine, credential, credential.c.password_hash, username)
    return found


def must_change_password(engine: sa.Engine, username: str) -> bool:
    """Whether the password in force is one that somebody else knows."""
    return bool(_newest(engine, credential, credential.c.must_change, username))


def set_second_factor(engine: sa.Engine, by: Actor, username: str, serial: str) -> None:
    """Keep the serial of a second factor that is handed out now; an earlier one is good no more."""
    with writing(engine) as connection:
        values = {"username": username, "serial": serial, "set_by": by.username, "at": now()}
        connection.execute(second_factor.insert().values(values))
        audit.append(connection, by.username, "second factor set", f"account {username}")


def second_factor_serial(engine: sa.Engine, username: str) -> str | None:
    """The serial of the second factor in force; None where none was handed out."""
    found: str | None = _newest(engine, second_factor, second_factor.c.serial, username)
    return found


COLUMNS = tuple(account.c[name] for name in Account.__slots__)
"""What a row says of an account, see :func:`of_row`."""
_NEWEST = (
    sa.select(*COLUMNS).where(account.c.username == sa.bindparam("of_username")).order_by(account.c.id.desc()).limit(1)
)


def _newest(engine: sa.Engine, table: sa.Table, column: sa.Column[Any], username: str) -> Any:
    query = sa.select(column).where(table.c.username == username).order_by(table.c.id.desc()).limit(1)
    with engine.connect() as connection:
        return connection.execute(query).scalar_one_or_none()


def of_username(connection: sa.Connection, username: str) -> Account | None:
    """As :func:`get`, in a transaction that is open."""
    row = connection.execute(_NEWEST, {"of_username": username}).one_or_none()
    return None if row is None else of_row(row)


def of_row(values: Sequence[Any]) -> Account:
    """The account that a row of :data:`COLUMNS` tells."""
    told = dict(zip(Account.__slots__, values, strict=True))
    return Account(**told | {"roles": tuple(told["roles"]), "counties": tuple(told["counties"])})


def is_newest_of(username: sa.Column[Any]) -> sa.ColumnElement[bool]:
    """The condition that a row is the account of a username as it is now, for a statement about something else too."""
    rows = account.alias()
    newest = sa.select(sa.func.max(rows.c.id)).where(rows.c.username == username)
    return account.c.id == newest.scalar_subquery()


def _write(connection: sa.Connection, by: Actor, wanted: Account, reason: str, act: str) -> Account:
    written = replace(
        wanted,
        roles=tuple(sorted(set(wanted.roles))),
        counties=tuple(sorted(set(wanted.counties))),
        display_name=free_text.checked(wanted.display_name, "display name"),
        reason=free_text.checked(reason, "reason"),
        changed_by=by.username,
        at=now(),
    )
    _check(written)
    lists = {"roles": list(written.roles), "counties": list(written.counties)}
    connection.execute(account.insert(), {name: getattr(written, name) for name in Account.__slots__} | lists)
    told = lists | {"disabled": written.is_disabled, "expires_on": written.expires_on and str(written.expires_on)}
    audit.append(connection, by.username, act, f"account {written.username}", detail=told)
    return written


def _check_new(connection: sa.Connection, wanted: Account) -> None:
    if not _USERNAME.fullmatch(wanted.username) or free_text.holds_number(wanted.username):
        raise AccountFault("username: 2 to 32 of a-z, 0-9, dot, dash, underscore, a letter first, and no phone number.")
    if of_username(connection, wanted.username) is not None:
        raise AccountFault("账号已存在。 The account exists, though it may be disabled; change it instead.")


def _check(wanted: Account) -> None:
    known = roles.load()
    if not wanted.roles or not set(wanted.roles) <= set(known):
        raise AccountFault(f"roles: expected one or more of {', '.join(known)}; found {_listed(wanted.roles)}.")
    apart = [role for role in wanted.roles if known[role].apart]
    if len(apart) > 1:
        raise AccountFault(
            f"系统、安全、审计管理员不得兼任。 {' and '.join(apart)} may not be one person's: each watches the others."
        )
    unknown = [code for code in wanted.counties if divisions().at(code, date.today().year) is None]
    if unknown or not wanted.counties:
        raise AccountFault(f"counties: expected division codes in force, one or more; found {_listed(unknown)}.")
    if wanted.organisation is not None:
        own = [role for role in wanted.roles if not known[role].entrusted]
        if own or wanted.expires_on is None:
            raise AccountFault(
                "受委托机构的账号须有到期日，且只能担任采集员。 An entrusted organisation's account needs an expiry, "
                f"and roles only of {', '.join(name for name, role in known.items() if role.entrusted)}."
            )


def _listed(values: Iterable[str]) -> str:
    return ", ".join(sorted(values)) or "none"
