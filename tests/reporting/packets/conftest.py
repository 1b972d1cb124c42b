"""Two homes: a county with a published period, and the bureau of a county that some of its children come from."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import openpyxl
import pytest

from connectors.sample import write
from tests.reporting.bureau import Bureau
from warehouse.store import Warehouse

PERIOD = "2026H1"
RESIDENCE = "429006.civil_affairs"


def fingerprint(said: str) -> str:
    found = re.search(r"fingerprint: ([0-9a-f ]+)", said)
    assert found
    return found[1]


def introduce(one: Bureau, other: Bureau, file: Path) -> None:
    """Give one's public key to the other, and its fingerprint by telephone."""
    said = one.packet("keys", "--out", file)
    other.packet("keys", "--add", file, "--fingerprint", fingerprint(said))


@pytest.fixture(scope="session")
def published(tmp_path_factory) -> Bureau:
    """Tianmen's civil affairs, with 300 invented children published."""
    out = tmp_path_factory.mktemp("county")
    write(out, jurisdiction="429006", children=300, periods=(PERIOD,), seed=11)
    bureau = Bureau(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("keys"))
    words = ("run", "--inbox", out / "inbox", "--jurisdiction", "429006", "--period", PERIOD)
    done = bureau.call(*words)
    assert done.returncode == 0, done.stderr
    bureau.packet("keys", "--as", RESIDENCE)
    return bureau


@pytest.fixture(scope="session")
def read_release(published) -> Callable[..., list[tuple]]:
    def read(query: str, **bound: object) -> list[tuple]:
        with Warehouse(published.home) as house:
            con: duckdb.DuckDBPyConnection = house.read_published(PERIOD)
            try:
                return con.execute(query, bound).fetchall()
            finally:
                con.close()

    return read


@pytest.fixture(scope="session")
def origin(read_release) -> str:
    """The county that most of the children come from."""
    found = read_release(
        "select hukou_codes[1] from care.migrant_status where status = 'migrant' and len(hukou_codes) = 1"
        " and residence_codes = ['429006'] group by 1 order by count(*) desc, 1"
    )
    return found[0][0]


@pytest.fixture(scope="session")
def new_bureau(tmp_path_factory) -> Callable[[str], Bureau]:
    """Make the home of another bureau: nothing was ever run in it."""

    def make(name: str) -> Bureau:
        bureau = Bureau(tmp_path_factory.mktemp("other") / "home", tmp_path_factory.mktemp("keys"))
        division = name.partition(".")[0]
        assert bureau.call("init", "--jurisdiction", division).returncode == 0
        bureau.packet("keys", "--as", name)
        return bureau

    return make


@pytest.fixture(scope="session")
def hukou(published, new_bureau, origin, tmp_path_factory) -> Bureau:
    """The origin county's civil affairs; the two know each other."""
    bureau = new_bureau(f"{origin}.civil_affairs")
    folder = tmp_path_factory.mktemp("exchanged")
    introduce(published, bureau, folder / "residence.json")
    introduce(bureau, published, folder / "hukou.json")
    return bureau


@dataclass(frozen=True)
class Packet:
    number: str
    file: Path


@pytest.fixture
def made(published, hukou, origin, tmp_path) -> Packet:
    """A packet for the origin county, made and not yet opened."""
    folder = tmp_path / "made"
    folder.mkdir()
    published.packet("make", "--period", PERIOD, "--to", "hukou_county", "--county", origin, "--out", folder)
    (file,) = folder.iterdir()
    return Packet(number_of(file), file)


def number_of(file: Path) -> str:
    return str(json.loads(json.loads(file.read_text())["header"])["number"])


def rows(workbook: Path) -> tuple[list[str], list[list[object]]]:
    header, *found = [list(row) for row in openpyxl.load_workbook(workbook)["名单"].values]
    return header, found


def fill(workbook: Path, answers: list[tuple[str | None, str | None, str | None]]) -> Path:
    """Answer the children in order: answer, division, reason."""
    book = openpyxl.load_workbook(workbook)
    sheet = book["名单"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for at, told in enumerate(answers, 2):
        for title, value in zip(("答复", "正确户籍区划", "原因"), told, strict=True):
            if title in columns:
                sheet.cell(at, columns[title]).value = value
    book.save(workbook)
    return workbook
