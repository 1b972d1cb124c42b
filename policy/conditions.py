"""Conditions over described facts: written as in SQL, checked against the descriptions, answered in three values.

A fact takes one of a few described values, or isn't known. So a condition comes down to sets of values: any of some
groups of questions, all of one group. In that form it is asked here, and put into tables that SQL joins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

Domains = Mapping[str, tuple[str, ...]]  # fact -> every value that it can take, as text, in order
Value = str | None  # None: not known
Truth = bool | None  # None: can't be said

_NUMBER_SIGNS: Mapping[type[exp.Expr], Callable[[int, int], bool]] = {
    exp.EQ: lambda value, bound: value == bound,
    exp.NEQ: lambda value, bound: value != bound,
    exp.LT: lambda value, bound: value < bound,
    exp.LTE: lambda value, bound: value <= bound,
    exp.GT: lambda value, bound: value > bound,
    exp.GTE: lambda value, bound: value >= bound,
}
_TURNED: Mapping[type[exp.Expr], type[exp.Expr]] = {
    exp.LT: exp.GT, exp.LTE: exp.GTE, exp.GT: exp.LT, exp.GTE: exp.LTE, exp.EQ: exp.EQ, exp.NEQ: exp.NEQ,
}  # fmt: skip


class ConditionError(ValueError):
    """A condition can't be read: says what was found and what may stand there."""


@dataclass(frozen=True, slots=True)
class Question:
    """Whether one fact has one of these values; ``when_unknown`` is the answer where the fact isn't known."""

    fact: str
    values: tuple[str, ...]
    when_unknown: Truth = None

    def ask(self, value: Value) -> Truth:
        """Answer for one value."""
        return self.when_unknown if value is None else value in self.values


@dataclass(frozen=True)
class Condition:
    """True if every question of any group is answered yes; made by :func:`parse`."""

    text: str
    groups: tuple[tuple[Question, ...], ...]

    @cached_property
    def facts(self) -> frozenset[str]:
        """The facts it asks for."""
        return frozenset(question.fact for group in self.groups for question in group)

    def ask(self, facts: Mapping[str, Value]) -> Truth:
        """Answer as SQL does: unknown unless the known facts decide."""
        answers = [_all([question.ask(facts.get(question.fact)) for question in group]) for group in self.groups]
        return None if True not in answers and None in answers else True in answers


def parse(text: str, domains: Domains, through_the_year: bool = True) -> Condition:
    """Read a condition such as ``aged(3, 6) and school_stage in ('preschool') or not is_poor``.

    May hold: and, or, not, brackets, ``=`` ``<>`` ``<`` ``<=`` ``>`` ``>=``, ``between``, ``in``, ``is (not) null``,
    yes-or-no facts by their name, and ``aged(from, to)``: years of age as notices write them, where
    ``through_the_year`` says whether 6岁 lasts to the seventh birthday or ends with the sixth.
    """
    try:
        parsed = sqlglot.parse(text, dialect="duckdb")
    except SqlglotError as error:
        raise ConditionError(f"{text!r} is no condition: it breaks off or has a bracket too many") from error
    if len(parsed) != 1 or parsed[0] is None:
        raise ConditionError(f"{text!r}: expected one condition")
    try:
        return Condition(text, _Reader(domains, through_the_year).groups(parsed[0], True))
    except ConditionError as error:
        raise ConditionError(f"{text!r}: {error}") from None


_Groups = tuple[tuple[Question, ...], ...]


