"""Stewards and entries for tests of verdicts."""

import itertools

from warehouse.stores import verdicts
from warehouse.stores.actors import Actor
from warehouse.stores.consistency import Judged
from warehouse.stores.engine import now

LI, WANG = (Actor(name, frozenset({"steward"}), ("429006",)) for name in ("li", "wang"))
CHEN = Actor("chen", frozenset({"approver"}), ("429006",))
_MARKS = {"=": "SAME", "!": "DIFFERENT", "?": "UNSURE"}
_form = itertools.count(1)


def entry(name):
    return ("education", "enrolment", name)


EVERYBODY = [entry(letter) for letter in "ABCDEXYZ"]


def judged(text):
    """Read ``A=B`` (one child), ``A!B`` (two), ``A?B``."""
    left, mark, right = text
    return Judged(entry(left), entry(right), _MARKS[mark])


def case(number=7, fingerprint="f", last_act=0, begun_at=None):
    return verdicts.Case("2026H1", number, fingerprint, last_act, begun_at)


def asked_anew(number=7):
    """A case of a run that began after all that was answered so far."""
    return case(number, begun_at=now())


def form():
    """The key of a form that wasn't sent before."""
    return f"form {next(_form)}"


def give(stores, by, answers, about=None, **more):
    """Answer a case by ``"A=B B=C"``."""
    return verdicts.give(
        stores,
        by,
        about or case(),
        [judged(each) for each in answers.split()],
        **{"key": form(), "model_version": "1", "looked_at": EVERYBODY, **more},
    )


def holding(stores):
    """What the next run is told, as ``{"A=B"}``."""
    from warehouse.stores import decisions

    marks = {word: mark for mark, word in _MARKS.items()}
    return {
        f"{row['left_key']}{marks[row['judgement']]}{row['right_key']}"
        for row in decisions.read_holding(stores).to_pylist()
    }
