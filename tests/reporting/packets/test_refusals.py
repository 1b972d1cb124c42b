"""What is refused: opened twice, changed, for somebody else, from a stranger, taken back; and what is said to do."""

import base64
import json
import shutil

import pytest

from reporting.packets import desk as desks
from reporting.packets.envelope import Secrets
from tests.reporting.packets.conftest import PERIOD, fill, introduce, number_of, rows
from warehouse import keys
from warehouse.home import Home
from warehouse.stores.engine import open_stores


def test_a_packet_is_not_opened_twice_though_the_file_is_renamed(hukou, made, tmp_path):
    hukou.packet("open", made.file, "--out", tmp_path)
    copy = shutil.copy(made.file, tmp_path / "again.packet")
    said = hukou.refused("open", copy, "--out", tmp_path)
    assert "opened twice" in said
    assert "recall" in said


def desk_of(bureau):
    """The bureau's desk, to make by hand what the command never makes."""
    held = keys.packet_keys(bureau.home, print, {"CHILDINDEX_KEYS": str(bureau.keys)})
    return desks.open_desk(open_stores(Home.at(bureau.home).stores), Secrets(*held))


def _changed_header(envelope):
    header = json.loads(envelope["header"])
    return {**envelope, "header": json.dumps({**header, "rows": header["rows"] + 1})}


def _changed_content(envelope):
    sealed = bytearray(base64.b64decode(envelope["sealed"]))
    sealed[-1] ^= 1
    return {**envelope, "sealed": base64.b64encode(bytes(sealed)).decode()}


def _changed_signature(envelope):
    return {**envelope, "signature": "00" * 64}


def _cut_content(envelope):
    return {**envelope, "sealed": envelope["sealed"][:-8]}


@pytest.mark.parametrize("change", [_changed_header, _changed_content, _changed_signature, _cut_content])
def test_a_changed_packet_is_refused_and_the_untouched_one_still_opens(hukou, made, tmp_path, change):
    broken = tmp_path / "changed.packet"
    broken.write_text(json.dumps(change(json.loads(made.file.read_text()))))
    assert "signed" in hukou.refused("open", broken, "--out", tmp_path)
    assert not list(tmp_path.glob("*.xlsx"))
    hukou.packet("open", made.file, "--out", tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"{}", b'{"format": "other"}', b"[" * 100_000, "姓名".encode("gb18030")]
)
def test_a_file_that_is_no_envelope_is_refused_in_words(hukou, tmp_path, content):
    file = tmp_path / "x.packet"
    file.write_bytes(content)
    assert "expected an envelope" in hukou.refused("open", file, "--out", tmp_path)


def test_a_packet_for_another_county_is_refused(published, hukou, made, new_bureau, tmp_path):
    other = new_bureau("330106.civil_affairs")
    introduce(published, other, tmp_path / "residence.json")
    assert "sealed for" in other.refused("open", made.file, "--out", tmp_path)


def test_a_packet_of_a_sender_whose_key_was_never_added_is_refused(made, origin, new_bureau, tmp_path):
    stranger = new_bureau(f"{origin}.civil_affairs")
    said = stranger.refused("open", made.file, "--out", tmp_path)
    assert "no key is on record" in said
    assert "fingerprint" in said


def test_somebody_who_takes_a_known_name_with_another_key_is_refused(published, hukou, made, new_bureau, tmp_path):
    impostor = new_bureau("429006.civil_affairs")
    introduce(hukou, impostor, tmp_path / "hukou.json")
    desk = desk_of(impostor)
    recipient = next(iter(desk.known.values()))
    forged = desks.send(
        *(desk, "packet", recipient, {"fields": ["name"], "rows": []}, tmp_path),
        number=desks.number(desk.own.name, PERIOD),
        about=None,
        role="hukou_county",
        period=PERIOD,
        release=1,
        rows=0,
    )
    assert "another key" in hukou.refused("open", forged, "--out", tmp_path)


def test_a_wrong_fingerprint_adds_nobody(published, new_bureau, tmp_path):
    other = new_bureau("330106.civil_affairs")
    other.packet("keys", "--out", tmp_path / "other.json")
    said = published.refused("keys", "--add", tmp_path / "other.json", "--fingerprint", "0000 0000 0000 0000 0000")
    assert "nothing was added" in said
    assert "330106" not in published.packet("keys")


def test_a_recalled_packet_is_refused_unopened_and_its_workbook_is_asked_back_opened(
    published, hukou, made, origin, tmp_path
):
    published.packet("make", "--period", PERIOD, "--to", "hukou_county", "--county", origin, "--out", tmp_path)
    (later,) = tmp_path.glob("*.packet")
    hukou.packet("open", made.file, "--out", tmp_path)
    workbook = next(tmp_path.glob("*.xlsx"))
    for file in (made.file, later):
        published.packet("recall", number_of(file), "--reason", "发错了", "--out", tmp_path)
    told = [hukou.packet("open", notice, "--out", tmp_path) for notice in tmp_path.glob("*_recall.packet")]
    assert sum("delete that workbook" in said for said in told) == 1
    assert "was recalled" in hukou.refused("open", later, "--out", tmp_path)
    _, children = rows(workbook)
    fill(workbook, [("户籍在本县", None, None)] * len(children))
    assert "was recalled" in hukou.refused("reply", workbook, "--out", tmp_path)


