import pytest

from stewardship.masking import masked


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("110101201801011234", "number", "110101********1234"),
        ("G110101201801011234", "number", "G110101********1234"),
        ("110101180101123", "number", "110101******123"),
        ("X0123471", "number", "X0****71"),
        ("1234567", "number", "*******"),
        ("13800001234", "phone", "138****1234"),
        ("8322123", "phone", "*****23"),
        ("湖北省天门市前进乡西村4组107号", "address", "湖北省天门市***********"),
        ("湖北省天门市阳光小区5栋", "address", "湖北省天门市******"),
        ("湖北省天门市城北村州湾6组", "address", "湖北省天门市*******"),
        ("江苏省镇江市京口区学府路1号", "address", "江苏省镇江市京口区*****"),
        ("北京市朝阳区望京西园四区408", "address", "北京市朝阳区*********"),
        ("前进乡西村4组107号", "address", "***********"),
        ("4组1号", "address", "****"),
        ("", "number", ""),
    ],
)
def test_masked(text, kind, shown):
    assert masked(text, kind) == shown


@pytest.mark.parametrize("kind", ["number", "phone", "address", "word"])
def test_a_masked_value_is_as_long_as_the_value_so_that_marks_stay_in_place(kind):
    for text in ("429006201801011234", "13800001234", "湖北省天门市前进乡西村", "张三", "7"):
        assert len(masked(text, kind)) == len(text)
