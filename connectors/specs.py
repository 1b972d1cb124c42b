"""Feed specs: what a department's table is called, how it comes, and which of its columns is which of ours.

One YAML file a table under ``connectors/<feed>/``; a site's file of the same name under ``HOME/feeds/`` is laid over it
and states only what differs. Keys that nobody knows are refused, so a typing error can't switch a rule off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from connectors.errors import SpecError

# The fixed order: a table's place in it is the leading part of its entries' ids.
TABLES: tuple[tuple[str, str], ...] = (
    ("education", "enrolment"),
    ("public_security", "residence"),
    ("public_security", "hukou"),
    ("health", "child_health"),
    ("medical_insurance", "enrolment"),
    ("medical_insurance", "high_cost_alert"),
    ("disabled_federation", "rehabilitation"),
    ("civil_affairs", "field_visit"),
    ("civil_affairs", "welfare"),
    ("civil_affairs", "existing_list"),
    ("civil_affairs", "national_number"),
)

ColumnType = Literal[
    "name",
    "citizen_no",
    "key_number",
    "document_kind",
    "date",
    "month",
    "division",
    "phone",
    "address",
    "word",
    "yes_no",
    "money",
    "integer",
    "text",
]
Sensitivity = Literal["identifier", "quasi", "special", "none"]


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_as_tuple), Field(min_length=1)]


class _Model(BaseModel):
    """Frozen, and refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class TextSource(_Model):
    """Delimited text. ``header_row`` is a physical line; ``encoding`` the declared one, verified on reading."""

    format: Literal["text"]
    files: str
    encoding: Literal["gb18030", "gbk", "gb2312", "utf-8", "utf-8-sig"]
    separator: str = Field(min_length=1, max_length=1)
    header_row: int = Field(default=1, ge=1, le=100)
    files_per: Literal["county"] | None = None


class ExcelSource(_Model):
    """A sheet of .xlsx workbooks; ``sheet`` None is the first one. ``header_row`` counts from 1."""

    format: Literal["excel"]
    files: str
    sheet: str | None = None
    header_row: int = Field(default=1, ge=1, le=100)
    files_per: Literal["county"] | None = None


class SqlSource(_Model):
    """A table or view (``schema.name`` allowed). ``database`` is the SQLite file's name where no URL is configured."""

    format: Literal["sql"]
    database: str
    table: str

    @property
    def files(self) -> str:
        """The pattern that the database's file matches in the inbox."""
        return self.database

    @property
    def files_per(self) -> None:
        """A database holds all counties."""
        return None


Source = Annotated[TextSource | ExcelSource | SqlSource, Field(discriminator="format")]


class ColumnSpec(_Model):
    """One column of ours. ``sources``: the names a department may give it, best first; ``words``: its codes."""

    sources: Names = Field(alias="from")
    required: bool = False
    type: ColumnType
    words: Mapping[str, str] = Field(default_factory=dict)
    sensitivity: Sensitivity
    title: str

    @model_validator(mode="after")
    def _words_fit_the_type(self) -> ColumnSpec:
        if bool(self.words) != (self.type in ("word", "yes_no")):
            raise ValueError(f"`words` belong to types word and yes_no, and to them always; this column is {self.type}")
        return self


class Expect(_Model):
    """What quality expects of the table: shares of 1, counted against the last period or against its own rows."""

    rows_change_at_most: float = Field(default=0.2, gt=0, le=1)
    faults_at_most: float = Field(default=0.05, ge=0, le=1)
    unknown_words_at_most: float = Field(default=0.02, ge=0, le=1)
    filled_at_least: Mapping[str, float] = Field(default_factory=dict)


