"""Notes of stewards on cases, and flags for their supervisor."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from warehouse.stores import audit, free_text
from warehouse.stores.actors import Actor
from warehouse.stores.casework_tables import case_note
from warehouse.stores.engine import now, writing

Kind = Literal["note", "flag", "unflag"]


@dataclass(frozen=True, slots=True)
class Note:
    """Words on a case; those of a flag say what the supervisor is asked."""

    period: str
    case_id: int
    kind: Kind
    words: str
    written_by: str
    at: datetime  # UTC


def add(engine: sa.Engine, by: Actor, period: str, case_id: int, kind: Kind, words: str) -> Note:
    """Keep a note. Raises :class:`warehouse.stores.free_text.WordsRefused` for none, and for numbers of people."""
    made = Note(period, case_id, kind, free_text.checked(words, kind), by.username, now())
    with writing(engine) as connection:
        connection.execute(case_note.insert().values({name: getattr(made, name) for name in Note.__slots__}))
        audit.append(connection, by.username, f"case {kind}", f"case {period}/{case_id}")
    return made


def of_case(engine: sa.Engine, period: str, case_id: int) -> list[Note]:
    """All words on a case, oldest first."""
    query = (
        sa.select(*(case_note.c[name] for name in Note.__slots__))
        .where(case_note.c.period == period, case_note.c.case_id == case_id)
        .order_by(case_note.c.id)
    )
    with engine.connect() as connection:
        return [Note(*row) for row in connection.execute(query).all()]


def flagged(engine: sa.Engine, period: str) -> set[int]:
    """Cases whose last flag wasn't taken down."""
    newest = (
        sa.select(sa.func.max(case_note.c.id))
        .where(case_note.c.period == period, case_note.c.kind != "note")
        .group_by(case_note.c.case_id)
    )
    query = sa.select(case_note.c.case_id).where(case_note.c.id.in_(newest), case_note.c.kind == "flag")
    with engine.connect() as connection:
        return set(connection.execute(query).scalars())
