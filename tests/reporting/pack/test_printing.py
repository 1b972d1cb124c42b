"""The report as it lies on the table: printed by a real browser, read back page by page."""

import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pypdf
import pytest

from reporting.pack import printing
from reporting.pack.figures import of_pack
from reporting.pack.printing import NoBrowser
from tests.reporting.pack.pages import of_page


@dataclass(frozen=True)
class Printed:
    html: Path
    pdf: Path

    @property
    def pages(self) -> list[str]:
        """The words of each page, without spaces."""
        return [bare(page.extract_text()) for page in pypdf.PdfReader(self.pdf).pages]


@pytest.fixture(scope="module", params=["half_year", "progress"])
def printed(request, call, home, tmp_path_factory):
    out = tmp_path_factory.mktemp("printed")
    pack = request.param
    done = call("report", "make", "--pack", pack, "--home", home, "--period", "2026H2", "--pdf", "--out", out)
    if isinstance(done.exception, NoBrowser) and not os.environ.get("CI"):
        pytest.skip("No Chromium here. On Debian: apt-get install chromium fonts-noto-cjk")
    assert done.exit_code == 0, done.exception
    stem = out / f"{pack}_429006_2026H2_internal"
    return pack, Printed(stem.with_suffix(".html"), stem.with_suffix(".pdf"))


def bare(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def pattern(text: str) -> str:
    """A text as a reader of the PDF finds it: a font may give a character by a variant of it (户 as 戶)."""
    return "".join(re.escape(each) if each.isascii() else "." for each in bare(text))


def test_every_number_of_the_page_is_on_paper_below_its_heading(printed):
    pack, of = printed
    whole = "".join(of.pages)
    for number, figure in enumerate(of_pack(pack), start=1):
        heading = re.search(pattern(f"{number}. {figure.title} 统计对象："), whole)
        assert heading, figure.title
        rest = whole[heading.end() :]
        for row in of_page(of.html)[figure.name][1:]:
            numbers = [bare(cell) for cell in row if re.search(r"\d", cell)]
            assert re.search(".{0,40}?".join(map(pattern, numbers)), rest), (figure.name, row)


def test_pages_are_numbered_sealed_and_a4(printed):
    _, of = printed
    seal = re.search(r"SHA-256 ([0-9a-f]{64})", of.html.read_text(encoding="utf-8"))[1]
    pages = of.pages
    assert 5 <= len(pages) <= 20
    for number, text in enumerate(pages, start=1):
        assert f"{number}/{len(pages)}" in text
        assert seal[:16] in text
    for page in pypdf.PdfReader(of.pdf).pages:
        assert [round(float(side)) for side in (page.mediabox.width, page.mediabox.height)] == [595, 842]


def test_a_heading_stands_on_the_page_of_its_whole_caption_and_a_total_stands_once(printed):
    pack, of = printed
    pages = of.pages
    for number, figure in enumerate(of_pack(pack), start=1):
        heading = re.compile(pattern(f"{number}. {figure.title} 统计对象："))
        page = next(text for text in pages if heading.search(text))
        caption = page[heading.search(page).start() :]
        assert re.search(pattern(f"指标 {figure.name} 第 {figure.version} 版"), caption), figure.name
    whole = "".join(pages)
    headings = [
        re.search(pattern(f"{at}. {figure.title} 统计对象："), whole) for at, figure in enumerate(of_pack(pack), 1)
    ]
    ends = [*(heading.start() for heading in headings[1:]), len(whole)]
    for figure, heading, end in zip(of_pack(pack), headings, ends, strict=True):
        if figure.total:
            total = "".join(map(bare, of_page(of.html)[figure.name][-1]))
            assert whole[heading.end() : end].count(total) == 1, figure.name


def test_without_a_browser_it_is_said_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoBrowser, match="install one"):
        printing.to_pdf(tmp_path / "page.html", tmp_path / "page.pdf")
    assert not (tmp_path / "page.pdf").exists()
