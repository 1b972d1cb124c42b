"""Which encoding a text file really has: the declared one strictly, else the other if it decodes without a fault.

Departments send GB18030 for UTF-8 and the reverse. A byte order mark is conclusive. Where neither encoding decodes the
whole file (one dirty byte in a file that is also mislabelled), the header decides: it is words we know.
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from connectors.errors import EmptyFile, NotText

_CHUNK = 1 << 22
_UTF16 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_OTHER = {"utf-8": "gb18030", "gb18030": "utf-8"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a file is to be decoded. ``is_sound``: the whole of it decodes. ``skip``: bytes of its byte order mark."""

    encoding: str
    declared: str
    is_sound: bool
    skip: int
    size: int
    sha256: str

    @property
    def is_as_declared(self) -> bool:
        """Whether the department delivered what it said it would."""
        return self.encoding == self.declared


def canonical(declared: str) -> str:
    """The codec for a declared name: GB18030 decodes GBK and GB2312 too."""
    return "utf-8" if declared.lower().startswith("utf-8") else "gb18030"


def judge(path: Path, where: str, declared: str, names_known: Callable[[str], int], header_row: int = 1) -> Verdict:
    """Decide on the encoding. ``names_known`` counts the column names that it knows in a decoded header line."""
    wanted = canonical(declared)
    start = _first_bytes(path, where)
    skip = len(codecs.BOM_UTF8) if start.startswith(codecs.BOM_UTF8) else 0
    first = "utf-8" if skip else wanted
    digest = hashlib.sha256()
    is_sound = _decodes(path, first, skip, digest.update)
    encoding = first
    if not is_sound or not _known(path, first, skip, header_row, names_known):
        other = _OTHER[first]
        gain = _known(path, other, 0, header_row, names_known) - _known(path, first, skip, header_row, names_known)
        other_is_sound = _decodes(path, other, 0) if gain >= 0 else False
        if gain > 0 or (gain == 0 and other_is_sound and not is_sound):
            encoding, is_sound, skip = other, other_is_sound, 0
    return Verdict(encoding, wanted, is_sound, skip, path.stat().st_size, digest.hexdigest())


def _first_bytes(path: Path, where: str) -> bytes:
    with path.open("rb") as stream:
        start = stream.read(1 << 16)
    if not start.strip(b"\r\n\t \xef\xbb\xbf\x00") and path.stat().st_size <= len(start):
        raise EmptyFile(where)
    if start.startswith(_UTF16):
        raise NotText(
            where, "UTF-16 or UTF-32 text (Excel's “Unicode text”)", "UTF-16/UTF-32 文本（Excel 的“Unicode 文本”）"
        )
    if start.startswith(b"PK\x03\x04"):
        raise NotText(where, "a zip archive or an Excel workbook", "压缩包或 Excel 工作簿")
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise NotText(where, "an old Excel workbook (.xls)", "旧版 Excel 工作簿（.xls）")
    return start


def _decodes(path: Path, encoding: str, skip: int, also: Callable[[bytes], object] | None = None) -> bool:
    """Whether the whole file decodes; ``also`` is fed every byte of it, whatever comes of the decoding."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    is_sound = True
    with path.open("rb") as stream:
        while data := stream.read(_CHUNK):
            if also:
                also(data)
            if is_sound:
                is_sound = _feeds(decoder, data[skip:])
            elif not also:
                return False
            skip = 0
    return is_sound and _feeds(decoder, b"", final=True)


def _feeds(decoder: codecs.IncrementalDecoder, data: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(data, final)
    except UnicodeDecodeError:
        return False
    return True


def _known(path: Path, encoding: str, skip: int, header_row: int, names_known: Callable[[str], int]) -> int:
    with path.open("rb") as stream:
        stream.seek(skip)
        lines = stream.read(1 << 16).splitlines()[:header_row]
    return names_known(lines[-1].decode(encoding, "replace")) if len(lines) == header_row else 0
