"""One catalogue of services (服务清单), read strictly, and the vocabulary that all catalogues share.

A catalogue says for each item who gets what, from whom, where it is claimed, and by which words of the notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from policy.conditions import Condition, ConditionError, Domains, parse
from policy.rule_file import Clause, Code, InForce, RuleError, read_yaml

VERDICTS = ("no", "unknown", "needs_proof", "likely", "eligible")  # from worst to best
Verdict = Literal["no", "unknown", "needs_proof", "likely", "eligible"]
ClaimAt = Literal["residence", "hukou", "both", "emergency"]  # emergency: where it happened


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


_Read = TypeVar("_Read", bound=_Strict)


class Fact(_Strict):
    """What conditions may ask of a child: a column of care.service_fact, and every value that it takes."""

    title: str
    means: str
    kind: Literal["yes_no", "number", "word"]
    words: dict[str, str] = {}  # value: what it says
    from_: int = Field(alias="from", default=0, ge=0)
    to: int | None = None

    @model_validator(mode="after")
    def _has_values(self) -> Self:
        if (self.kind == "word") != bool(self.words):
            raise ValueError("`words` goes with `kind: word`, and only with it")
        if (self.kind == "number") != (self.to is not None):
            raise ValueError("`to` goes with `kind: number`, and only with it")
        return self

    @property
    def domain(self) -> tuple[str, ...]:
        """Every value as text."""
        if self.kind == "yes_no":
            return ("true", "false")
        return tuple(self.words) or tuple(map(str, range(self.from_, (self.to or 0) + 1)))


class Requirement(_Strict):
    """One condition of a service.

    Asked in this order, the first that is true answers: ``eligible``, ``excluded`` (which answers no), ``likely``,
    ``needs_proof``; else ``otherwise``.

    ``holds`` is short for eligible where it is true and excluded where it is false.
    """

    title: str
    holds: str | None = None
    eligible: str | None = None
    excluded: str | None = None
    likely: str | None = None
    needs_proof: str | None = None
    otherwise: Verdict = "unknown"
    proof: str | None = None  # what a family shows
    interpretation: str | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if self.holds is not None and (self.eligible is not None or self.excluded is not None):
            raise ValueError("`holds` says both `eligible` and `excluded`: leave them out")
        if not self.texts and self.otherwise == "unknown":
            raise ValueError("asks nothing: state `holds`, `eligible`, `excluded`, `likely` or `otherwise`")
        if "needs_proof" in (*self.texts, self.otherwise) and self.proof is None:
            raise ValueError("needs `proof`: what a family is asked to show")
        return self

    @property
    def texts(self) -> dict[Verdict, str]:
        """The conditions as written, in the order in which they are asked."""
        if self.holds is not None:
            stated: dict[Verdict, str | None] = {"eligible": self.holds, "no": f"not ({self.holds})"}
        else:
            stated = {"eligible": self.eligible, "no": self.excluded}
        stated |= {"likely": self.likely, "needs_proof": self.needs_proof}
        return {verdict: text for verdict, text in stated.items() if text is not None}


class Vocabulary(_Strict):
    """``policy/services/vocabulary.yml``: the facts, and how terms that several notices use are read."""

    facts: dict[str, Fact]
    requirements: dict[str, Requirement]

    @property
    def domains(self) -> Domains:
        """Every value of each fact."""
        return {name: fact.domain for name, fact in self.facts.items()}


class Benefit(_Strict):
    """One of the things that an item promises: the notice's own words, and what it asks beyond the item's needs."""

    words: str
    needs: tuple[str, ...] = ()
    claim_at: ClaimAt | None = None  # where it isn't the item's


class AgeBounds(_Strict):
    """How 0-6岁 is read."""

    upper: Literal["through_the_year", "to_the_birthday"]
    interpretation: str


class Item(_Strict):
    """One service of a catalogue, as from and until when it is offered."""

    item: str = Field(pattern=r"^[SL]\d{2}$")  # S: docs/requirements.md; L: in no list, from a body
    number: int | None = Field(ge=1, default=None)  # in the notice's own list
    title: str
    for_: str = Field(alias="for")
    article: str
    bureaus: tuple[str, ...] = Field(min_length=1)
    claim_at: ClaimAt
    needs: tuple[str, ...]
    benefits: dict[str, Benefit] = Field(min_length=1)
    also: tuple[str, ...] = ()  # other clauses that bear on it
    interpretation: str | None = None
    clause: str | None = None  # its key, where a version of an item needs one of its own
    in_force: InForce | None = None  # where it isn't the catalogue's

    @model_validator(mode="after")
    def _says_where(self) -> Self:
        places = {benefit.claim_at or self.claim_at for benefit in self.benefits.values()}
        if self.claim_at != "both" and places != {self.claim_at}:
            raise ValueError(f"claim_at is {self.claim_at}, but its benefits are claimed at {sorted(places)}: say both")
        if self.claim_at == "both" and "both" in places and self.interpretation is None:
            raise ValueError("claimed at both places without a benefit that says which: needs an `interpretation`")
        return self


class Catalogue(_Strict):
    """Whose list it is, and the notice that issues it."""

    code: Code
    name: str
    document: str
    clause: str  # an item's clause is this, a hyphen and its number, or its code where the list has no number
    in_force: InForce
    age_bounds: AgeBounds


class ServiceFile(_Strict):
    """One file below ``policy/services``."""

    catalogue: Catalogue
    clauses: dict[str, Clause] = {}
    requirements: dict[str, Requirement] = {}
    items: tuple[Item, ...]

    @model_validator(mode="after")
    def _one_version_a_day(self) -> Self:
        held: dict[str, list[Item]] = {}
        for item in self.items:
            for other in held.setdefault(item.item, []):
                if self.in_force(item).overlaps(self.in_force(other)):
                    raise ValueError(f"items: {item.item} stands twice on some day; let the older end before the newer")
            held[item.item].append(item)
        return self

    def in_force(self, item: Item) -> InForce:
        """First and last day of an item."""
        return item.in_force or self.catalogue.in_force

    def clause_key(self, item: Item) -> str:
        """Key of the item's own clause."""
        return item.clause or f"{self.catalogue.clause}-{item.number or item.item}"

    def all_clauses(self) -> dict[str, Clause]:
        """The file's quotations, and each item's own: of a list its whole line, of a notice's body what it promises."""
        return self.clauses | {self.clause_key(item): self._quoted(item) for item in self.items}

    def _quoted(self, item: Item) -> Clause:
        line = f"{item.for_}　{item.title}：" if item.number else ""
        promised = "；".join(benefit.words for benefit in item.benefits.values())
        return Clause(document=self.catalogue.document, article=item.article, words=line + promised)


