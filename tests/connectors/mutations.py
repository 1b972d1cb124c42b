"""Deliveries broken at random, seeded, each with what must be true of its landing."""

import random
import zipfile
from dataclasses import dataclass, field

from tests.connectors.deliveries import (
    ENROLMENT,
    HEALTH,
    INSURANCE,
    REHABILITATION,
    SPECS,
    VISIT,
    WELFARE,
    file_name,
    folder,
    header,
    put,
    put_workbook,
    rezipped,
    row,
    text_of,
)

TEXTS = (ENROLMENT, HEALTH, INSURANCE, WELFARE)
WORKBOOKS = (REHABILITATION, VISIT, SPECS["medical_insurance", "high_cost_alert"])
RECORD_BYTES = 1 << 14  # the bound for a line, in these tests
BOMB_BYTES = 3 << 20


@dataclass
class Broken:
    """A delivery laid into the inbox. ``safe``: row numbers (0 is the first) that no fault touched and that must land.

    ``refused``: True, False, or None where either is right. ``lines``: the only lines that may be in quarantine.
    """

    spec: object
    table: list
    safe: set = field(default_factory=set)
    refused: bool | None = False
    lines: set | None = None
    told: tuple = ()

    @property
    def people(self):
        """Texts that must be in no message."""
        kinds = [column.type for column in self.spec.columns.values()]
        telling = ("name", "citizen_no", "key_number", "phone", "address")
        return {
            text
            for cells in self.table
            for text, kind in zip(cells, kinds, strict=False)
            if kind in telling and len(text) > 2
        }


def _people(spec, rng, count):
    start = rng.randrange(1000)
    return [row(spec, start + i) for i in range(count)]


def _start(rng, specs, least=12, most=60):
    spec = rng.choice(specs)
    return spec, _people(spec, rng, rng.randint(least, most))


def _content(spec, table, rng):
    text = text_of(spec, table)
    return text.replace("\n", rng.choice(["\n", "\r\n"])).encode(spec.source.encoding)


def truncated(inbox, rng):
    spec, table = _start(rng, TEXTS)
    content = _content(spec, table, rng)
    first = content.index(b"\n") + 1
    cut = rng.randrange(first + 1, len(content))
    put(inbox, spec, content[:cut])
    whole = content[:cut].count(b"\n") - 1
    return Broken(spec, table, set(range(whole)), lines={whole + 2})


def wrong_encoding(inbox, rng):
    spec, table = _start(rng, TEXTS)
    other = rng.choice(["utf-8", "utf-8-sig"]) if spec.source.encoding == "gb18030" else "gb18030"
    put(inbox, spec, text_of(spec, table), encoding=other)
    return Broken(spec, table, set(range(len(table))), lines=set(), told=("read as",))


def wrong_encoding_and_dirty(inbox, rng):
    """Neither encoding decodes the whole file: the header decides."""
    spec, table = _start(rng, TEXTS)
    other = "utf-8" if spec.source.encoding == "gb18030" else "gb18030"
    lines = text_of(spec, table).encode(other).split(b"\n")
    bad = rng.randrange(1, len(table) + 1)
    lines[bad] = lines[bad][:8] + b"\xff\xff" + lines[bad][8:]
    put(inbox, spec, b"\n".join(lines))
    return Broken(spec, table, set(range(len(table))) - {bad - 1}, lines={bad + 1}, told=("read as",))


def byte_order_mark(inbox, rng):
    """UTF-8 with a mark or without one, whatever was declared."""
    spec, table = _start(rng, TEXTS)
    put(inbox, spec, text_of(spec, table), encoding=rng.choice(["utf-8", "utf-8-sig"]))
    return Broken(spec, table, set(range(len(table))), lines=set())


