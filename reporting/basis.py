"""The words of a notice that ask for something, told where they bind; elsewhere as an example (参照)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple

from pydantic import BaseModel, ConfigDict

from policy.divisions import load as divisions

_NATION = "000000"


class Basis(BaseModel):
    """A clause and the place that it binds, with all below it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    jurisdiction: str
    document: str
    article: str
    words: str


def told(clauses: Sequence[Basis], place: str) -> list[str]:
    """The clauses that bind ``place``; where none does, all of them, each marked as an example."""
    above = (_NATION, place, *astuple(divisions().ancestors(place)))
    own = [each for each in clauses if each.jurisdiction in above]
    return [f"{'' if own else '参照：'}{each.document}{each.article}：“{each.words}”" for each in own or clauses]
