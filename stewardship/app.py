"""The app: every page behind its door, static files, and what every answer carries so that browsers stay strict."""

from __future__ import annotations

import gc
import hashlib
import sys
from collections.abc import Callable
from importlib import resources

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stewardship import doors
from stewardship.access import hashed
from stewardship.facts_shown import Seal
from stewardship.pages import (
    account,
    audit,
    away,
    bulk,
    case,
    changes,
    child,
    children,
    entrusted,
    feeds,
    field_visits,
    grants,
    ledger,
    links,
    parts,
    quality,
    quarantine,
    queue,
    second,
    session,
    settings,
    supervise,
)
from stewardship.shelf import Shelf
from stewardship.visit import Bands, Site, Visit
from warehouse import keys
from warehouse.releases import NothingPublished, ReleaseTooOld
from warehouse.store import Warehouse
from warehouse.stores.verdicts import KeyReused

_PAGES = (
    *(session, queue, quality, links, case, second, bulk, children, child, parts, entrusted, ledger, field_visits),
    *(changes, supervise, away, grants, feeds, quarantine, audit, settings, account),
)
_THREADS_TURN = 0.0005  # seconds; Python's own 5 ms would be waited for after each of the many statements of a verdict
_GARBAGE_AFTER = (10_000, 10, 10)  # objects; the command's own 200,000 are looked through in a fifth of a second
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


def make(
    house: Warehouse, jurisdiction: str, bands: Bands, notice: Callable[[str], None], *, is_https: bool = False
) -> Starlette:
    """Make the app over one home. ``notice`` is told of a key that had to be made."""
    key = keys.access_key(house.home, notice)
    seal = Seal(hashed.derived(key, "facts shown", ""))
    site = Site(
        shelf=Shelf(house, jurisdiction, seal),
        stores=house.stores,
        key=key,
        seal=seal,
        bands=bands,
        jurisdiction=jurisdiction,
        version=_version(),
        is_https=is_https,
    )
    served = [doors.route(site, door) for page in _PAGES for door in page.doors()]
    static = Mount("/static", StaticFiles(packages=[("stewardship", "static")]), name="static")

    def missing(request: Request, _: Exception) -> Response:
        return doors.not_found(Visit(site, request, None, {}))

    def unpublished(request: Request, _: Exception) -> Response:
        return Visit(site, request, None, {}).message("page.title", "page.nothing_published", 503)

    def too_old(request: Request, _: Exception) -> Response:
        return Visit(site, request, None, {}).message("page.title", "page.too_old", 503)

    def sent_before(request: Request, _: Exception) -> Response:
        return Visit(site, request, None, {}).message("page.title", "page.sent_before", 409)

    made = Starlette(
        routes=[*served, static],
        middleware=[Middleware(StrictHeaders)],
        exception_handlers={
            404: missing,
            405: _not_so,
            NothingPublished: unpublished,
            ReleaseTooOld: too_old,
            KeyReused: sent_before,
        },
    )
    made.state.site = site
    return made


def serve(made: Starlette, host: str, port: int) -> None:
    """Answer browsers until stopped. No access log: an address would say which child somebody looked at."""
    sys.setswitchinterval(_THREADS_TURN)
    gc.set_threshold(*_GARBAGE_AFTER)
    uvicorn.run(made, host=host, port=port, log_level="warning", access_log=False, server_header=False)


class StrictHeaders:
    """Says to browsers that nothing comes from elsewhere, and that pages about people aren't kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to every answer."""
        is_static = scope["type"] == "http" and scope["path"].startswith("/static/")
        more = _HEADERS | {"cache-control": "public, max-age=31536000, immutable" if is_static else "no-store"}

        async def send_strict(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = [(name.encode(), value.encode()) for name, value in more.items()]
                message["headers"] = [*message["headers"], *given]
            await send(message)

        await self._app(scope, receive, send_strict)


def _not_so(request: Request, _: Exception) -> Response:
    """A form's own address, opened anew: the page that the form stands on is above it."""
    if request.method == "GET":
        return RedirectResponse(request.url.path.rpartition("/")[0] or "/", 303)
    return PlainTextResponse("", 405)


def _version() -> str:
    """Changes with the static files, which browsers keep for a year."""
    digest = hashlib.sha256()
    with resources.as_file(resources.files("stewardship") / "static") as folder:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
