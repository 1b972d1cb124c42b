"""A visitor's own keys, and the handbook."""

from __future__ import annotations

from starlette.responses import Response

from stewardship import keys
from stewardship.doors import Door
from stewardship.keys import KeysRefused
from stewardship.visit import Visit

_YEAR = 365 * 24 * 3600


def doors() -> list[Door]:
    """The routes of this module."""
    return [
        Door("keys", "/keys", show),
        Door("keys", "/keys", change, "POST"),
        Door("handbook", "/handbook", handbook),
    ]


def show(visit: Visit) -> Response:
    """The keys as they are."""
    return visit.page("keys", wanted=visit.keys, wrong=())


def change(visit: Visit) -> Response:
    """Take other keys, unless two acts would share one."""
    wanted = {act: visit.form.get(act, "") for act in keys.DEFAULT}
    if visit.form.get("reset"):
        wanted = dict(keys.DEFAULT)
    try:
        checked = keys.checked(wanted)
    except KeysRefused as refused:
        return visit.page("keys", 422, wanted=wanted, wrong=refused.acts)
    response = visit.redirect("/keys", said="keys")
    response.set_cookie(keys.COOKIE, keys.to_cookie(checked), max_age=_YEAR, httponly=True, samesite="strict", path="/")
    return response


def handbook(visit: Visit) -> Response:
    """How to work with the app."""
    return visit.page(f"handbook.{visit.words.language}")
