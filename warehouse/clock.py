"""The time on the wall: stores keep UTC, people read China's time, which is one for the whole country."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from warehouse.stores.engine import now

_CHINA = ZoneInfo("Asia/Shanghai")


def local(at: datetime) -> datetime:
    """An instant as the stores keep it, UTC without zone, in China's time."""
    return at.replace(tzinfo=UTC).astimezone(_CHINA)


def today() -> date:
    """The day it is in China."""
    return local(now()).date()


def written(at: datetime | None = None) -> str:
    """An instant (now) as papers bear it, to the minute."""
    return f"{local(at or now()):%Y-%m-%d %H:%M}（北京时间）"
