"""A visitor's own account: password, one-time codes, and the sessions that run."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import Response

from policy import divisions
from stewardship.access import limits, login, passwords, second_factor
from stewardship.access.login import LoggedIn, LoginRefused
from stewardship.access.passwords import PasswordRefused
from stewardship.access.second_factor import HandedOut
from stewardship.doors import Door, not_found
from stewardship.visit import Visit
from warehouse import clock
from warehouse.stores import accounts, roles, sessions
from warehouse.stores.engine import now


def doors() -> list[Door]:
    """The routes of this module."""
    return [
        Door("own_account", "/account", show),
        Door("own_password", "/account/password", ask_password),
        Door("own_password", "/account/password", change_password, "POST"),
        Door("own_account", "/account/codes", renew_codes, "POST"),
        Door("own_account", "/account/sessions/end", end_others, "POST"),
    ]


def show(visit: Visit) -> Response:
    """Who one is here, and where one is logged in."""
    return _page(visit)


def ask_password(visit: Visit) -> Response:
    """The form for another password; all that is served while somebody else knows the present one."""
    return _ask(visit)


def change_password(visit: Visit) -> Response:
    """Take another password; the other sessions end."""
    who, site, given = _who(visit), visit.site, visit.form
    new, again = given.get("new", ""), given.get("again", "")
    try:
        login.confirm(site.stores, site.key, who, given.get("password", ""))
        password_hash = passwords.hashed(new, who.account.username)
    except LoginRefused:
        return _ask(visit, visit.words("account.wrong_password"), 401)
    except PasswordRefused as error:
        return _ask(visit, visit.words.own(str(error)), 422)
    if new != again:
        return _ask(visit, visit.words("account.not_alike"), 422)
    if new == given.get("password"):
        return _ask(visit, visit.words("account.same_password"), 422)
    accounts.set_password(site.stores, who.actor, who.account.username, password_hash)
    sessions.end_others(site.stores, who.session)
    sessions.changed_password(site.stores, who.session)
    return visit.redirect("/account", said="password")


def renew_codes(visit: Visit) -> Response:
    """Hand out a second factor anew, for who holds the present one. It is shown this once."""
    who, site = _who(visit), visit.site
    try:
        login.confirm(site.stores, site.key, who, visit.form.get("password", ""), visit.form.get("code", ""))
    except LoginRefused:
        return _page(visit, 401, visit.words("login.failed"))
    if not who.account.needs_second_factor:
        return not_found(visit)
    return _page(visit, handed_out=second_factor.hand_out(site.stores, who.actor, site.key, who.account.username))


def end_others(visit: Visit) -> Response:
    """End one's sessions elsewhere."""
    sessions.end_others(visit.site.stores, _who(visit).session)
    return visit.redirect("/account", said="ended")


def _page(visit: Visit, status: int = 200, error: str = "", handed_out: HandedOut | None = None) -> Response:
    who = _who(visit)
    since = now() - timedelta(hours=limits.load().session_hours)
    found = [each for each in sessions.running(visit.site.stores, who.account.username) if each.begun_at >= since]
    chinese = visit.words.language == "zh"
    return visit.page(
        "account",
        status,
        account=who.account,
        counties=[divisions.load().name(code, clock.today()) for code in who.account.counties],
        roles=[roles.load()[name].title if chinese else name for name in who.account.roles],
        sessions=[
            {
                "begun_at": clock.local(each.begun_at),
                "seen_at": clock.local(each.seen_at),
                "is_locked": each.is_locked,
                "is_this": each.token_hash == who.session.token_hash,
            }
            for each in found
        ],
        error=error,
        handed_out=handed_out,
    )


def _ask(visit: Visit, error: str = "", status: int = 200) -> Response:
    is_first, least = _who(visit).session.must_change, limits.load().password_characters
    return visit.page("password", status, error=error, is_first=is_first, least=least)


def _who(visit: Visit) -> LoggedIn:
    if visit.who is None:
        raise RuntimeError("One's own account is served to nobody without a session; correct its row in routes.yml.")
    return visit.who
