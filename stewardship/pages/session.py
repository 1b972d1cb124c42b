"""Logging in and out, unlocking, the language."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.responses import Response

from stewardship.access import login
from stewardship.access.login import LoggedIn, LoginRefused
from stewardship.doors import Door, token_cookie
from stewardship.visit import LANGUAGE_COOKIE, Site, Visit
from stewardship.words import LANGUAGES

_YEAR = 365 * 24 * 3600
START = "/"


def doors() -> list[Door]:
    """The routes of this module."""
    return [
        Door("login", "/login", ask),
        Door("login", "/login", log_in, "POST"),
        Door("unlock", "/unlock", ask_again),
        Door("unlock", "/unlock", unlock, "POST"),
        Door("logout", "/logout", log_out, "POST"),
        Door("language", "/language", change_language, "POST"),
    ]


def ask(visit: Visit) -> Response:
    """The login page."""
    return visit.page("login", failed=False, back=_own(visit.request.query_params.get("back", "")))


def log_in(visit: Visit) -> Response:
    """Begin a session, or ask again; one that this browser had before ends."""
    back = _own(visit.form.get("back", ""))
    given = (visit.form.get(name, "") for name in ("username", "password", "code"))
    try:
        who = login.log_in(visit.site.stores, visit.site.key, *given)
    except LoginRefused:
        return visit.page("login", 401, failed=True, back=back)
    if visit.who is not None:
        login.log_out(visit.site.stores, visit.who)
    return _with_token(visit.site, visit.redirect(back), who)


def ask_again(visit: Visit) -> Response:
    """The page of a session that was idle for too long."""
    return visit.page("unlock", failed=False, back=_own(visit.request.query_params.get("back", "")))


def unlock(visit: Visit) -> Response:
    """Go on with a locked session."""
    assert visit.who is not None
    back = _own(visit.form.get("back", ""))
    try:
        login.unlock(visit.site.stores, visit.site.key, visit.who, visit.form.get("password", ""))
    except LoginRefused:
        return visit.page("unlock", 401, failed=True, back=back)
    return visit.redirect(back)


def log_out(visit: Visit) -> Response:
    """End the session."""
    if visit.who is not None:
        login.log_out(visit.site.stores, visit.who)
    response = visit.redirect("/login")
    response.delete_cookie(token_cookie(visit.site), path="/", secure=visit.site.is_https)
    return response


def change_language(visit: Visit) -> Response:
    """Show the pages in the other language."""
    other = next(each for each in LANGUAGES if each != visit.words.language)
    response = visit.redirect(_own(visit.form.get("back", "")))
    response.set_cookie(LANGUAGE_COOKIE, other, max_age=_YEAR, httponly=True, samesite="strict", path="/")
    return response


def _with_token(site: Site, response: Response, who: LoggedIn) -> Response:
    response.set_cookie(token_cookie(site), who.token, httponly=True, samesite="strict", secure=site.is_https, path="/")
    return response


def _own(path: str) -> str:
    """A path of this app, or the start: what a link says is no reason to leave."""
    parts = urlsplit(path)
    is_own = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return path if is_own else START
