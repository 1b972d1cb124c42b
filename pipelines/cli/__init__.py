"""The command ``childindex``: what Dagster runs on a schedule, by hand, and what operators and analysts ask for."""

import atexit
import gc
import sys
from importlib import import_module
from typing import Any

import click

from pipelines.failure import describe, is_ours

EXIT_WRONG_USE = 2
EXIT_STOPPED_AT_GATE = 3
EXIT_DELIVERY_REFUSED = 4
EXIT_INTERNAL = 70  # sysexits: an error that is ours to mend

# command -> module that holds it; imported only when it is called, since Dagster alone takes a second
_COMMANDS = {
    "init": "site",
    "doctor": "doctor",
    "feed": "feed",
    "sample": "sample",
    "run": "run",
    "watch": "watch",
    "status": "status",
    "accept": "acts",
    "close": "acts",
    "reopen": "acts",
    "rollback": "acts",
    "quarantine": "quarantine",
    "returns": "returns",
    "form": "form",
    "packet": "packet",
    "export": "read",
    "sql": "read",
    "explain": "explain",
    "policy": "policy",
    "care": "care",
    "list": "list",
    "file": "file",
    "national": "national",
    "report": "report",
    "calendar": "calendar",
    "review": "review",
    "evaluate": "evaluate",
    "users": "users",
    "audit": "audit",
}

_NAMED = {"list": "list_"}  # a command whose name Python keeps for itself


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        found: click.Command = getattr(
            import_module(f"pipelines.cli.{_COMMANDS[cmd_name]}"), _NAMED.get(cmd_name, cmd_name)
        )
        return found


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="child-index", prog_name="childindex")
def commands() -> None:
    """流动儿童主索引：半年一次的监测摸排。 The master child index and its half-yearly monitoring runs.

    Start with `childindex init`, or try an invented county: `childindex sample --help`.
    """


def main() -> None:
    """Run the command; an error ends in one message that says what to do, never in a traceback."""
    gc.set_threshold(200_000, 20, 100)  # a run's libraries make a million objects that live until its end
    atexit.register(gc.freeze)  # and looking through them once more at the end takes seconds
    try:
        code: Any = commands.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("已中断。Interrupted; the last release is untouched. Run the same command again.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except Exception as error:
        sys.exit(_explain(error))
    sys.exit(code if isinstance(code, int) else 0)


def _explain(error: Exception) -> int:
    if is_ours(error):
        click.echo(f"错误 Error: {describe(error)}", err=True)
        return EXIT_WRONG_USE
    click.echo(
        f"程序内部错误 Internal error: {describe(error)}. Nothing was published. "
        "Run `childindex doctor`; if it finds nothing, report this line and what you ran.",
        err=True,
    )
    return EXIT_INTERNAL
