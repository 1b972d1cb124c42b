"""A site's own settings: ``HOME/site.yaml``, written once by ``childindex init`` or by the first run.

Everything that differs between two bureaus and isn't law, language or a department's habit stands here. A password
never does: a database URL may hold ``${NAME}``, which is taken from the environment when the feed is read.
"""

import os
import re
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from policy.divisions import load as divisions

SITE_FILE = "site.yaml"
_VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


class SiteError(Exception):
    """The site's settings can't be used; the message says which key and what to write there."""


class FeedLocation(BaseModel):
    """Where one department's feed lies when it isn't a folder of the inbox."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str | None = None  # an SQLAlchemy URL


class Parameters(BaseModel):
    """What the machine may use, where the linkage runs and how long releases are kept.

    ``master``, ``exchange``: of Spark; as in :class:`matching.engines.spark.place.Place`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    threads: int = Field(default=2, ge=1, le=512)
    memory: str = Field(default="4GiB", pattern=r"^\d+(\.\d+)?(MiB|GiB|MB|GB)$")
    engine: Literal["duckdb", "spark"] = "duckdb"
    master: str | None = None
    exchange: str | None = None
    keep_releases: int = Field(default=5, ge=1)
    rerun_after_minutes: int | None = Field(default=30, ge=1)  # without a new decision; None: nobody asks for a run


class Site(BaseModel):
    """One bureau's settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    jurisdiction: str = Field(pattern=r"^\d{6}$")
    inbox: Path
    stores_url: str | None = None
    watched: tuple[str, ...] = ()  # counties looked at between two closes
    feeds: dict[str, FeedLocation] = Field(default_factory=dict)
    parameters: Parameters = Parameters()

    @field_validator("jurisdiction", mode="before")
    @classmethod
    def _quoted(cls, value: Any) -> Any:
        if isinstance(value, int):
            raise ValueError(  # noqa: TRY004  (pydantic words only ValueErrors)
                'write the code in quotes ("429006"): YAML reads bare digits as a number'
            )
        return value

    @field_validator("watched", mode="before")
    @classmethod
    def _counties(cls, value: Any) -> Any:
        codes = value if isinstance(value, list | tuple) else [value]
        known = divisions()
        for code in codes:
            if not isinstance(code, str) or not known.is_county_unit(code, date.today().year):
                raise ValueError(f'{code}: not the code of a county in force; write each in quotes ("540102")')
        return value

    def url_of(self, feed: str) -> str | None:
        """The feed's database URL with the environment's variables put in, or None where the inbox holds it."""
        url = self.feeds[feed].url if feed in self.feeds else None
        return None if url is None else _VARIABLE.sub(_from_environment, url)

    def using(self, **given: object) -> "Site":
        """The same site with other parameters, those given that aren't None. Raises SiteError for a faulty one."""
        stated = {**self.parameters.model_dump(), **{name: value for name, value in given.items() if value is not None}}
        try:
            return self.model_copy(update={"parameters": Parameters.model_validate(stated)})
        except ValidationError as error:
            raise SiteError(f"{_first_fault(error)} Expected a size like 4GiB or 800MiB.") from None


def _from_environment(match: re.Match[str]) -> str:
    name = match.group(1)
    if name not in os.environ:
        raise SiteError(f"{SITE_FILE}: a feed's url names ${{{name}}}, which isn't set in the environment. Set it.")
    return os.environ[name]


def load(home: Path) -> Site | None:
    """Read ``HOME/site.yaml``; None where there is none yet. A relative inbox is relative to HOME."""
    path = home / SITE_FILE
    if not path.exists():
        return None
    try:
        written = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        site = Site.model_validate(written)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" line {mark.line + 1}" if mark else ""
        raise SiteError(f"{path}{where}: not readable as YAML. Mend the line or run `childindex init` anew.") from None
    except ValidationError as error:
        raise SiteError(f"{path}: {_first_fault(error)}") from None
    inbox = site.inbox if site.inbox.is_absolute() else home / site.inbox
    return site.model_copy(update={"inbox": inbox.resolve()})


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    key = ".".join(str(part) for part in fault["loc"])
    known = ", ".join(Site.model_fields)
    if fault["type"] == "extra_forbidden":
        return f"unknown key `{key}`. Known keys: {known}."
    return f"`{key}`: {fault['msg']}."


def write(home: Path, *, jurisdiction: str, inbox: Path) -> Path:
    """Write a first ``site.yaml`` with every setting explained; never overwrites one. Returns its path."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / SITE_FILE
    with path.open("x", encoding="utf-8") as file:
        file.write(_TEMPLATE.format(jurisdiction=jurisdiction, inbox=inbox))
    return path


_TEMPLATE = """\
# 本单位的设置 / This site's settings. 改动后下一次运行生效 / Changes take effect at the next run.

# 本单位的行政区划代码，省、市、县均可，须加引号 / whose run and lists these are; any level; keep the quotes
jurisdiction: "{jurisdiction}"

# 各部门交付文件所在目录：<inbox>/<period>/<feed>/<files>；相对路径以本目录为起点
# Where the departments' deliveries lie; a relative path starts at this folder
inbox: {inbox}

# 决定、编号登记等不可重建数据的数据库；缺省为 stores/operations.db (SQLite)
# Where decisions and issued ids are kept; default SQLite. e.g. postgresql+psycopg://user:${{STORES_PASSWORD}}@host/db
stores_url: null

# 开展动态监测的县（区），两次摸排之间由 childindex watch run 定期查看；交付文件放 <inbox>/watch/<period>/
# Counties of dynamic monitoring, looked at between two closes; quote each code, e.g. ["540102"]
watched: []

# 以数据库方式交付的部门 / Feeds delivered as a database; passwords only as ${{NAME}} from the environment
feeds: {{}}
#  public_security:
#    url: postgresql+psycopg://reader:${{PSB_PASSWORD}}@host/exchange

parameters:
  threads: 2          # 处理器核数 / cores a run may use
  memory: 4GiB        # 数据库可用内存 / memory for DuckDB, beyond which it spills to disk
  engine: duckdb      # 关联计算所用引擎：duckdb 或 spark / where pairs are linked; docs/spark.md
  master: null        # spark://host:7077, yarn, …；缺省为本机 / Spark's master; default this machine
  exchange: null      # 各节点均可读写的地址 / a URL every node reads and writes; default HOME, seen by all
  keep_releases: 5    # 保留的历史发布数 / releases kept for rollback
  rerun_after_minutes: 30  # 末次核查后多少分钟自动重新归并，null 为不自动 / after the last decision; null: never
"""
