"""Which files, or which database, are a table's delivery; and whether they are what the manifest says.

Other files in the folder are named and not read.
"""

from __future__ import annotations

import fnmatch
import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from connectors import specs
from connectors.errors import FeedError, FileUnreadable, ManifestBroken
from connectors.specs import FeedSpec, SqlSource

MANIFEST = "MANIFEST.sha256"
_LINE = re.compile(r"\\?([0-9a-fA-F]{64})[ \t]+\*?(.+)")
_SUFFIXES = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a database


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is there to land for a table. Nothing found and no ``fault``: the delivery is missing.

    ``listed`` are the digests that the manifest gives for its files. ``others`` are names that no spec knows.
    """

    spec: FeedSpec
    folder: Path
    files: tuple[Path, ...] = ()
    url: str | None = None
    listed: Mapping[str, str] | None = None
    others: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()
    fault: FeedError | None = None

    @property
    def is_missing(self) -> bool:
        """Whether nothing came at all."""
        return not self.files and self.url is None and self.fault is None


def locate(
    spec: FeedSpec, inbox: Path, period: str, url: str | None = None, siblings: Sequence[FeedSpec] | None = None
) -> Delivery:
    """Find a table's delivery below ``inbox``, or take the configured database of a table that comes over SQL.

    ``siblings`` are the specs of the same feed, whose files are not "others"; by default ours.
    """
    folder = inbox / period / spec.feed
    if url is not None and isinstance(spec.source, SqlSource):
        return Delivery(spec, folder, url=url)
    if not folder.is_dir():
        return Delivery(spec, folder)
    try:
        names = sorted(path.name for path in folder.iterdir())
        manifest = _manifest(folder)
    except OSError as error:
        return Delivery(spec, folder, fault=FileUnreadable(_where(spec), error.strerror or type(error).__name__))
    except FeedError as error:
        return Delivery(spec, folder, fault=error)
    known = (spec, *(siblings if siblings is not None else specs.of_feed(specs.load().values(), spec.feed)))
    mine = [name for name in names if matches(spec, name)]
    return Delivery(
        spec,
        folder,
        tuple(folder / name for name in mine),
        listed=manifest,
        others=tuple(name for name in names if not _is_expected(name, known)),
        unlisted=tuple(name for name in mine if manifest is not None and name not in manifest),
        fault=_gone(spec, manifest, mine),
    )


def of_file(spec: FeedSpec, file: Path) -> Delivery:
    """A delivery of one file, wherever it lies and whatever it is called: for a dry run."""
    return Delivery(spec, file.parent, (file,))


def matches(spec: FeedSpec, name: str) -> bool:
    """Whether a file of this name belongs to the table; case and Unicode form are no matter."""
    return fnmatch.fnmatchcase(_plain(name), _plain(spec.source.files)) and not name.startswith((".", "~$"))


def verify(delivery: Delivery, file: Path, sha256: str) -> None:
    """Raise ManifestBroken if the file is not the one that the manifest lists."""
    wanted = (delivery.listed or {}).get(unicodedata.normalize("NFC", file.name), sha256)
    if wanted != sha256:
        raise ManifestBroken(
            f"{_where(delivery.spec)}/{shown(file.name)}",
            f"the file differs from what {MANIFEST} lists: sha256 {sha256[:12]}… instead of {wanted[:12]}…",
            f"文件与清单 {MANIFEST} 不符：sha256 为 {sha256[:12]}…，清单为 {wanted[:12]}…",
        )


def sha256(path: Path) -> str:
    """A file's digest."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def shown(name: str) -> str:
    """A file name fit for a terminal: control characters and broken bytes as ``?``."""
    return "".join("?" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") else c for c in name)


def _where(spec: FeedSpec) -> str:
    return f"{spec.feed}.{spec.table}"


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _is_expected(name: str, known: Sequence[FeedSpec]) -> bool:
    if name == MANIFEST or any(matches(spec, name) for spec in known):
        return True
    return any(
        isinstance(s.source, SqlSource) and name in {s.source.database + end for end in _SUFFIXES} for s in known
    )


def _manifest(folder: Path) -> dict[str, str] | None:
    """File names and digests, or None where there is no manifest."""
    path = folder / MANIFEST
    if not path.exists():
        return None
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    listed: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        found = _LINE.fullmatch(line.strip())
        if found is None:
            raise ManifestBroken(
                f"{folder.name}/{MANIFEST}:{number}",
                "expected `<64 hex digits>  <file name>`, as sha256sum writes it, found something else",
                "格式应为“<64 位十六进制>  <文件名>”（sha256sum 的格式），该行不是",
            )
        listed[unicodedata.normalize("NFC", found[2].removeprefix("./"))] = found[1].lower()
    return listed


def _gone(spec: FeedSpec, manifest: Mapping[str, str] | None, mine: Sequence[str]) -> FeedError | None:
    """The fault of a delivery of which the manifest lists files that are not there."""
    present = {unicodedata.normalize("NFC", name) for name in mine}
    gone = sorted(shown(name) for name in manifest or {} if matches(spec, name) and name not in present)
    if not gone:
        return None
    return ManifestBroken(
        _where(spec),
        f"{MANIFEST} lists {', '.join(gone)}, which did not come",
        f"清单 {MANIFEST} 列有 {'、'.join(gone)}，但文件没有送到",
    )