@dataclass(frozen=True, slots=True)
class _Reader:
    domains: Domains
    through_the_year: bool

    def groups(self, node: exp.Expr, wanted: bool) -> _Groups:
        """Groups of questions that hold where ``node`` is ``wanted``."""
        if isinstance(node, exp.Paren):
            return self.groups(node.this, wanted)
        if isinstance(node, exp.Not):
            return self.groups(node.this, not wanted)
        if isinstance(node, exp.And | exp.Or):
            left, right = self.groups(node.left, wanted), self.groups(node.right, wanted)
            if isinstance(node, exp.Or) is wanted:
                return _tidy({*left, *right})
            return _tidy({tuple(sorted({*one, *other}, key=_place)) for one in left for other in right})
        return ((self.question(node, wanted),),)

    def question(self, node: exp.Expr, wanted: bool) -> Question:
        """One comparison as a set of values."""
        fact, values, when_unknown = self.compared(node)
        if wanted:
            return Question(fact, values, when_unknown)
        others = tuple(value for value in self.domains[fact] if value not in values)
        return Question(fact, others, None if when_unknown is None else not when_unknown)

    def compared(self, node: exp.Expr) -> tuple[str, tuple[str, ...], Truth]:
        """(fact, the values of which the comparison is true, its answer for an unknown one)."""
        if isinstance(node, exp.Column):
            fact = self.fact(node)
            if set(self.domains[fact]) != {"true", "false"}:
                raise ConditionError(f"{fact} is no yes-or-no fact: compare it with one of {self.domains[fact]}")
            return fact, ("true",), None
        if isinstance(node, exp.Is):
            if not isinstance(node.expression, exp.Null):
                raise ConditionError(f"{node.sql()}: after `is` only `null` or `not null` may stand")
            return self.fact(node.this), (), True
        if isinstance(node, exp.In) and node.expressions:
            fact = self.fact(node.this)
            return fact, tuple(self.word(fact, each) for each in node.expressions), None
        if isinstance(node, exp.Between):
            fact = self.fact(node.this)
            return fact, self.from_to(fact, _number(node.args["low"]), _number(node.args["high"])), None
        if isinstance(node, exp.Anonymous) and node.name == "aged" and len(node.expressions) == 2:
            low, high = (_number(each) for each in node.expressions)
            return "age_years", self.from_to("age_years", low, high if self.through_the_year else high - 1), None
        if isinstance(node, exp.Binary) and type(node) in _NUMBER_SIGNS:
            return self.signed(node)
        raise ConditionError(f"{node.sql()}: not in the language of conditions")

    def signed(self, node: exp.Binary) -> tuple[str, tuple[str, ...], Truth]:
        sign: type[exp.Expr] = type(node)
        left, right = node.left, node.right
        if not isinstance(left, exp.Column):
            sign, left, right = _TURNED[sign], right, left
        fact = self.fact(left)
        if all(value.isdecimal() for value in self.domains[fact]):
            bound = _number(right)
            holds = _NUMBER_SIGNS[sign]
            return fact, tuple(value for value in self.domains[fact] if holds(int(value), bound)), None
        if sign not in (exp.EQ, exp.NEQ):
            raise ConditionError(f"{fact} has no order: use `=`, `<>` or `in`")
        word = self.word(fact, right)
        return fact, tuple(each for each in self.domains[fact] if (each == word) is (sign is exp.EQ)), None

    def fact(self, node: exp.Expr) -> str:
        name = node.name
        if not isinstance(node, exp.Column) or node.table or name not in self.domains:
            raise ConditionError(f"{node.sql()} is no fact; there are {sorted(self.domains)}")
        return name

    def word(self, fact: str, node: exp.Expr) -> str:
        value = str(node.this).lower() if isinstance(node, exp.Boolean) else node.name
        if not isinstance(node, exp.Literal | exp.Boolean) or value not in self.domains[fact]:
            raise ConditionError(f"{node.sql()} is no value of {fact}; it takes {self.domains[fact]}")
        return value

    def from_to(self, fact: str, low: int, high: int) -> tuple[str, ...]:
        if not all(value.isdecimal() for value in self.domains[fact]):
            raise ConditionError(f"{fact} is no number")
        if low > high:
            raise ConditionError(f"from {low} to {high}: nothing lies between")
        return tuple(value for value in self.domains[fact] if low <= int(value) <= high)


def _number(node: exp.Expr) -> int:
    if isinstance(node, exp.Literal) and not node.is_string and node.name.isdecimal():
        return int(node.name)
    raise ConditionError(f"{node.sql()}: expected a whole number")


def _tidy(groups: set[tuple[Question, ...]]) -> _Groups:
    return tuple(sorted(groups, key=lambda group: [_place(question) for question in group]))


def _place(question: Question) -> tuple[str, tuple[str, ...], str]:
    return question.fact, question.values, str(question.when_unknown)


def _all(answers: list[Truth]) -> Truth:
    return False if False in answers else None if None in answers else True
