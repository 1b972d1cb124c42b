"""The operator at the command line: their home's stores, and the record of what they did."""

from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa

from pipelines import site as settings
from pipelines.cli import options
from warehouse import anchors
from warehouse.home import Home
from warehouse.stores import audit
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
