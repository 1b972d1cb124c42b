"""From the residence county to the hukou county and back, between two homes, by the command itself."""

import csv
import json

import openpyxl

from tests.reporting.packets.conftest import PERIOD, RESIDENCE, fill, introduce, rows
from warehouse.home import Home
from warehouse.stores import audit
from warehouse.stores.engine import open_stores


def test_a_packet_is_opened_receipted_answered_and_its_mismatches_listed(
    published, hukou, origin, made, read_release, tmp_path
):
    hukou.packet("open", made.file, "--out", tmp_path)
    workbook = next(tmp_path.glob("*.xlsx"))
    _, children = rows(workbook)
    expected = read_release(
        "select child.name, child.citizen_no from care.migrant_status join core.child using (child_id)"
        " where status in ('migrant', 'unaccompanied') and hukou_codes = [$origin] and residence_codes = ['429006']",
        origin=origin,
    )
    assert sorted((row[1], row[4]) for row in children) == sorted(expected)
    assert len(children) >= 2

    (receipt,) = tmp_path.glob("*_receipt.packet")
    assert "receipt" in published.packet("open", receipt, "--out", tmp_path)

    answers = [("户籍在别处，见区划", "330106", "已迁出"), ("户籍不在本县", None, "查无此人")]
    answers += [("户籍在本县", None, None)] * (len(children) - 2)
    hukou.packet("reply", fill(workbook, answers), "--out", tmp_path)
    (reply,) = tmp_path.glob("*_reply.packet")
    assert f"confirmed {len(children) - 2}" in published.packet("open", reply, "--out", tmp_path)

    out = tmp_path / "mismatches.csv"
    published.packet("mismatches", "--period", PERIOD, "--out", out)
    listed = [row for row in csv.DictReader(out.open(encoding="utf-8-sig")) if row["答复单位"].startswith(origin)]
    of_packet = {row["答复"]: row for row in listed if row["包裹编号"] == workbook.stem}
    assert of_packet["corrected"]["对方所述户籍县"] == "330106"
    assert of_packet["denied"]["原因"] == "not_found"
    assert {row["本地采用的户籍县"] for row in of_packet.values()} == {origin}
    names = read_release("select child_id, name from core.child")
    assert dict(names)[of_packet["corrected"]["儿童编号"]] == children[0][1]
    assert out.read_bytes().startswith(b"\xef\xbb\xbf"), "Excel reads it as UTF-8"
    assert out.stat().st_mode & 0o077 == 0

    sheet = out.with_suffix(".xlsx")
    published.packet("mismatches", "--period", PERIOD, "--out", sheet)
    titles, *told = openpyxl.load_workbook(sheet)["名单"].iter_rows(values_only=True)
    told = [dict(zip(titles, row, strict=True)) for row in told]
    in_words = {row["答复"]: row for row in told if row["包裹编号"] == workbook.stem}
    assert in_words["户籍在别处"]["对方所述户籍县"] == "浙江省杭州市西湖区"
    assert in_words["户籍不在本县"]["原因"] == "查无此人"
    assert {row["现判定"] for row in in_words.values()} == {"流动儿童"}

    standing = published.packet("status", "--period", PERIOD)
    assert f"确认 {len(children) - 2}" in standing


def test_no_child_id_of_ours_and_no_field_beyond_the_agreed_leaves(published, hukou, made, read_release, tmp_path):
    hukou.packet("open", made.file, "--out", tmp_path)
    workbook = next(tmp_path.glob("*.xlsx"))
    header, _ = rows(workbook)
    assert header == [
        *("回执编码", "姓名", "性别", "出生日期", "身份证号", "户籍县", "居住县", "居住起始"),
        *("答复", "正确户籍区划", "原因"),
    ]
    ids = {row[0] for row in read_release("select child_id from core.child")}
    cells = {str(cell) for sheet in openpyxl.load_workbook(workbook) for row in sheet.values for cell in row}
    assert not ids & cells


def test_what_is_readable_on_the_way_names_nobody(made, read_release):
    raw = made.file.read_text()
    header = json.loads(json.loads(raw)["header"])
    assert header["sender"] == RESIDENCE
    assert header["rows"] >= 2
    for name, number in read_release("select name, citizen_no from core.child"):
        assert name not in raw
        assert number is None or number not in raw


