"""残联: disability cards and applications for rehabilitation aid."""

from __future__ import annotations

import numpy as np

from connectors.sample import citizen_no, peoples
from connectors.sample.faults import Spoiler
from connectors.sample.feeds.table import Table, plain
from connectors.sample.scene import Rows, Scene, choose, worded
from connectors.sample.streams import Ints, Texts, texts

_KINDS = ("视力", "听力", "言语", "肢体", "智力", "精神", "多重")
_GRADES = ("一级", "二级", "三级", "四级")
_ITEMS = (
    "人工耳蜗植入",
    "助听器适配",
    "肢体矫治手术",
    "运动疗法",
    "认知训练",
    "孤独症康复训练",
    "辅助器具适配",
    "低视力康复",
)
_STATES = ("待审核", "已批准", "康复中", "已结束")


class Rehabilitation(Table):
    """残疾儿童康复: one row an application; a reissued card has a new number."""

    feed, table = "disabled_federation", "rehabilitation"
    key = ("残疾人证号", "申请日期")
    columns = (
        "残疾人证号",
        "姓名",
        "性别",
        "出生日期",
        "民族",
        "残疾类别",
        "残疾等级",
        "户籍地区划",
        "户籍地址",
        "居住地区划",
        "居住地址",
        "监护人姓名",
        "监护人关系",
        "监护人电话",
        "康复项目",
        "康复机构",
        "申请日期",
        "救助状态",
    )

    def select(self, scene: Scene) -> Rows:
        """One child in ninety; a quarter applied twice, an eighth had the card reissued."""
        standing = scene.standing
        near = standing.is_here | standing.belongs_here
        card = near & standing.has_number & (standing.age_days > 700) & (scene.chance("disabled") < 0.011)
        again = card & (scene.chance("applied again") < 0.25)
        reissued = card & (scene.chance("card reissued") < 0.12)
        return scene.of_children((card, 0), (again, 1), (reissued, 2))

    def files(self, scene: Scene, rows: Rows) -> tuple[tuple[str, ...], Ints]:
        """One workbook."""
        return (f"残疾儿童康复_{scene.county.geography.jurisdiction}.xlsx",), np.zeros(len(rows), dtype=np.int64)

    def render(self, scene: Scene, rows: Rows, ids: Ints, spoil: Spoiler) -> dict[str, Texts]:
        """Write applications."""
        child, standing, children = rows.child, scene.standing, scene.county.children
        geography = scene.county.geography
        kind = scene.luck.whole(child, "disability kind") % 7
        grade = scene.luck.whole(child, "disability grade") % 4
        ending = texts([f"{a + 1}{b + 1}" for a, b in zip(kind.tolist(), grade.tolist(), strict=True)])
        card = citizen_no.written(children.number[child]) + ending + choose(rows.copy == 2, "B1", "")
        applied = scene.today - 10 - scene.luck.whole(child * 4 + rows.copy, "applied") % 700
        applied = np.maximum(applied, children.born[child] + 400)
        home = scene.homes(child, standing.stay[child])
        hukou = standing.hukou[child]
        hukou_home = scene.homes(child, np.where(standing.is_settled[child], 1, 0))
        first, _ = scene.guardians(child)
        place = standing.residence[child]
        cells = {
            "残疾人证号": _typed(card, spoil, ids),
            "姓名": self.child_names(scene, rows, ids, spoil, "姓名"),
            "性别": self.sexes(scene, rows, ids, spoil, "性别", ("男", "女")),
            "出生日期": self.births(scene, rows, ids, spoil, "%Y-%m-%d"),
            "民族": peoples.written(scene.county.families.people[rows.family], ids, scene.luck, 0.05, 0.02),
            "残疾类别": worded(_KINDS, kind),
            "残疾等级": worded(_GRADES, grade),
            "户籍地区划": spoil.codes(ids, "户籍地区划", hukou, hukou_home),
            "户籍地址": choose(
                hukou >= 0, geography.addresses(np.maximum(hukou, 0), hukou_home, np.full(len(ids), 2)), ""
            ),
            "居住地区划": spoil.codes(ids, "居住地区划", place, home),
            "居住地址": geography.addresses(place, home, np.full(len(ids), 1)),
            "康复项目": worded(_ITEMS, scene.luck.whole(ids, "item") % len(_ITEMS)),
            "康复机构": geography.names[place] + "残疾人康复中心",
            "申请日期": plain(applied, "%Y-%m-%d"),
            "救助状态": worded(_STATES, scene.luck.whole(ids, "aid") % 4),
        }
        return cells | self.adult(scene, rows, ids, spoil, first, ("监护人姓名", "监护人关系", "", "监护人电话"))


def _typed(cards: Texts, spoil: Spoiler, ids: Ints) -> Texts:
    rates = {"wrong_digit": spoil.rates.wrong_digit, "spaces_in_number": spoil.rates.spaces_in_number}
    for fault, at in spoil.hits(ids, "残疾人证号", rates).items():
        for position in at.tolist():
            card = cards[position]
            if fault == "wrong_digit":
                digit = str((int(card[16]) + 1) % 10)
                cards[position] = card[:16] + digit + card[17:]
            else:
                cards[position] = f"{card[:6]} {card[6:14]} {card[14:]}"
    return cards
