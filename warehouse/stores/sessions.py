"""Sessions of the web app, and attempts to begin one. What idle and locked out mean, ``stewardship.access`` says."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from warehouse.stores import accounts, audit
from warehouse.stores.access_tables import account, login_attempt, second_factor_use, session
from warehouse.stores.accounts import Account
from warehouse.stores.engine import now, writing


@dataclass(frozen=True, slots=True)
class Session:
    """One browser's session. Its token is the browser's alone; here is its hash."""

    token_hash: str
    username: str
    begun_at: datetime  # UTC, as all here
    seen_at: datetime  # of the last request, to the minute
    is_locked: bool  # idle for too long: asks for the password again
    ended_at: datetime | None
    must_change: bool = False  # its user chooses another password before all else


@dataclass(frozen=True, slots=True)
class Failures:
    """How often in a row logging in under a name failed until now, and when it did last."""

    many: int
    last_at: datetime | None


def begin(engine: sa.Engine, username: str, token_hash: str, *, must_change: bool = False) -> Session:
    """Keep a session that begins now, and tell the audit."""
    at = now()
    made = Session(token_hash, username, at, at, False, None, must_change)
    with writing(engine) as connection:
        connection.execute(session.insert().values({name: getattr(made, name) for name in Session.__slots__}))
        audit.append(connection, username, "login")
    return made


def find(engine: sa.Engine, token_hash: str) -> Session | None:
    """The session of a token, ended ones too."""
    with engine.connect() as connection:
        return _find(connection, token_hash)


def find_with_account(engine: sa.Engine, token_hash: str) -> tuple[Session, Account | None] | None:
    """The session of a token and its account as it is now, in one look at the stores."""
    with engine.connect() as connection:
        row = connection.execute(_FIND_WITH_ACCOUNT, {"token": token_hash}).one_or_none()
    if row is None:
        return None
    own, of_account = row[: len(_COLUMNS)], row[len(_COLUMNS) :]
    return Session(*own), None if of_account[0] is None else accounts.of_row(of_account)


_COLUMNS = tuple(session.c[name] for name in Session.__slots__)
_FIND = sa.select(*_COLUMNS).where(session.c.token_hash == sa.bindparam("token"))
_FIND_WITH_ACCOUNT = _FIND.add_columns(*accounts.COLUMNS).select_from(
    session.outerjoin(account, accounts.is_newest_of(session.c.username))
)


def _find(connection: sa.Connection, token_hash: str) -> Session | None:
    row = connection.execute(_FIND, {"token": token_hash}).one_or_none()
    return None if row is None else Session(*row)


def running(engine: sa.Engine, username: str) -> list[Session]:
    """A user's sessions that weren't ended, the latest first; one may be too old by now."""
    query = (
        sa.select(*(session.c[name] for name in Session.__slots__))
        .where(session.c.username == username, session.c.ended_at.is_(None))
        .order_by(session.c.seen_at.desc(), session.c.begun_at.desc())
    )
    with engine.connect() as connection:
        return [Session(*row) for row in connection.execute(query).all()]


def changed_password(engine: sa.Engine, known: Session) -> None:
    """Let a session go on whose user has chosen a password."""
    _update(engine, session.c.token_hash == known.token_hash, must_change=False)


def seen(engine: sa.Engine, token_hash: str) -> None:
    """Note that the session is in use now."""
    _update(engine, session.c.token_hash == token_hash, seen_at=now())


def lock(engine: sa.Engine, known: Session) -> None:
    """Shut an idle session until its user gives the password again."""
    with writing(engine) as connection:
        connection.execute(session.update().where(session.c.token_hash == known.token_hash).values(is_locked=True))
        audit.append(connection, known.username, "session locked")


def unlock(engine: sa.Engine, known: Session) -> None:
    """Open it again: the password was right."""
    with writing(engine) as connection:
        opened = {"is_locked": False, "seen_at": now()}
        connection.execute(session.update().where(session.c.token_hash == known.token_hash).values(opened))
        audit.append(connection, known.username, "session unlocked")


def end(engine: sa.Engine, known: Session, why: str) -> None:
    """End a session for good: logged out, too old, taken away. One that has ended stays as it ended."""
    with writing(engine) as connection:
        running = (session.c.token_hash == known.token_hash) & session.c.ended_at.is_(None)
        if connection.execute(session.update().where(running).values(ended_at=now())).rowcount:
            audit.append(connection, known.username, "session ended", detail={"why": why})


def end_others(engine: sa.Engine, known: Session) -> int:
    """End the user's sessions but this one; return how many."""
    with writing(engine) as connection:
        others = (session.c.username == known.username) & (session.c.token_hash != known.token_hash)
        wanted = session.update().where(others, session.c.ended_at.is_(None)).values(ended_at=now())
        many = connection.execute(wanted).rowcount
        if many:
            told = {"sessions": many}
            audit.append(connection, known.username, "sessions ended", f"account {known.username}", detail=told)
    return many


def end_all(engine: sa.Engine, by: str, username: str) -> int:
    """End all sessions of a user, whose rights or password changed; return how many."""
    with writing(engine) as connection:
        running = (session.c.username == username) & session.c.ended_at.is_(None)
        many = connection.execute(session.update().where(running).values(ended_at=now())).rowcount
        if many:
            audit.append(connection, by, "sessions ended", f"account {username}", detail={"sessions": many})
    return many


def failures(connection: sa.Connection, name_hash: str) -> Failures:
    """Attempts under a name since the last that succeeded."""
    of_name = login_attempt.c.name_hash == name_hash
    last_success = sa.select(sa.func.coalesce(sa.func.max(login_attempt.c.id), 0)).where(
        of_name, login_attempt.c.succeeded
    )
    query = sa.select(sa.func.count(), sa.func.max(login_attempt.c.at)).where(
        of_name, login_attempt.c.id > last_success.scalar_subquery()
    )
    return Failures(*connection.execute(query).one())


def attempt(connection: sa.Connection, name_hash: str, *, succeeded: bool) -> None:
    """Keep one attempt. One begins as failed, so that many at a time can't outrun the count."""
    connection.execute(login_attempt.insert().values(name_hash=name_hash, succeeded=succeeded, at=now()))


def use_code(engine: sa.Engine, username: str, step: int) -> bool:
    """Use up a one-time code's half minute; False where it was used before."""
    try:
        with writing(engine) as connection:
            connection.execute(second_factor_use.insert().values(username=username, step=step))
    except sa.exc.IntegrityError:
        return False
    return True


def _update(engine: sa.Engine, where: sa.ColumnElement[bool], **values: object) -> None:
    with writing(engine) as connection:
        connection.execute(session.update().where(where).values(values))
