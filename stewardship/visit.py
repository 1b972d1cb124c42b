"""One request: who came, what they sent, and the ways to answer it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from stewardship import keys
from stewardship.access import policy
from stewardship.access.login import LoggedIn
from stewardship.access.pace import Pace
from stewardship.facts_shown import Seal
from stewardship.revealed import Opened, Revealed
from stewardship.run_changes import RunChanges
from stewardship.shelf import Shelf
from stewardship.words import LANGUAGES, Language, Words
from warehouse.stores.actors import Actor

LANGUAGE_COOKIE = "language"
_PAGES = (
    ("queue", "/cases", "page.queue"),
    ("seconds", "/second", "page.second"),
    ("bulk", "/bulk", "page.bulk"),
    ("quality", "/quality", "page.quality"),
    ("search", "/search", "page.search"),
    ("ledger", "/ledger", "page.ledger"),
    ("visits", "/visits", "page.visits"),
    ("supervise", "/supervise", "page.supervise"),
    ("entrusted", "/entrusted", "entrusted.title"),
    ("changes", "/changes", "page.changes"),
    ("feeds", "/feeds", "page.feeds"),
    ("quarantine", "/quarantine", "page.quarantine"),
    ("audit", "/audit", "page.audit"),
    ("handbook", "/handbook", "page.handbook"),
    ("keys", "/keys", "page.keys"),
)


@dataclass(frozen=True, slots=True)
class Bands:
    """The scores between which the machine asks."""

    review_from: float
    link_from: float


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """A verdict that its steward may take back, on the page of its case: ``path``."""

    verdict: int
    path: str


@dataclass(frozen=True, slots=True)
class Site:
    """What every page of one running app shares. ``key`` is the home's access key; ``version`` marks static files."""

    shelf: Shelf
    stores: sa.Engine
    key: str
    seal: Seal
    bands: Bands
    jurisdiction: str
    version: str
    is_https: bool = False
    revealed: Revealed = field(default_factory=Revealed)
    opened: Opened = field(default_factory=Opened)
    pace: Pace = field(default_factory=Pace)
    run_changes: RunChanges = field(default_factory=RunChanges)
    last_answers: dict[str, list[LastAnswer]] = field(default_factory=dict)


@dataclass(frozen=True)
class Visit:
    """A request that the doors let in, with its form's fields."""

    site: Site
    request: Request
    who: LoggedIn | None
    form: Mapping[str, str]

    @property
    def actor(self) -> Actor:
        """Who acts. Doors let nobody without a session to a page that asks."""
        if self.who is None:
            raise RuntimeError(
                "This page is served without a session and asks who acts; correct its row in routes.yml."
            )
        return self.who.actor

    @cached_property
    def form_key(self) -> str:
        """The key of the form that was sent; a new one where it bears none that we made: that one repeats nothing."""
        given = self.form.get("key", "")
        return given if _FORM_KEY.fullmatch(given) else new_form_key()

    @cached_property
    def words(self) -> Words:
        """Texts in the visitor's language."""
        asked = self.request.cookies.get(LANGUAGE_COOKIE)
        language: Language = next((each for each in LANGUAGES if each == asked), "zh")
        return Words(language)

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """The key of each act, as the visitor has set them."""
        return keys.of_cookie(self.request.cookies.get(keys.COOKIE, ""))

    def page(self, template: str, status: int = 200, **content: Any) -> Response:
        """Render a page."""
        path = self.request.url.path
        here = path + (f"?{self.request.url.query}" if self.request.url.query else "")
        csrf = self.who.csrf_token if self.who else ""
        shared = {
            "t": self.words,
            "keys": self.keys,
            "key": lambda act: Markup("<kbd>{}</kbd>").format(self.keys[act]),
            "static": lambda name: f"/static/{name}?v={self.site.version}",
            "actor": self.who and self.who.actor,
            "display_name": self.who and self.who.account.display_name,
            "pages": self.served_pages(),
            "csrf_field": Markup('<input type="hidden" name="csrf" value="{}">').format(csrf),
            "no_enter": _NO_ENTER,
            "here": here if self.request.method == "GET" else "/cases",
            "said": self._said(),
        }
        text = _templates().get_template(f"{template}.html.j2").render(shared | content)
        return HTMLResponse(text, status)

    def message(self, heading: str, words: str, status: int) -> Response:
        """A page of one sentence."""
        return self.page("message", status, heading=self.words(heading), words=self.words(words))

    def redirect(self, path: str, **query: str) -> Response:
        """Go on to another page, after a form."""
        return RedirectResponse(f"{path}?{urlencode(query)}" if query else path, 303)

    def served_pages(self) -> list[Mapping[str, object]]:
        """The pages that this visitor's roles are served."""
        path = self.request.url.path
        return [
            {"href": href, "title": self.words(title), "here": path.startswith(href)}
            for route, href, title in _PAGES
            if policy.decide(self.who, route) is policy.Answer.SERVE
        ]

    def _said(self) -> Mapping[str, str] | None:
        """What the last form came to: its words are ours, whatever the address says."""
        said, _, answer = self.request.query_params.get("said", "").partition(".")
        if said in _SAID and answer in ("", *_ANSWERS):
            text = "second.undo_waits" if said == "waits" and not answer else _SAID[said]
            words = self.words(text, answer=self.words(f"answer.{answer}") if answer else "")
            return {"kind": "good" if said not in _BAD else "bad", "words": words}
        return None


_FORM_KEY = re.compile("[0-9a-f]{32}")
_NO_ENTER = Markup('<button class="unseen" disabled aria-hidden="true"></button>')
"""First in a form of several buttons: Enter in its reason would press the first, and none is what was meant."""


def new_form_key() -> str:
    """By which a form that is sent twice is known."""
    return secrets.token_hex(16)


_ANSWERS = ("SAME", "DIFFERENT", "UNSURE", "MIXED")
_SAID = {
    "saved": "case.saved",
    "waits": "case.saved_second",
    "undone": "case.undone",
    "busy": "queue.busy",
    "nothing": "case.nothing_to_undo",
    "noted": "case.note_saved",
    "flagged": "case.flag_saved",
    "confirmed": "second.confirmed",
    "rejected": "second.rejected",
    "keys": "keys.saved",
    "blind": "quality.saved",
    "accepted": "feeds.accepted",
    "handed": "supervise.handed",
    "assigned": "supervise.assigned",
    "away": "away.kept",
    "entrusted": "entrusted.kept",
    "asked": "grants.was_asked",
    "answered": "grants.was_answered",
    "password": "account.password_saved",
    "ended": "account.ended",
    "replay": "quarantine.kept",
    "taken": "quarantine.taken_back",
    "ledger": "ledger.saved",
    "visit": "field_visit.saved",
    "withdrawn": "field_visit.withdrawn",
    "unflagged": "supervise.unflagged",
}
_BAD = ("nothing", "busy")
_environment: list[Environment] = []


def _templates() -> Environment:
    """The templates, compiled once a process."""
    if not _environment:
        made = Environment(
            loader=PackageLoader("stewardship"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        _environment.append(made)
    return _environment[0]


Endpoint = Callable[[Visit], Response]
