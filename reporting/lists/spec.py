"""What each list is: its title, whom it is for, its columns, and the query that gives its rows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from reporting import words
from reporting.basis import Basis
from warehouse import build

Shape = TypeVar("Shape")


class ListError(ValueError):
    """A list can't be read or made as described; says which and what to change."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Strict):
    """One column of lists. ``special``: of a kind that only a list whose purpose needs it may hold."""

    title: str
    width: float
    words: str | None = None
    percent: bool = False
    special: bool = False


class ListSpec(_Strict):
    """One list. ``due``: the column by whose day its rows stand; ``blanks``: columns to be filled in by hand.

    ``basis``: who asks for it, where its rows don't name their clause.
    """

    title: str
    what: str
    may_have: str
    handling: str
    columns: tuple[str, ...]
    blanks: tuple[str, ...] = ()
    due: str | None = None
    first: str | None = None  # a column that is true of the rows that come before all others
    persons: bool = True
    moved_too: bool = False  # its query has ``is_ours``: rows of the home's own though the child lives elsewhere now
    basis: tuple[Basis, ...] = ()


def _text(name: str) -> str:
    return (resources.files("reporting.lists") / name).read_text(encoding="utf-8")


@cache
def columns() -> Mapping[str, Column]:
    """Every column that lists may have."""
    return _read("columns.yml", TypeAdapter(dict[str, Column]))


@cache
def load() -> Mapping[str, ListSpec]:
    """Every list by name. Raises :class:`ListError` that names file and key."""
    folder = resources.files("reporting.lists")
    files = sorted(each.name for each in folder.iterdir() if each.name.endswith(".yml") and each.name != "columns.yml")
    found = {name.removesuffix(".yml"): _read(name, TypeAdapter(ListSpec)) for name in files}
    check(found)
    return found


def check(lists: Mapping[str, ListSpec]) -> None:
    """Raise :class:`ListError` where a list or a column names what isn't there."""
    for name, of in lists.items():
        if unknown := {*of.columns, *filter(None, [of.due, of.first])} - columns().keys():
            raise ListError(f"reporting/lists/{name}.yml: columns that columns.yml doesn't have: {sorted(unknown)}")
    lacking = {of.words for of in columns().values() if of.words} - {*words.kinds(), *words.PLACES}
    if lacking:
        raise ListError(f"reporting/lists/columns.yml: words that words.yml doesn't have: {sorted(lacking)}")


def get(name: str) -> ListSpec:
    """Return one list; the error names those there are."""
    if name not in load():
        raise ListError(f"{name}: 没有这种名单。 no such list. There are: {', '.join(load())}.")
    return load()[name]


def sql(name: str) -> str:
    """The query of a list, of ``person`` or ``reached``, with the lookups that it names."""
    return build.with_lookups(_text(f"{name}.sql"))


def _read(name: str, shape: TypeAdapter[Shape]) -> Shape:
    try:
        return shape.validate_python(yaml.safe_load(_text(name)))
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise ListError(f"reporting/lists/{name}: {faults}") from None