def test_two_packets_about_one_child_share_no_token(published, hukou, origin, tmp_path):
    for _ in range(2):
        published.packet("make", "--period", PERIOD, "--to", "hukou_county", "--county", origin, "--out", tmp_path)
    for file in tmp_path.glob("*.packet"):
        hukou.packet("open", file, "--out", tmp_path)
    one, other = ({row[0] for row in rows(file)[1]} for file in tmp_path.glob("*.xlsx"))
    assert len(one) == len(other)
    assert not one & other


def test_every_act_is_on_record(published, hukou, made, tmp_path):
    hukou.packet("open", made.file, "--out", tmp_path)
    hukou.refused("open", made.file, "--out", tmp_path)
    done = [each.act for each in audit.read(open_stores(Home.at(hukou.home).stores))]
    assert done[:3] == ["packet refused", "packet open", "packet open"]
    assert "packet make" in [each.act for each in audit.read(open_stores(Home.at(published.home).stores))]


def test_education_and_public_security_each_learn_only_what_theirs_is(published, new_bureau, read_release, tmp_path):
    for department, role, column in (
        ("education", "education", "教育部门已有记录"),
        ("public_security", "public_security", "公安部门已有记录"),
    ):
        bureau = new_bureau(f"429006.{department}")
        introduce(published, bureau, tmp_path / "ours.json")
        introduce(bureau, published, tmp_path / "theirs.json")
        folder = tmp_path / department
        folder.mkdir()
        published.packet("make", "--period", PERIOD, "--to", role, "--out", folder)
        bureau.packet("open", next(folder.glob("*.packet")), "--out", folder)
        header, children = rows(next(folder.glob("*.xlsx")))
        assert header[-1] == column
        known = sum(row[-1] == "是" for row in children)
        expected = read_release(
            "select count(*) filter (len(list_filter(known_to, lambda x: starts_with(x, $prefix))) > 0)"
            " from core.child join care.migrant_status using (child_id)"
            " where status in ('migrant', 'unaccompanied') and residence_codes = ['429006']"
            " and born_on <= date '2026-06-30' - to_years($younger)",
            prefix=f"{department}/",
            younger=3 if department == "education" else 0,
        )
        assert known == expected[0][0]


def test_what_is_claimed_at_the_hukou_place_is_asked_of_that_bureau_until_it_is_settled(
    published, new_bureau, origin, read_release, tmp_path
):
    county, child, services = read_release(
        "select status.hukou_codes[1], any_value(child.name), string_agg(service.title, '；' order by item)"
        " from care.entitlement as entitlement join policy.service as service using (catalogue, item)"
        " join care.migrant_status as status using (child_id) join core.child as child using (child_id)"
        " where entitlement.claim_at in ('hukou', 'both')"
        " and entitlement.state in ('eligible', 'likely', 'needs_proof')"
        " and not (entitlement.state = 'eligible' and item in ('S10', 'S13', 'S14'))"
        " and status.status = 'migrant' and len(hukou_codes) = 1 and residence_codes = ['429006']"
        " and hukou_codes[1] <> $origin group by status.hukou_codes[1], child_id order by all",
        origin=origin,
    )[0]
    bureau = new_bureau(f"{county}.civil_affairs")
    introduce(published, bureau, tmp_path / "ours.json")
    introduce(bureau, published, tmp_path / "theirs.json")
    published.packet("make", "--period", PERIOD, "--to", "hukou_claims", "--county", county, "--out", tmp_path)
    (made,) = tmp_path.glob("*.packet")
    bureau.packet("open", made, "--out", tmp_path)
    workbook = next(tmp_path.glob("*.xlsx"))
    header, children = rows(workbook)
    assert header[-3:] == ["拟向户籍地申领的服务", "答复", "原因"]
    assert (child, services) in [(row[1], row[-3]) for row in children]
    for word, said in (("已受理", "accepted"), ("已纳入保障", "granted")):
        folder = tmp_path / word
        folder.mkdir()
        bureau.packet("reply", fill(workbook, [(word, None, None)] * len(children)), "--out", folder)
        assert said in published.packet("open", next(folder.glob("*.packet")), "--out", tmp_path)
    assert f"已纳入 {len(children)}" in published.packet("status")
    out = tmp_path / "mismatches.csv"
    published.packet("mismatches", "--period", PERIOD, "--out", out)
    assert workbook.stem not in out.read_text()