def test_a_reason_that_holds_a_long_number_is_no_reason(published, made):
    said = published.refused("recall", "x", "--reason", "号码 429006201501011234 有误", "--out", made.file.parent)
    assert "429006201501011234" not in said


def test_a_reply_is_taken_once_and_a_later_one_holds(published, hukou, made, tmp_path):
    hukou.packet("open", made.file, "--out", tmp_path)
    workbook = next(tmp_path.glob("*.xlsx"))
    _, children = rows(workbook)
    for answer in ("户籍不在本县", "户籍在本县"):
        folder = tmp_path / answer
        folder.mkdir()
        hukou.packet("reply", fill(workbook, [(answer, None, None)] * len(children)), "--out", folder)
        (file,) = folder.iterdir()
        published.packet("open", file, "--out", tmp_path)
        assert "opened twice" in published.refused("open", file, "--out", tmp_path)
    assert f"确认 {len(children)}" in published.packet("status")
    out = tmp_path / "m.csv"
    published.packet("mismatches", "--period", PERIOD, "--out", out)
    assert workbook.stem not in out.read_text()


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (("也许", None, None), "第 2 行“答复”"),
        (("户籍在别处，见区划", None, None), "第 2 行"),
        (("户籍在别处，见区划", "999999", None), "第 2 行“正确户籍区划”"),
        (("户籍在本县", "330106", None), "第 2 行"),
        (("户籍不在本县", None, "不知道"), "第 2 行“原因”"),
        ((None, None, "查无此人"), "第 2 行“答复”"),
    ],
)
def test_a_faulty_answer_is_named_by_its_row_and_nothing_is_sealed(opened, answer, word, tmp_path):
    hukou, workbook = opened
    copy = shutil.copy(workbook, tmp_path / "filled.xlsx")
    assert word in hukou.refused("reply", fill(copy, [answer]), "--out", tmp_path)
    assert not list(tmp_path.glob("*.packet"))


@pytest.fixture(scope="module")
def opened(published, hukou, origin, tmp_path_factory):
    folder = tmp_path_factory.mktemp("opened")
    published.packet("make", "--period", PERIOD, "--to", "hukou_county", "--county", origin, "--out", folder)
    hukou.packet("open", next(folder.glob("*.packet")), "--out", folder)
    return hukou, next(folder.glob("*.xlsx"))


def answer(token, word="confirmed", division=None):
    return {"token": token, "answer": word, "division_code": division, "reason": None}


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (lambda token: [answer("0" * 16)], "第 1 条"),
        (lambda token: [answer(token), answer(token)], "第 1 条"),
        (lambda token: [answer(token, "granted")], "第 1 条"),
        (lambda token: [answer(token, "perhaps")], "another shape"),
        (lambda token: [answer(token, "corrected", "天门")], "another shape"),
        (lambda token: [{**answer(token), "name": "x"}], "another shape"),
    ],
)
def test_a_signed_reply_that_says_more_or_else_than_agreed_is_refused_whole(published, opened, answers, said, tmp_path):
    hukou, workbook = opened
    token = rows(workbook)[1][0][0]
    given = answers(token)
    file = _sent_by(hukou, "reply", {"answers": given}, workbook.stem, len(given), tmp_path)
    assert said in published.refused("open", file, "--out", tmp_path)


@pytest.mark.parametrize("kind", ["receipt", "reply"])
def test_a_receipt_or_reply_about_a_packet_that_was_never_sent_to_them_is_refused(published, opened, kind, tmp_path):
    hukou, _ = opened
    content = {"answers": []} if kind == "reply" else {"content_sha256": "0" * 64, "rows": 0, "opened_at": "2026-07-01"}
    file = _sent_by(hukou, kind, content, "429006.civil_affairs-2026H1-aaaaaaaaaaaa", 0, tmp_path)
    assert "Ask the sender which packet they mean" in published.refused("open", file, "--out", tmp_path)


def test_a_packet_is_recalled_by_its_sender_alone_and_still_answered_after_another_s_notice(
    published, hukou, made, tmp_path
):
    hukou.packet("open", made.file, "--out", tmp_path)
    workbook = next(tmp_path.glob("*.xlsx"))
    notice = _sent_by(hukou, "recall", {"reason": "发错了"}, workbook.stem, 0, tmp_path)
    assert "recalled by its sender alone" in published.refused("open", notice, "--out", tmp_path)
    filled = fill(shutil.copy(workbook, tmp_path / "filled.xlsx"), [("户籍在本县", None, None)])
    hukou.packet("reply", filled, "--out", tmp_path)
    published.packet("open", next(tmp_path.glob("*_reply.packet")), "--out", tmp_path)
    published.packet("recall", workbook.stem, "--reason", "发错了", "--out", tmp_path)


def _sent_by(bureau, kind, content, about, rows, folder):
    desk = desk_of(bureau)
    return desks.send(
        *(desk, kind, desk.recipient("429006.civil_affairs"), content, folder),
        number=desks.number(desk.own.name, PERIOD),
        about=about,
        role="hukou_county",
        period=PERIOD,
        release=1,
        rows=rows,
    )
