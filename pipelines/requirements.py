"""Renders ``docs/requirements.md`` from ``policy/requirements.yml``: ``python -m pipelines.requirements``.

What answers a duty of the notices is looked up in the program itself, so the page can't say that there is what isn't.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Self

import click
from pydantic import BaseModel, ConfigDict, Field, model_validator

from connectors import specs as feed_specs
from pipelines.cli import commands
from policy.catalogues import load as load_services
from policy.rule_file import SECTIONS, read_yaml
from warehouse import exports
from warehouse import specs as table_specs

ROOT = Path(__file__).parent.parent
PLACE = ROOT / "docs/requirements.md"
BUILT, ENTERED, OUT, NOT_YET = "built", "entered by people", "out of scope", "not yet"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Requirement(_Strict):
    """A duty, and one of three answers: what shows it, where people enter it, or why the index doesn't do it."""

    id: str = Field(pattern=r"^R\d{3}$")
    title: str
    clauses: tuple[str, ...] = Field(min_length=1)
    gist: str
    shown: tuple[str, ...] = ()
    entered: tuple[str, ...] = ()
    out_of_scope: str | None = None
    lacks: str | None = None

    @model_validator(mode="after")
    def _has_one_answer(self) -> Self:
        if sum(map(bool, (self.shown, self.entered, self.out_of_scope))) != 1:
            raise ValueError("one of `shown`, `entered` and `out_of_scope`")
        return self

    @property
    def named(self) -> tuple[str, ...]:
        """What is named as an answer."""
        return (*self.shown, *self.entered)

    @property
    def missing(self) -> tuple[str, ...]:
        """What of it isn't there."""
        return tuple(where for where in self.named if not exists(where))

    @property
    def status(self) -> str:
        """Built only if everything that shows it is there."""
        if self.out_of_scope:
            return OUT
        if self.missing or self.lacks:
            return NOT_YET
        return ENTERED if self.entered else BUILT


class Requirements(_Strict):
    """All that the notices ask for."""

    notices: dict[str, str]
    requirements: tuple[Requirement, ...]
    services: dict[str, str]


@cache
def load() -> Requirements:
    """Read ``policy/requirements.yml``."""
    return Requirements.model_validate(read_yaml(files("policy").joinpath("requirements.yml").read_text("utf-8")))


def exists(where: str) -> bool:
    """Whether the program has what ``where`` names: a kind, then a name (``table care.entitlement.state``)."""
    kind, _, name = where.partition(" ")
    if kind not in _KINDS:
        raise ValueError(f"{where}: begins with none of {sorted(_KINDS)}")
    return _KINDS[kind](name)


def _is_table(name: str) -> bool:
    room, table, *column = name.split(".")
    spec = table_specs.load().get((room, table))
    return spec is not None and set(column) <= set(spec.columns)


def _is_feed_column(name: str) -> bool:
    table, _, column = name.partition(".")
    return any(f"{spec.feed}/{spec.table}" == table and column in spec.columns for spec in feed_specs.load().values())


def _is_command(name: str) -> bool:
    found: click.Command | None = commands
    for word in name.split():
        if not isinstance(found, click.Group):
            return False
        found = found.get_command(click.Context(found), word)
    return found is not None


def _is_parameter(name: str) -> bool:
    section, _, parameter = name.partition(".")
    return section in SECTIONS and parameter in SECTIONS[section].model_fields


def _is_service(name: str) -> bool:
    return any(item.item == name for file in load_services().files.values() for item in file.items)


def _is_file(name: str) -> bool:
    """``path``, or ``path: a word that it holds``."""
    path, _, word = name.partition(": ")
    file = ROOT / path
    return file.exists() and (not word or word in file.read_text(encoding="utf-8"))


_KINDS: Mapping[str, Callable[[str], bool]] = {
    "table": _is_table,
    "feed": _is_feed_column,
    "command": _is_command,
    "export": lambda name: name in exports.names(),
    "parameter": _is_parameter,
    "service": _is_service,
    "file": _is_file,
}


def render() -> str:
    """The whole page as Markdown."""
    held = load()
    counted = Counter(each.status for each in held.requirements)
    counts = ", ".join(f"{counted[status]} {status}" for status in (BUILT, ENTERED, OUT, NOT_YET))
    services = ["", "项目", "what it is", *_catalogues()]
    parts = [
        "# What the notices ask for, and what answers it",
        "Rendered by `make requirements` from `policy/requirements.yml`; edits here are lost.\n"
        "What is named as an answer is looked up in the program: where it isn't there, the row says *not yet*.",
        f"**{len(held.requirements)} duties**: {counts}. **{len(held.services)} services**, each a row of "
        "`care.entitlement` for every child whose catalogue has it.",
        "\n".join(f"- **{short}** {name}" for short, name in held.notices.items()),
        _table(["", "事项", "clauses", "what it asks", "status", "where"], [_duty(each) for each in held.requirements]),
        "## Services",
        "`childindex policy services --jurisdiction C` shows each item's benefits, conditions, bureau and place.\n"
        "Numbers are those of the lists; *body* means that the list hasn't it and the notice's text has.",
        _table(services, [_service(name, gist) for name, gist in held.services.items()]),
        "The national base list of 2024 (19 items) isn't at hand; a place without a catalogue above it has no rows.",
    ]
    return "\n\n".join(parts) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _duty(each: Requirement) -> list[str]:
    where = [each.out_of_scope] if each.out_of_scope else [f"`{name}`" for name in each.named if exists(name)]
    if each.status == NOT_YET:
        lacks = [f"`{name}`" for name in each.missing] + ([each.lacks] if each.lacks else [])
        where.append("lacking: " + "; ".join(lacks))
    return [each.id, each.title, "、".join(each.clauses), each.gist, each.status, "; ".join(where)]


def _catalogues() -> list[str]:
    return sorted(load_services().files, reverse=True)


def _service(name: str, gist: str) -> list[str]:
    offered = [
        next((item for item in load_services().files[code].items if item.item == name), None) for code in _catalogues()
    ]
    title = next(item.title for item in offered if item is not None)
    return [name, title, gist, *(f"{item.number or 'body'}, {item.claim_at}" if item else "" for item in offered)]


def main() -> None:
    """Write the page; with ``--check`` only say if it is current, by the exit code."""
    page = render()
    if "--check" in sys.argv[1:]:
        current = PLACE.exists() and PLACE.read_text(encoding="utf-8") == page
        sys.exit(0 if current else f"{PLACE.name} is out of date. Run: python -m pipelines.requirements")
    PLACE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