def parse_vocabulary(text: str, where: str) -> Vocabulary:
    """Read the vocabulary; every condition in it must be sound."""
    vocabulary = _validated(Vocabulary, text, where)
    for name, requirement in vocabulary.requirements.items():
        conditions(requirement, vocabulary.domains, True, f"{where}: requirements.{name}")
    return vocabulary


def parse_catalogue(text: str, where: str, vocabulary: Vocabulary) -> ServiceFile:
    """Read one catalogue's text against the vocabulary; ``where`` is what an error calls it."""
    file = _validated(ServiceFile, text, where)
    if redefined := sorted(set(file.requirements) & set(vocabulary.requirements)):
        raise RuleError(f"{where}: requirements: {redefined} are the vocabulary's; give them names of their own")
    known = vocabulary.requirements | file.requirements
    through = file.catalogue.age_bounds.upper == "through_the_year"
    for name, requirement in file.requirements.items():
        conditions(requirement, vocabulary.domains, through, f"{where}: requirements.{name}")
    for at, item in enumerate(file.items):
        stated = {f"benefits.{name}.needs": benefit.needs for name, benefit in item.benefits.items()}
        for key, needs in (stated | {"needs": item.needs}).items():
            if missing := sorted(set(needs) - set(known)):
                raise RuleError(f"{where}: items.{at}.{key}: {missing} are no requirements; there are {sorted(known)}")
        if missing := sorted(set(item.also) - set(file.clauses)):
            raise RuleError(f"{where}: items.{at}.also: no clause {missing}; there are {sorted(file.clauses)}")
    return file


def conditions(
    requirement: Requirement, domains: Domains, through_the_year: bool, where: str
) -> list[tuple[Verdict, Condition]]:
    """What a requirement asks, in order."""
    found: list[tuple[Verdict, Condition]] = []
    for verdict, text in requirement.texts.items():
        try:
            found.append((verdict, parse(text, domains, through_the_year)))
        except ConditionError as error:
            key = _key(requirement, verdict)
            raise RuleError(f"{where}.{key}: {error}") from error
    return found


def _key(requirement: Requirement, verdict: Verdict) -> str:
    if requirement.holds is not None and verdict in ("eligible", "no"):
        return "holds"
    return "excluded" if verdict == "no" else verdict


def is_catalogue(text: str) -> bool:
    """Whether a file means to be a catalogue rather than a jurisdiction's rules."""
    try:
        held = yaml.safe_load(text)
    except yaml.YAMLError:
        return False
    return isinstance(held, Mapping) and "catalogue" in held


def _validated(kind: type[_Read], text: str, where: str) -> _Read:
    try:
        held = read_yaml(text)
    except yaml.YAMLError as error:
        raise RuleError(f"{where}: not readable as YAML: {error}") from error
    try:
        return kind.model_validate(held)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise RuleError(f"{where}: {faults}") from error
