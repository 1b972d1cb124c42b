"""Deliveries' figures, kept so that the gates can hold the next period's against them."""

from collections.abc import Iterable

import sqlalchemy as sa

from warehouse.stores import bulk
from warehouse.stores.engine import writing
from warehouse.stores.tables import table_profile

Figure = tuple[str, str, str, str, float]  # feed, table_name, measure, subject, figure


def keep(engine: sa.Engine, build_id: int, period: str, figures: Iterable[Figure]) -> int:
    """Write a build's figures in place of those it wrote before; they count once the build is published."""
    rows = list(figures)
    with writing(engine) as connection:
        connection.execute(table_profile.delete().where(table_profile.c.build_id == build_id))
        if not rows:
            return 0
        names = ("feed", "table_name", "measure", "subject", "figure")
        columns = {name: list(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)}
        return bulk.insert(connection, table_profile, {**columns, "build_id": build_id, "period": period})


def read(engine: sa.Engine, build_id: int) -> list[Figure]:
    """Read the figures of one build; for the last period's, its build in the release in force."""
    table = table_profile.c
    query = (
        sa.select(table.feed, table.table_name, table.measure, table.subject, table.figure)
        .where(table.build_id == build_id)
        .order_by(table.id)
    )
    with engine.connect() as connection:
        return [(row[0], row[1], row[2], row[3], row[4]) for row in connection.execute(query).all()]