class FeedSpec(_Model):
    """One table of one department: how it is delivered and what its columns mean."""

    feed: str
    table: str
    title: str
    grain: str
    source: Source
    key: Annotated[tuple[str, ...], Field(min_length=1)]
    is_optional: bool = False  # nobody misses it where it never came
    columns: Mapping[str, ColumnSpec]
    expect: Expect = Expect()

    @model_validator(mode="after")
    def _names_agree(self) -> FeedSpec:
        for used, where in [(self.key, "key"), (self.expect.filled_at_least, "expect.filled_at_least")]:
            if unknown := [name for name in used if name not in self.columns]:
                raise ValueError(f"`{where}` names {', '.join(unknown)}, which is no column of the table")
        seen: dict[str, str] = {}
        for name, column in self.columns.items():
            for source in column.sources:
                if source in seen:
                    raise ValueError(f"{source} is claimed by `columns.{seen[source]}` and by `columns.{name}`")
                seen[source] = name
        return self

    @property
    def raw_table(self) -> str:
        """The table's name in schema ``raw``."""
        return f"{self.feed}_{self.table}"

    @property
    def ordinal(self) -> int:
        """The table's place among all, from 1."""
        return TABLES.index((self.feed, self.table)) + 1

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Our columns that a delivery must have."""
        return tuple(name for name, column in self.columns.items() if column.required)


def load(overrides: Path | None = None) -> dict[tuple[str, str], FeedSpec]:
    """Read every table's spec, with a site's laid over them, in the fixed order.

    ``overrides`` is the site's ``feeds`` folder; it may be absent. A file there for no table of ours is refused.
    """
    sites = _site_files(overrides)
    if not sites:
        return dict(_ours())
    words = _read(files("connectors") / "words.yml")
    return {
        (feed, table): _spec(files("connectors") / feed / f"{table}.yml", sites.get((feed, table)), words)
        for feed, table in TABLES
    }


@cache
def _ours() -> Mapping[tuple[str, str], FeedSpec]:
    words = _read(files("connectors") / "words.yml")
    return {(feed, table): _spec(files("connectors") / feed / f"{table}.yml", None, words) for feed, table in TABLES}


def _site_files(folder: Path | None) -> dict[tuple[str, str], Path]:
    if folder is None or not folder.is_dir():
        return {}
    found = {(path.parent.name, path.stem): path for path in sorted(folder.glob("*/*.y*ml"))}
    for key, path in found.items():
        if key not in TABLES:
            known = ", ".join(f"{feed}/{table}.yml" for feed, table in TABLES)
            raise SpecError(f"{path}: no such table. A site may override {known}; rename or remove the file.")
    return found


def _spec(ours: Traversable, site: Path | None, words: Mapping[str, Any]) -> FeedSpec:
    given = _with_words(_read(ours), words)
    if site is not None:
        given = _lay_over(given, _with_words(_read(site), words), site)
    where = str(site or ours)
    try:
        return FeedSpec.model_validate(given)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors())
        raise SpecError(f"{where}: {faults}. Correct the key or remove it.") from None


def _read(path: Traversable) -> dict[str, Any]:
    try:
        given = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506 (a SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SpecError(f"{path}: not readable as YAML ({' '.join(str(error).split())}). Correct the file.") from None
    if not isinstance(given, dict):
        raise SpecError(
            f"{path}: expected keys and values, found {type(given).__name__}. See connectors/ for examples."
        )
    return given


class _StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the C one is 8 times as fast
    """Refuses a key given twice, where YAML would silently take the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if twice := {str(key) for key in keys if keys.count(key) > 1}:
            raise yaml.MarkedYAMLError(problem=f"given twice: {', '.join(sorted(twice))}", problem_mark=node.start_mark)
        made: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return made


def _with_words(given: dict[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    """Put shared lists of code words in place of their names; a yes_no column has the shared list by itself."""
    columns = given.get("columns")
    if not isinstance(columns, dict):
        return given
    filled = {name: _column_with_words(column, shared) for name, column in columns.items()}
    return {**given, "columns": filled}


def _column_with_words(column: object, shared: Mapping[str, Any]) -> object:
    if not isinstance(column, dict):
        return column
    words = column.get("words", "yes_no" if column.get("type") == "yes_no" else None)
    if isinstance(words, str) and words in shared:
        return {**column, "words": shared[words]}
    return column


def _lay_over(ours: dict[str, Any], site: dict[str, Any], path: Path) -> dict[str, Any]:
    for key in ("feed", "table"):
        if site.get(key, ours[key]) != ours[key]:
            raise SpecError(f"{path}: `{key}` is {site[key]}, expected {ours[key]}: the file's place names the table.")
    if isinstance(columns := site.get("columns"), dict):
        if unknown := [name for name in columns if name not in ours["columns"]]:
            raise SpecError(
                f"{path}: `columns` names {', '.join(map(str, unknown))}, which the table has not. "
                f"Known: {', '.join(ours['columns'])}."
            )
        _refuse_foreign_words(ours["columns"], columns, path)
    source = site.get("source")
    if isinstance(source, dict) and source.get("format", ours["source"]["format"]) != ours["source"]["format"]:
        ours = {**ours, "source": {}}  # a table that comes in another format shares nothing with our `source`
    laid: dict[str, Any] = _merged(ours, site)
    return laid


def _refuse_foreign_words(ours: Mapping[str, Any], site: Mapping[str, Any], path: Path) -> None:
    """A site may add code words, but only for what we can decode them to."""
    for name, column in site.items():
        words = column.get("words") if isinstance(column, dict) else None
        known = set((ours[name].get("words") or {}).values())
        if isinstance(words, dict) and (foreign := sorted({str(word) for word in words.values()} - known)):
            raise SpecError(
                f"{path}: `columns.{name}.words` decodes to {', '.join(foreign)}; expected {', '.join(sorted(known))}."
            )


def _merged(below: Any, above: Any) -> Any:
    if isinstance(below, dict) and isinstance(above, dict):
        return below | {key: _merged(below.get(key), value) for key, value in above.items()}
    return above


def of_feed(specs: Iterable[FeedSpec], feed: str) -> tuple[FeedSpec, ...]:
    """The specs of one department."""
    return tuple(spec for spec in specs if spec.feed == feed)
