"""The review app in processes to be killed: ``python -m tests.stewardship.served HOME PORT``.

What the command loads is loaded once; for every line that comes in a forked process runs ``childindex review``, and
its number goes out. When it has ended, its number goes out once more.
"""

import os
import sys

import click
import pyarrow  # noqa: F401  loaded here so that no server has to, like the rest
import uvicorn.protocols.http.h11_impl
import uvicorn.protocols.http.httptools_impl  # noqa: F401

import pipelines.cli.review  # noqa: F401
from matching import model
from pipelines.cli import commands
from policy import divisions
from stewardship import app  # noqa: F401


def main(home: str, port: str) -> None:
    """Serve, once a line."""
    model.load()
    divisions.load()
    for _ in sys.stdin:
        server = os.fork()
        if not server:
            _serve(home, port)
        print(server, flush=True)
        os.waitpid(server, 0)
        print(server, flush=True)


def _serve(home: str, port: str) -> None:
    code = 1
    try:
        with open(os.devnull) as nothing, open(os.devnull, "w") as nowhere:  # noqa: PTH123
            os.dup2(nothing.fileno(), 0)
            os.dup2(nowhere.fileno(), 1)
        commands.main(["review", "--home", home, "--port", port], standalone_mode=False)
        code = 0
    except click.ClickException as error:
        error.show()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
