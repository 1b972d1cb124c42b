"""The tables of the warehouse, one YAML file each: what a row is, its columns, who may see them, what must hold.

DDL checks, expectations and the dictionary all come from these; a table that has no spec does not exist.
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

Sensitivity = Literal["identifier", "quasi", "special", "none"]
Masking = Literal["keep", "drop", "token", "month"]
ROOMS = ("raw", "std", "link", "core", "care", "mart")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is eight times as fast


class SpecError(ValueError):
    """A table spec can't be read, or says something that can't be."""


class _Strict(BaseModel):
    """Refuses keys that it doesn't know: a mistyped key would be a rule that never applies."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Expect(_Strict):
    """What must hold for each value of a column. Nulls are judged by ``required`` alone."""

    one_of: tuple[str, ...] | None = None
    at_least: float | str | None = None
    at_most: float | str | None = None
    full_match: str | None = None  # a regular expression that the whole text matches (RE2)
    references: str | None = None  # room.table.column that holds every value
    unique: bool = False

    @model_validator(mode="after")
    def _reference_is_whole(self) -> Self:
        if self.references is not None and self.references.count(".") != 2:
            raise ValueError(f"references: expected room.table.column, found {self.references!r}")
        return self


class Column(_Strict):
    """One column: DuckDB type as ``information_schema`` or ``describe`` prints it, in either case."""

    type: str
    required: bool = False  # never null
    title: str = ""  # the Chinese name, as a clerk reads it
    description: str = ""
    sensitivity: Sensitivity = "none"
    masking: Masking | None = None  # what becomes of it outside the restricted store
    expect: Expect = Expect()


class TableSpec(_Strict):
    """One table of one room."""

    room: Literal["raw", "std", "link", "core", "care", "mart"]
    table: str
    title: str  # the Chinese name
    grain: str  # what one row is
    description: str = ""
    key: tuple[str, ...] = ()  # columns that no two rows share; empty where rows may repeat
    columns: dict[str, Column]
    expect_rows: tuple[str, ...] = ()  # SQL conditions over the columns that every row meets

    @model_validator(mode="after")
    def _key_names_columns(self) -> Self:
        if unknown := set(self.key) - set(self.columns):
            raise ValueError(
                f"key names columns that aren't there: {sorted(unknown)}; there are {sorted(self.columns)}"
            )
        return self

    @property
    def name(self) -> str:
        """``room.table``."""
        return f"{self.room}.{self.table}"


@cache
def load() -> Mapping[tuple[str, str], TableSpec]:
    """Every table's spec by (room, table), rooms in the order data walks through them, tables by name.

    Raises :class:`SpecError` naming file and key where a file can't be taken.
    """
    found: dict[tuple[str, str], TableSpec] = {}
    tables = resources.files("warehouse") / "tables"
    for room in ROOMS:
        folder = tables / room
        if not folder.is_dir():
            continue
        for file in sorted(folder.iterdir(), key=lambda each: each.name):
            if file.name.endswith(".yml"):
                spec = read(file.read_text(encoding="utf-8"), f"warehouse/tables/{room}/{file.name}")
                if (spec.room, f"{spec.table}.yml") != (room, file.name):
                    raise SpecError(
                        f"warehouse/tables/{room}/{file.name}: says it is {spec.name}; rename one of the two."
                    )
                found[room, spec.table] = spec
    return found


def read(text: str, where: str) -> TableSpec:
    """One spec from YAML; ``where`` names it in errors."""
    try:
        return TableSpec.model_validate(yaml.load(text, Loader=_LOADER))  # noqa: S506  # a SafeLoader
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'file'}: {fault['msg']}" for fault in error.errors())
        raise SpecError(f"{where}: {faults}") from None
    except yaml.YAMLError as error:
        raise SpecError(f"{where}: not YAML: {error}") from None


def get(room: str, table: str) -> TableSpec:
    """Return one table's spec; the error lists the tables that the room has."""
    try:
        return load()[room, table]
    except KeyError:
        known = ", ".join(name for of, name in load() if of == room) or "none"
        raise SpecError(
            f"{room}.{table}: no spec. {room} has: {known}. Add warehouse/tables/{room}/{table}.yml."
        ) from None
