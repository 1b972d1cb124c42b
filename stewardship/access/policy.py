"""What is served to whom: one table (``routes.yml``) and one function. What the table doesn't say is denied."""

from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, field_validator

from stewardship.access import scope
from stewardship.access.login import LoggedIn
from warehouse.stores import roles


class Answer(StrEnum):
    """What a request gets."""

    SERVE = "serve"
    LOG_IN = "log_in"  # no session: the login page
    UNLOCK = "unlock"  # a locked one: the page that asks for the password
    CHANGE_PASSWORD = "change_password"  # noqa: S105  (somebody else knows it: the page that asks for another)
    FORBIDDEN = "forbidden"  # 403: the page isn't for this role
    NOT_FOUND = "not_found"  # 404: no such page; or a thing of another county, which is as if it weren't there


class Route(BaseModel):
    """One row of the table; the file says what its words mean."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    to: Literal["everyone", "anyone"] | tuple[str, ...]
    of: Literal["nothing", "county", "list"]
    locked: bool = False
    unchanged: bool = False
    entrusted: bool = False

    @field_validator("to")
    @classmethod
    def _known(cls, to: str | tuple[str, ...]) -> str | tuple[str, ...]:
        if not isinstance(to, str) and not (to and set(to) <= set(roles.load())):
            raise ValueError(f"expected roles of {', '.join(roles.load())}")
        return to


@cache
def routes() -> dict[str, Route]:
    """The table, by the route's name."""
    text = (resources.files("stewardship.access") / "routes.yml").read_text(encoding="utf-8")
    return {name: Route.model_validate(row) for name, row in yaml.safe_load(text)["routes"].items()}


def is_for(who: LoggedIn | None, route: str) -> bool:
    """Whether somebody's roles are served a route, whatever is asked for."""
    row = routes().get(route)
    if who is None or row is None or (who.actor.is_entrusted and not row.entrusted):
        return False
    return row.to in ("everyone", "anyone") or bool(who.actor.roles & set(row.to))


def decide(
    who: LoggedIn | None, route: str, *, counties: Iterable[str | None] | None = None, jurisdiction: str = ""
) -> Answer:
    """Say what a request for a route gets.

    ``counties``: of what is asked for, where the route is of a county; without them, or where there is no such thing,
    nothing is found. ``jurisdiction``: the site's, see :func:`stewardship.access.scope.sees`.
    """
    row = routes().get(route)
    if row is None:
        return Answer.NOT_FOUND
    if row.to == "everyone":
        return Answer.SERVE
    if who is None:
        return Answer.LOG_IN
    if who.session.is_locked and not row.locked:
        return Answer.UNLOCK
    if who.session.must_change and not row.unchanged:
        return Answer.CHANGE_PASSWORD
    if not is_for(who, route):
        return Answer.FORBIDDEN
    if row.of == "county" and (counties is None or not scope.sees(who.actor, counties, jurisdiction)):
        return Answer.NOT_FOUND
    return Answer.SERVE
