"""Options that several commands share, each with one meaning everywhere."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, TypeVar

import click

from policy.period import Period

Command = TypeVar("Command", bound=Callable[..., Any])


class PeriodType(click.ParamType[Period]):
    """A half-year, like 2026H1."""

    name = "period"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        """Read the key as people type it."""
        if isinstance(value, Period):
            return value
        try:
            return Period.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def home(command: Command) -> Command:
    """``--home``: the folder that holds all state."""
    return click.option(
        "--home",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("var"),
        show_default=True,
        help="全部数据所在目录 The folder that holds all state.",
    )(command)


def period(command: Command) -> Command:
    """``--period``: which half-year."""
    return click.option(
        "--period", type=PeriodType(), required=True, help="期别，如 2026H1 The half-year, like 2026H1."
    )(command)


def reason(command: Command) -> Command:
    """``--reason``: why, in words; kept with the user's name and shown to whoever asks later."""
    return click.option("--reason", required=True, callback=_said, help="理由，将永久保留 Why; kept for ever.")(command)


def _said(ctx: click.Context, param: click.Parameter, value: str) -> str:
    if not value.strip():
        raise click.BadParameter("say why, in words: it is what the next person reads", ctx, param)
    return value.strip()


def existing_home(home: Path) -> Path:
    """Refuse a folder in which nothing was ever run, rather than make an empty one by a mistyped path."""
    if not (home / "site.yaml").exists() and not (home / "stores").exists():
        raise click.UsageError(
            f"{home} 中没有数据。 Nothing has been run in {home}. Give --home the folder that `childindex init` or "
            "`childindex run` made."
        )
    return home


def table_key(named: str, known: Collection[tuple[str, str]]) -> tuple[str, str]:
    """Read ``education.enrolment``; an unknown table is wrong use, and the message names those there are."""
    feed, _, table = named.partition(".")
    if (feed, table) not in known:
        names = ", ".join(".".join(key) for key in known)
        raise click.BadParameter(f"没有这张表。 No such table; known: {names}.", param_hint="--table")
    return feed, table
