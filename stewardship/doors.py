"""The way in to every page: who it is, whether the form is ours, whether the page is theirs."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from stewardship.access import hashed, limits, login, policy
from stewardship.access.policy import Answer
from stewardship.visit import Endpoint, Site, Visit
from warehouse.releases import NothingPublished, ReleaseTooOld
from warehouse.stores import audit, free_text
from warehouse.stores.verdicts import KeyReused

LONGEST_FORM = 64 * 1024
SAID_ELSEWHERE = (NothingPublished, ReleaseTooOld, KeyReused)
"""Errors that the app has pages of its own for."""
_log = logging.getLogger(__name__)
_PERIOD = re.compile(r"\d{4}H[12]", re.ASCII)


class _Number(Convertor[int]):
    """A number in an address, such as a case's: short enough for a store's whole number."""

    regex = "[0-9]{1,18}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("number", _Number())

Counties = Callable[[Visit], Collection[str] | None]
"""The counties of what a request asks for; None where there is no such thing."""


@dataclass(frozen=True, slots=True)
class Door:
    """One route: its name in ``access/routes.yml``, what it answers, of which counties a thing is, how long a form."""

    name: str
    path: str
    endpoint: Endpoint
    method: str = "GET"
    counties: Counties | None = None
    longest: int = LONGEST_FORM


def route(site: Site, door: Door) -> Route:
    """Make the route that Starlette serves."""
    return Route(door.path, _served(site, door), methods=[door.method], name=f"{door.name}:{door.method}:{door.path}")


def token_cookie(site: Site) -> str:
    """The cookie's name; over HTTPS one that browsers take from no other host and no plain connection."""
    return "__Host-session" if site.is_https else "session"


def _served(site: Site, door: Door) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        form: dict[str, str] = {}
        if request.method == "POST":
            try:
                body = await _body(request, door.longest)
            except ClientDisconnect:  # the browser went away while it sent: nothing was asked
                return Response("", 400)
            if body is None:
                return Response("", 413)
            sent = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
            form = {name: value.replace("\0", "") for name, value in sent}  # PostgreSQL's texts hold no NUL
        try:
            return await run_in_threadpool(_answer, site, door, request, form)
        except SAID_ELSEWHERE:
            raise
        except Exception as error:  # its words may hold what somebody typed, or what a department delivered
            _log.error("%s %s: %s at %s", door.method, door.path, type(error).__name__, _place(error))
            return Visit(site, request, None, {}).message("page.failed", "page.failed_why", 500)

    return serve


def _place(error: Exception) -> str:
    """Where in this package an error arose."""
    package = Path(__file__).parent
    frames = reversed(traceback.extract_tb(error.__traceback__))
    own = ((Path(frame.filename), frame.lineno) for frame in frames if Path(frame.filename).is_relative_to(package))
    return next((f"{file.relative_to(package)}:{line}" for file, line in own), "?")


async def _body(request: Request, longest: int) -> bytes | None:
    """What was sent, None where it is more than a form of ours can be."""
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > longest:
            return None
    return bytes(found)


def _answer(site: Site, door: Door, request: Request, form: dict[str, str]) -> Response:
    who = login.current(site.stores, request.cookies.get(token_cookie(site)))
    visit = Visit(site, request, who, form)
    if request.method == "POST" and not _is_ours(visit):
        return visit.message("page.forbidden", "page.not_found_why", 403)
    counties = door.counties(visit) if door.counties and policy.is_for(who, door.name) else None
    answer = policy.decide(who, door.name, counties=counties, jurisdiction=site.jurisdiction)
    if answer is Answer.SERVE:
        return _shown_people(visit, door) if _shows_people(door) else door.endpoint(visit)
    if answer is Answer.LOG_IN:
        return RedirectResponse(f"/login?back={quote(_page_of(request))}", 303)
    if answer is Answer.UNLOCK:
        return RedirectResponse(f"/unlock?back={quote(_page_of(request))}", 303)
    if answer is Answer.CHANGE_PASSWORD:
        return RedirectResponse("/account/password", 303)
    actor = who.actor.username if who else "-"
    audit.note(site.stores, actor, f"{answer} {door.name}", _subject(visit))
    if answer is Answer.FORBIDDEN:
        return visit.message("page.forbidden", "page.not_found_why", 403)
    return not_found(visit)


def _shows_people(door: Door) -> bool:
    """Whether a page names children: those that are read, what is searched for, and what is revealed."""
    return policy.routes()[door.name].of != "nothing" and (door.method == "GET" or door.name in ("search", "reveal"))


def _shown_people(visit: Visit, door: Door) -> Response:
    """A page about people, counted: whoever opens very many of them in an hour is told of, then stopped."""
    pace, bounds, username = visit.site.pace, limits.load(), visit.actor.username
    if pace.many(username) >= bounds.people_pages_an_hour:
        _alarm(visit, "stopped", bounds.people_pages_an_hour)
        return visit.message("page.too_many", "page.too_many_why", 429)
    response = door.endpoint(visit)
    if response.status_code == 200 and pace.add(username) >= bounds.people_pages_alarm:
        _alarm(visit, "many pages", bounds.people_pages_alarm)
    return response


def _alarm(visit: Visit, what: str, pages: int) -> None:
    username = visit.actor.username
    if visit.site.pace.is_news(username, what):
        audit.note(visit.site.stores, username, "alarm", detail={"what": what, "pages within the hour": pages})


def not_found(visit: Visit) -> Response:
    """What a missing thing gets, and one of another county."""
    return visit.message("page.not_found", "page.not_found_why", 404)


def _is_ours(visit: Visit) -> bool:
    """Whether a form comes from a page of ours: from this host, and with the session's token where there is one."""
    origin = visit.request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != visit.request.headers.get("host"):
        return False
    if visit.request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    return visit.who is None or visit.who.sent_by_us(visit.form.get("csrf", ""))


def _subject(visit: Visit) -> str | None:
    """What was asked for, as the audit names it: nothing of what somebody typed into the address as it stands."""
    asked = visit.request.path_params
    if "case_id" in asked and _PERIOD.fullmatch(asked["period"]):
        named = f"case {asked['period']}/{asked['case_id']}"
        return None if free_text.holds_number(named) else named
    children = [asked[name] for name in ("child_id", "one", "other") if name in asked]
    return " ".join(hashed.child(visit.site.key, child) for child in children) or None


def _page_of(request: Request) -> str:
    """The page that somebody is on: the one asked for, or that whose form was sent."""
    page = urlsplit(str(request.url) if request.method == "GET" else request.headers.get("referer", ""))
    return page.path + (f"?{page.query}" if page.query else "")
