"""What values of a type look like."""

import pytest

from connectors import shapes
from connectors.specs import ColumnSpec


def fits(kind, text, **given):
    return shapes.of(ColumnSpec(sources=("x",), type=kind, sensitivity="none", title="x", **given))(text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("name", "王安"),
        ("name", "阿卜杜·热合曼"),
        ("name", "王  安"),
        ("name", "WANG AN"),
        ("name", "བཀྲ་ཤིས"),
        ("name", "王□"),
        ("name", "王|安"),
        ("citizen_no", "11010519491231002X"),
        ("citizen_no", "１１０１０５ 19491231 002x"),
        ("citizen_no", "110105491231002"),
        ("citizen_no", "110105-19491231-002x"),
        ("citizen_no", "1.10105E+17"),
        ("citizen_no", "H12345678"),
        ("citizen_no", "'110105194912310021"),
        ("citizen_no", '="110105194912310021"'),
        ("date", "20160230"),
        ("date", "2016-02-30"),
        ("date", "16/2/3"),
        ("date", "2016年2月3日"),
        ("date", "农历二月初三"),
        ("date", "42409"),
        ("division", "429006"),
        ("division", "429006001002"),
        ("division", "天门市"),
        ("phone", "+86 139-0000-0001"),
        ("phone", "0728-5222222"),
        ("money", "1,234.50"),
        ("key_number", "G11010519491231002X"),
        ("address", "anything | at all, 1"),
        ("name", ""),
        ("date", "  "),
    ],
)
def test_a_value_however_faulty_has_the_shape_of_its_kind(kind, text):
    assert fits(kind, text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("name", "男"),
        ("name", "11010519491231002X"),
        ("citizen_no", "王安"),
        ("citizen_no", "20160203"),
        ("date", "11010519491231002X"),
        ("date", "王安"),
        ("division", "竟陵街道东湖路1号"),
        ("division", "20160203"),
        ("phone", "110105194912310021"),
        ("phone", "王安"),
        ("key_number", "竟陵"),
        ("money", "红"),
    ],
)
def test_a_value_of_another_kind_has_not(kind, text):
    assert not fits(kind, text)


def test_a_code_word_is_one_of_the_columns_own():
    assert fits("word", " 男 ", words={"男": "male"})
    assert not fits("word", "男孩", words={"男": "male"})