def embedded_newlines(inbox, rng):
    """Line breaks, doubled quotes and separators inside quoted cells: nothing is wrong."""
    spec, table = _start(rng, TEXTS)
    written = [list(cells) for cells in table]
    for i in rng.sample(range(len(table)), rng.randint(1, 4)):
        at = rng.choice([j for j, cell in enumerate(table[i]) if len(cell) > 1])
        within = rng.choice(["\n", "\n\n", '"\n', spec.source.separator + "\n", f"\n{spec.source.separator}"])
        table[i][at] = table[i][at][:1] + within + table[i][at][1:]
        written[i][at] = '"' + table[i][at].replace('"', '""') + '"'
    put(inbox, spec, text_of(spec, written))
    return Broken(spec, table, set(range(len(table))), lines=set())


def missing_column(inbox, rng):
    spec, table = _start(rng, (*TEXTS, *WORKBOOKS))
    gone = rng.choice(spec.required)
    i = list(spec.columns).index(gone)
    columns = header(spec)
    name = columns[i]
    if rng.random() < 0.5:
        columns[i] = "改了的列名"
    else:
        columns = columns[:i] + columns[i + 1 :]
        table = [cells[:i] + cells[i + 1 :] for cells in table]
    _put(inbox, spec, table, columns)
    return Broken(spec, [row(spec, 0)], refused=True, told=(name, gone))


def swapped_columns(inbox, rng):
    spec, table = _start(rng, (*TEXTS, *WORKBOOKS))
    columns = header(spec)
    titles = {name: column.sources[0] for name, column in spec.columns.items()}
    kinds = {name: column.type for name, column in spec.columns.items()}
    fields = [n for n in spec.required if kinds[n] in ("name", "word", "date", "division", "citizen_no")]
    left, right = rng.sample(fields, 2)
    if kinds[left] == kinds[right]:
        left, right = "name", next(n for n in fields if kinds[n] != "name")
    i, j = columns.index(titles[left]), columns.index(titles[right])
    columns[i], columns[j] = columns[j], columns[i]
    _put(inbox, spec, table, columns)
    return Broken(spec, table, refused=True, told=(titles[left], titles[right]))


def reordered_columns(inbox, rng):
    """Header and contents alike in another order: nothing is wrong."""
    spec, table = _start(rng, (*TEXTS, *WORKBOOKS))
    order = rng.sample(range(len(spec.columns)), len(spec.columns))
    _put(inbox, spec, [[cells[i] for i in order] for cells in table], [header(spec)[i] for i in order])
    return Broken(spec, table, set(range(len(table))), lines=set())


