"""The catalogues of services together: whose holds where and when, what an item asks, who promises less."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from itertools import islice, product
from math import prod

from policy.conditions import Condition, Value
from policy.divisions import Divisions
from policy.divisions import load as load_divisions
from policy.rule_file import Clause, RuleError
from policy.service_file import (
    VERDICTS,
    Benefit,
    Item,
    Requirement,
    ServiceFile,
    Verdict,
    Vocabulary,
    conditions,
    parse_catalogue,
    parse_vocabulary,
)

_VOCABULARY = "vocabulary.yml"
_MOST_CASES = 200_000  # children described one by one in a comparison


@dataclass(frozen=True, slots=True)
class Offered:
    """An item as in force, with the catalogue that offers it."""

    file: ServiceFile
    item: Item

    @property
    def clause(self) -> str:
        """Key of its clause."""
        return self.file.clause_key(self.item)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Where a lower catalogue promises less than the one above, or where that can't be told.

    ``is_certain`` is false where a person has to compare.
    """

    item: str
    benefit: str | None
    what: str
    is_certain: bool


class Services:
    """All catalogues. Make it with :func:`load`, or from files of your own in a test."""

    def __init__(
        self, vocabulary: Vocabulary, catalogues: Sequence[ServiceFile], divisions: Divisions | None = None
    ) -> None:
        self.vocabulary = vocabulary
        self.files: Mapping[str, ServiceFile] = {file.catalogue.code: file for file in catalogues}
        if len(self.files) < len(catalogues):
            raise RuleError("policy/services: two catalogues of one jurisdiction; put them into one file")
        self._given_divisions = divisions
        self.clauses: dict[str, Clause] = {}
        for file in catalogues:
            for key, clause in file.all_clauses().items():
                if self.clauses.setdefault(key, clause) != clause:
                    raise RuleError(f"{file.catalogue.code}: clause {key} stands for two different quotations")

    @cached_property
    def divisions(self) -> Divisions:
        """Which county lies in which province."""
        return self._given_divisions or load_divisions()

    def catalogue_of(self, county: str, on: date) -> ServiceFile | None:
        """Return the catalogue that holds in a county on a date: its own or the nearest above, if there is one."""
        above = self.divisions.ancestors(county, on)
        for code in (county, above.prefecture, above.province):
            file = self.files.get(code or "")
            if file is not None and file.catalogue.in_force.holds(on):
                return file
        return None

    def above(self, file: ServiceFile, on: date) -> ServiceFile | None:
        """Return the nearest catalogue of a higher jurisdiction."""
        ancestors = self.divisions.ancestors(file.catalogue.code, on)
        higher = (self.files.get(code or "") for code in (ancestors.prefecture, ancestors.province))
        found = (each for each in higher if each is not None and each is not file and each.catalogue.in_force.holds(on))
        return next(found, None)

    def offered(self, file: ServiceFile, on: date) -> list[Offered]:
        """Items of a catalogue in force on a date, in its own order."""
        return [Offered(file, item) for item in file.items if file.in_force(item).holds(on)]

    def requirement(self, file: ServiceFile, name: str) -> Requirement:
        """Return one requirement, the catalogue's own or the vocabulary's."""
        return file.requirements.get(name) or self.vocabulary.requirements[name]

    @cache  # noqa: B019  # as long-lived as the process
    def asked(self, code: str, name: str) -> tuple[tuple[Verdict, Condition], ...]:
        """Read what a requirement asks in a catalogue, in order."""
        file = self.files[code]
        through = file.catalogue.age_bounds.upper == "through_the_year"
        where = f"{code}: requirements.{name}"
        return tuple(conditions(self.requirement(file, name), self.vocabulary.domains, through, where))

    def verdict(self, file: ServiceFile, name: str, facts: Mapping[str, Value]) -> Verdict:
        """Answer one requirement for a child described by facts."""
        for verdict, condition in self.asked(file.catalogue.code, name):
            if condition.ask(facts):
                return verdict
        return self.requirement(file, name).otherwise

    def benefit_verdict(self, offered: Offered, benefit: Benefit, facts: Mapping[str, Value]) -> Verdict:
        """Answer for one benefit: the worst of its item's and its own requirements."""
        needs = (*offered.item.needs, *benefit.needs)
        return min((self.verdict(offered.file, name, facts) for name in needs), key=VERDICTS.index)

    def item_verdict(self, offered: Offered, facts: Mapping[str, Value]) -> Verdict:
        """Answer for an item: the best of its benefits."""
        found = (self.benefit_verdict(offered, benefit, facts) for benefit in offered.item.benefits.values())
        return max(found, key=VERDICTS.index)

    def shortfalls(self, lower: ServiceFile, higher: ServiceFile, on: date) -> list[Shortfall]:
        """Say where ``lower`` is below ``higher`` (不得低于): missing items and benefits, narrower conditions.

        Conditions are compared by asking both for every child that the facts they name can describe.
        """
        own = {each.item.item: each for each in self.offered(lower, on)}
        found: list[Shortfall] = []
        for required in self.offered(higher, on):
            offered = own.get(required.item.item)
            if offered is None:
                found.append(Shortfall(required.item.item, None, f"missing: {required.item.title}", True))
            else:
                found += self._less(offered, required)
        return found

    def _less(self, offered: Offered, required: Offered) -> Iterator[Shortfall]:
        code = required.item.item
        for name, benefit in required.item.benefits.items():
            held = offered.item.benefits.get(name)
            if held is None:
                yield Shortfall(code, name, f"no benefit of this name; the region's: {benefit.words}", False)
                continue
            place, asked = held.claim_at or offered.item.claim_at, benefit.claim_at or required.item.claim_at
            if place == "hukou" and asked != "hukou":
                yield Shortfall(code, name, f"claimed at the hukou place only, not at {asked}", True)
            yield from self._narrower(offered, held, required, benefit, name)
            if held.words != benefit.words:
                yield Shortfall(code, name, f"worded otherwise: {held.words} / {benefit.words}", False)

    def _narrower(
        self, offered: Offered, held: Benefit, required: Offered, benefit: Benefit, name: str
    ) -> Iterator[Shortfall]:
        facts = sorted(self._facts(offered, held) | self._facts(required, benefit))
        values = [(*self.vocabulary.facts[fact].domain, None) for fact in facts]
        cases = prod(map(len, values))
        worst: dict[str, Value] | None = None
        for answers in islice(product(*values), _MOST_CASES):
            child = dict(zip(facts, answers, strict=True))
            less = VERDICTS.index(self.benefit_verdict(offered, held, child))
            if less < VERDICTS.index(self.benefit_verdict(required, benefit, child)):
                worst = child
                break
        if worst is not None:
            told = ", ".join(f"{fact}={'unknown' if value is None else value}" for fact, value in worst.items())
            yield Shortfall(
                required.item.item,
                name,
                f"narrower: {self.benefit_verdict(offered, held, worst)} where the region's says "
                f"{self.benefit_verdict(required, benefit, worst)}, for a child with {told}",
                True,
            )
        elif cases > _MOST_CASES:
            what = f"{cases:,} kinds of children: only {_MOST_CASES:,} were compared, none was worse off"
            yield Shortfall(required.item.item, name, what, False)

    def _facts(self, offered: Offered, benefit: Benefit) -> set[str]:
        needs = (*offered.item.needs, *benefit.needs)
        asked = (condition for name in needs for _, condition in self.asked(offered.file.catalogue.code, name))
        return {fact for condition in asked for fact in condition.facts}


@cache
def load() -> Services:
    """Read the committed catalogues once a process."""
    return with_files([])


def with_files(given: Sequence[tuple[str, str]]) -> Services:
    """Read the committed catalogues with others (text, where) in place of theirs or beside them."""
    folder = files("policy").joinpath("services")
    vocabulary = parse_vocabulary(
        folder.joinpath(_VOCABULARY).read_text(encoding="utf-8"), f"policy/services/{_VOCABULARY}"
    )
    committed = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".yml") and file.name != _VOCABULARY),
        key=lambda file: file.name,
    )
    texts = [(file.read_text(encoding="utf-8"), f"policy/services/{file.name}") for file in committed]
    read = [parse_catalogue(text, where, vocabulary) for text, where in [*texts, *given]]
    return Services(vocabulary, list({file.catalogue.code: file for file in read}.values()))
