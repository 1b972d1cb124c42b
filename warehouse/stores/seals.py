"""Seals of reports: the figures as they were told, kept so that a later answer can be held against them."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from warehouse.stores.acts import os_user
from warehouse.stores.engine import now, writing
from warehouse.stores.tables import sealed_figure


@dataclass(frozen=True, slots=True)
class Seal:
    """One sealed report. ``figures`` is canonical JSON, ``sha256`` its digest; ``audience``: internal or external."""

    pack: str
    period: str
    jurisdiction: str
    audience: str
    sha256: str
    figures: str
    release: int
    build_id: int
    os_user: str
    at: datetime  # UTC


def keep(
    engine: sa.Engine,
    *,
    pack: str,
    period: str,
    jurisdiction: str,
    audience: str,
    sha256: str,
    figures: str,
    release: int,
    build_id: int,
) -> None:
    """Keep a seal by this user."""
    with writing(engine) as connection:
        connection.execute(
            sealed_figure.insert().values(
                pack=pack,
                period=period,
                jurisdiction=jurisdiction,
                audience=audience,
                sha256=sha256,
                figures=figures,
                release=release,
                build_id=build_id,
                os_user=os_user(),
                at=now(),
            )
        )


def read(engine: sa.Engine, *, pack: str | None = None, period: str | None = None) -> list[Seal]:
    """Read seals, oldest first."""
    query = sa.select(*(sealed_figure.c[name] for name in Seal.__slots__)).order_by(sealed_figure.c.id)
    if pack is not None:
        query = query.where(sealed_figure.c.pack == pack)
    if period is not None:
        query = query.where(sealed_figure.c.period == period)
    with engine.connect() as connection:
        return [Seal(*row) for row in connection.execute(query).all()]
