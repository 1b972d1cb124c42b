"""Declared encodings are verified."""

import pytest

from connectors.encodings import judge
from connectors.errors import EmptyFile, NotText

TEXT = "姓名,性别\n王安,男\n李子涵,女\n"


def judged(tmp_path, content, declared):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    return judge(path, "a.csv", declared, lambda line: sum(name in line for name in ("姓名", "性别")))


@pytest.mark.parametrize(
    ("content", "declared", "encoding", "is_sound"),
    [
        (TEXT.encode("gb18030"), "gb18030", "gb18030", True),
        (TEXT.encode("gb18030"), "gbk", "gb18030", True),
        (TEXT.encode("utf-8"), "utf-8", "utf-8", True),
        (TEXT.encode("utf-8-sig"), "utf-8", "utf-8", True),
        (TEXT.encode("utf-8-sig"), "gb18030", "utf-8", True),
        (TEXT.encode("utf-8"), "gb18030", "utf-8", True),
        (TEXT.encode("gb18030"), "utf-8-sig", "gb18030", True),
        (TEXT.encode("gb18030") + b"\xff\xff\n", "gb18030", "gb18030", False),
        (TEXT.encode("utf-8") + b"\xff\xff\n", "utf-8", "utf-8", False),
        (TEXT.encode("utf-8") + b"\xff\xff\n", "gb18030", "utf-8", False),
        (TEXT.encode("gb18030") + b"\xff\xff\n", "utf-8", "gb18030", False),
        (b"a,b\n1,2\n", "gb18030", "gb18030", True),
        ("姓名,性别\n𠮷㐀,男\n".encode("gb18030"), "gbk", "gb18030", True),
    ],
)
def test_the_declared_encoding_else_the_other(tmp_path, content, declared, encoding, is_sound):
    found = judged(tmp_path, content, declared)
    assert (found.encoding, found.is_sound) == (encoding, is_sound)


def test_a_character_cut_by_the_files_end_is_a_fault(tmp_path):
    assert not judged(tmp_path, TEXT.encode("gb18030") + "王".encode("gb18030")[:1], "gb18030").is_sound


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", EmptyFile),
        (b"\xef\xbb\xbf\r\n", EmptyFile),
        (TEXT.encode("utf-16"), NotText),
        (b"PK\x03\x04abc", NotText),
        (b"\xd0\xcf\x11\xe0abc", NotText),
    ],
)
def test_what_is_no_text_is_refused_by_name(tmp_path, content, error):
    with pytest.raises(error):
        judged(tmp_path, content, "utf-8")
