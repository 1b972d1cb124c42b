"""The audit: which command or page read or changed restricted data, by whom, when."""

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from warehouse.stores.engine import now, writing
from warehouse.stores.tables import act


@dataclass(frozen=True, slots=True)
class Act:
    """One command. ``subject`` is a period, an export or a table, never a person; ``detail`` holds counts and files."""

    os_user: str
    act: str
    subject: str | None
    detail: Mapping[str, object] | None
    at: datetime  # UTC


def os_user() -> str:
    """The operating system's user who runs this; its number where it has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def note(engine: sa.Engine, name: str, subject: str | None = None, detail: Mapping[str, object] | None = None) -> None:
    """Record that this user does this now. Called before the act, so that one that fails is on record too."""
    with writing(engine) as connection:
        connection.execute(
            act.insert().values(
                os_user=os_user(), act=name, subject=subject, detail=dict(detail) if detail else None, at=now()
            )
        )


def read(engine: sa.Engine, last: int = 100) -> list[Act]:
    """Read the latest acts, newest first."""
    query = sa.select(act.c.os_user, act.c.act, act.c.subject, act.c.detail, act.c.at).order_by(act.c.id.desc())
    with engine.connect() as connection:
        return [Act(*row) for row in connection.execute(query.limit(last)).all()]
