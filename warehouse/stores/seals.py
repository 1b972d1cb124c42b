"""Seals of reports: the figures as they were told, kept so that a later answer can be held against them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from warehouse.stores.acts import os_user
from warehouse.stores.engine import now, writing
from warehouse.stores.tables import seal_word, sealed_figure


@dataclass(frozen=True, slots=True)
class Seal:
    """One sealed report. ``figures`` is canonical JSON, ``sha256`` its digest; ``audience``: internal or external.

    ``counts``: the same of the counts behind an external one. ``account``: who made it, where they said so.
    """

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
    counts: str | None
    account: str | None

    def is_made_by(self, account: str | None, os_user: str) -> bool:
        """Whether somebody may be who made it: by account where both are known, else by the machine's user."""
        if account is None or self.account is None:
            return self.os_user == os_user
        return self.account == account


@dataclass(frozen=True, slots=True)
class Word:
    """What a second person said of a sealed report: released or rejected, and why."""

    word: str
    reason: str
    os_user: str
    at: datetime  # UTC
    account: str | None


class SamePerson(ValueError):
    """Who sealed a report wants to say the second word too."""

    def __init__(self, maker: str) -> None:
        super().__init__(
            f"须由制表人以外的人核发。 {maker} made this report: somebody else has to look at it. "
            "多人共用一台机器的，制表时请加 --account。 Who share a machine name their account when they make it."
        )


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
    counts: str | None,
    account: str | None,
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
                counts=counts,
                account=account,
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


def released(engine: sa.Engine) -> list[Seal]:
    """External reports that left the bureau, with the counts behind them, in the order in which they left."""
    newest = sa.select(sa.func.max(seal_word.c.id)).group_by(seal_word.c.sha256)
    let = sa.select(seal_word.c.sha256, seal_word.c.id).where(
        seal_word.c.id.in_(newest), seal_word.c.word == "released"
    )
    words = let.subquery()
    query = (
        sa.select(*(sealed_figure.c[name] for name in Seal.__slots__))
        .join(words, words.c.sha256 == sealed_figure.c.sha256)
        .where(sealed_figure.c.counts.is_not(None))
        .order_by(words.c.id, sealed_figure.c.id)
    )
    with engine.connect() as connection:
        return [Seal(*row) for row in connection.execute(query).all()]


def check_other_person(seal: Seal, account: str | None) -> None:
    """Refuse who sealed a report to say the second word too: :class:`SamePerson`."""
    if seal.is_made_by(account, os_user()):
        raise SamePerson(seal.account or seal.os_user)


def say(
    engine: sa.Engine, seal: Seal, word: Literal["released", "rejected"], reason: str, account: str | None = None
) -> None:
    """Keep this user's word on a seal, or that of the account's owner. Raises :class:`SamePerson` for who sealed it."""
    check_other_person(seal, account)
    with writing(engine) as connection:
        connection.execute(
            seal_word.insert().values(
                sha256=seal.sha256, word=word, reason=reason, os_user=os_user(), at=now(), account=account
            )
        )


def word_on(engine: sa.Engine, sha256: str) -> Word | None:
    """The newest word on these figures; None where nobody has spoken."""
    query = (
        sa.select(*(seal_word.c[name] for name in Word.__slots__))
        .where(seal_word.c.sha256 == sha256)
        .order_by(seal_word.c.id.desc())
        .limit(1)
    )
    with engine.connect() as connection:
        row = connection.execute(query).first()
    return None if row is None else Word(*row)