def long_line(inbox, rng):
    spec, table = _start(rng, TEXTS)
    lines = _content(spec, table, rng).split(b"\n")
    at = rng.randrange(1, len(table) + 2)
    filler = rng.choice([b"x", b'"', spec.source.separator.encode(), "王".encode(spec.source.encoding)])
    lines.insert(at, filler * (RECORD_BYTES * rng.randint(2, 40) // len(filler)))
    put(inbox, spec, b"\n".join(lines))
    return Broken(spec, table, set(range(len(table))), lines={at + 1})


def empty(inbox, rng):
    spec = rng.choice((*TEXTS, *WORKBOOKS))
    content = rng.choice([b"", b"\n", b"\xef\xbb\xbf", b"\r\n\r\n", b"\0" * 100])
    put(inbox, spec, content, file_name(spec))
    return Broken(spec, [row(spec, 0)], refused=True, told=("empty",))


def header_only(inbox, rng):
    spec = rng.choice((*TEXTS, *WORKBOOKS))
    _put(inbox, spec, [], header(spec))
    return Broken(spec, [row(spec, 0)], lines=set(), told=("no rows",))


def zip_bomb(inbox, rng):
    spec, table = _start(rng, WORKBOOKS)
    path = put_workbook(inbox, spec, table)
    part = rng.choice(["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/media/image1.png"])
    filler = rng.choice([b"\0", b" ", b"<c/>"])

    def grown(name, content):
        return content + filler * (BOMB_BYTES // len(filler)) if name == part else content

    rezipped(path, grown)
    if part == "xl/media/image1.png":
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(part, filler * (BOMB_BYTES // len(filler)))
    return Broken(spec, table, refused=True, told=("unpack",))


def no_workbook(inbox, rng):
    spec, table = _start(rng, WORKBOOKS)
    path = put_workbook(inbox, spec, table)
    whole = path.read_bytes()
    at = rng.randrange(1, len(whole))
    kind = rng.randrange(3)
    path.write_bytes([whole[:at], text_of(ENROLMENT, []).encode(), rng.randbytes(5000)][kind])
    return Broken(spec, table, refused=True, told=(".xlsx",))


def dirty_bytes(inbox, rng):
    spec, table = _start(rng, TEXTS)
    lines = _content(spec, table, rng).split(b"\n")
    bad = set(rng.sample(range(1, len(table) + 1), rng.randint(1, 4)))
    for i in bad:
        at = rng.randrange(len(lines[i]))
        lines[i] = lines[i][:at] + rng.choice([b"\xff\xff", b"\x80\x80", b"\xfe\x20"]) + lines[i][at:]
    put(inbox, spec, b"\n".join(lines))
    return Broken(spec, table, set(range(len(table))) - {i - 1 for i in bad}, lines={i + 1 for i in bad})


def stray_quotes(inbox, rng):
    spec, table = _start(rng, TEXTS)
    lines = _content(spec, table, rng).split(b"\n")
    bad = set(rng.sample(range(1, len(table) + 1), rng.randint(1, 4)))
    for i in bad:
        fields = lines[i].decode(spec.source.encoding).split(spec.source.separator)
        at = rng.randrange(len(fields))
        fields[at] = rng.choice(['"{}', '{}"', '"{}""', '"{}"x'.replace("x", "，")]).format(fields[at])
        lines[i] = spec.source.separator.join(fields).encode(spec.source.encoding)
    put(inbox, spec, b"\n".join(lines))
    return Broken(spec, table, set(range(len(table))) - {i - 1 for i in bad}, lines={i + 1 for i in bad})


def separators(inbox, rng):
    spec, table = _start(rng, TEXTS)
    bad = set(rng.sample(range(len(table)), rng.randint(1, 4)))
    broken = [list(cells) for cells in table]
    for i in bad:
        at = rng.randrange(len(broken[i]))
        if rng.random() < 0.5:
            broken[i][at] = broken[i][at][:1] + spec.source.separator + broken[i][at][1:]
        else:
            del broken[i][at]
    put(inbox, spec, text_of(spec, broken))
    return Broken(spec, table, set(range(len(table))) - bad, lines={i + 2 for i in bad})


def nul_bytes(inbox, rng):
    spec, table = _start(rng, TEXTS)
    lines = _content(spec, table, rng).split(b"\n")
    bad = set(rng.sample(range(1, len(table) + 1), rng.randint(1, 4)))
    for i in bad:
        lines[i] = lines[i] + b"\0" * rng.randint(1, 5000) if rng.random() < 0.5 else b"\0" + lines[i]
    put(inbox, spec, b"\n".join(lines))
    return Broken(spec, table, set(range(len(table))), lines=set(), told=("NUL",))


def _put(inbox, spec, table, columns):
    if spec.source.format == "excel":
        put_workbook(inbox, spec, table, columns)
    else:
        put(inbox, spec, text_of(spec, table, columns))
    assert (folder(inbox, spec) / file_name(spec)).exists()


KINDS = (
    truncated,
    wrong_encoding,
    wrong_encoding_and_dirty,
    byte_order_mark,
    embedded_newlines,
    missing_column,
    swapped_columns,
    reordered_columns,
    long_line,
    empty,
    header_only,
    zip_bomb,
    no_workbook,
    dirty_bytes,
    stray_quotes,
    separators,
    nul_bytes,
)


def make(kind, seed, inbox):
    """The seeded mutation of a kind, laid into an inbox."""
    return kind(inbox, random.Random(f"{kind.__name__} {seed}"))
