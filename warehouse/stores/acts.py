"""Who runs this process, and what commands did before there was the audit (:mod:`warehouse.stores.audit`)."""

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

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


def read(engine: sa.Engine) -> list[Act]:
    """Read the acts, oldest first."""
    query = sa.select(act.c.os_user, act.c.act, act.c.subject, act.c.detail, act.c.at).order_by(act.c.id)
    with engine.connect() as connection:
        return [Act(*row) for row in connection.execute(query).all()]
