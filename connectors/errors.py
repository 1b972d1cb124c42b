"""What is wrong with a whole delivery, said twice: in Chinese for the clerk who gets it and in English.

Where it is, what was expected, what was found, what to do. A column's name may be printed, a cell's value never.
"""

from __future__ import annotations

from collections.abc import Sequence


class SpecError(ValueError):
    """A feed spec, ours or a site's, that can't be used; says file, key, what was expected and what was found."""


class FeedError(Exception):
    """A delivery that can't be landed. ``str()`` is the English message, ``zh`` the Chinese one."""

    def __init__(self, where: str, en: str, zh: str) -> None:
        super().__init__(f"{where}: {en}")
        self.zh = f"{where}：{zh}"


class ColumnMissing(FeedError):
    """Required columns are absent under every name that the spec knows."""

    def __init__(self, where: str, missing: Sequence[tuple[str, Sequence[str]]], found: str, found_zh: str) -> None:
        wanted = "; ".join(f"`{column}` (looked for {', '.join(names)})" for column, names in missing)
        wanted_zh = "；".join(f"{names[0]}（找过：{'、'.join(names)}）" for _, names in missing)
        column = missing[0][0]
        super().__init__(
            where,
            f"no column for {wanted}. {found} If the department renamed it, add the new name to "
            f"`columns.{column}.from` of the site's feed spec; if it left it out, ask for the delivery again.",
            f"缺少必填列 {wanted_zh}。{found_zh}若部门改了列名，请在本站点该表的接口说明 "
            f"`columns.{column}.from` 中加上新列名；若确实漏报，请对方重新报送。",
        )


class ColumnTwice(FeedError):
    """Two header cells bear the name of one of our columns: which one holds the values can't be known."""

    def __init__(self, where: str, name: str, positions: Sequence[int]) -> None:
        at = ", ".join(str(position) for position in positions)
        super().__init__(
            where,
            f"the header names column {name} {len(positions)} times (columns {at}). Delete or rename the spare ones.",
            f"表头中列名“{name}”出现 {len(positions)} 次（第 {at} 列）。请删除或改名多余的列后重新报送。",
        )


class ColumnsSwapped(FeedError):
    """Two columns hold each other's contents."""

    def __init__(self, where: str, left: str, right: str) -> None:
        super().__init__(
            where,
            f"columns {left} and {right} hold each other's contents: their headers seem to be exchanged. "
            "Put the headers right and deliver again.",
            f"“{left}”列与“{right}”列的内容疑似互换（表头写反）。请更正表头后重新报送。",
        )


class EmptyFile(FeedError):
    """Nothing in the file, not even a header."""

    def __init__(self, where: str) -> None:
        super().__init__(
            where,
            "the file is empty, not even a header line. Ask the department to deliver it again.",
            "文件是空的，连表头也没有。请对方重新报送。",
        )


class NotText(FeedError):
    """A file named as text that is something else."""

    def __init__(self, where: str, found: str, found_zh: str) -> None:
        super().__init__(
            where,
            f"expected delimited text, found {found}. Save it as CSV (UTF-8 or GB18030) and deliver again.",
            f"应为带分隔符的文本文件，实际是{found_zh}。请另存为 CSV（UTF-8 或 GB18030）后重新报送。",
        )


class NotAWorkbook(FeedError):
    """A file named .xlsx that is none, or is damaged."""

    def __init__(self, where: str, found: str, found_zh: str) -> None:
        super().__init__(
            where,
            f"expected an Excel workbook (.xlsx), found {found}. "
            "Open it in Excel or WPS, save it as .xlsx without a password, and deliver it again.",
            f"应为 Excel 工作簿（.xlsx），实际是{found_zh}。请用 Excel 或 WPS 打开，不设密码另存为 .xlsx 后重新报送。",
        )


class WorkbookTooLarge(FeedError):
    """A workbook that would unpack to more than a machine of ours should hold: a mistake or a bomb."""

    def __init__(self, where: str, what: str, what_zh: str) -> None:
        super().__init__(
            where,
            f"the workbook was not opened: {what}. Delete stray cells and formatting, or split it, and deliver again.",
            f"未打开该工作簿：{what_zh}。请清除多余的单元格和格式，或拆分成几个文件后重新报送。",
        )


class SheetMissing(FeedError):
    """The workbook has no sheet of the name the spec gives."""

    def __init__(self, where: str, wanted: str, found: Sequence[str]) -> None:
        super().__init__(
            where,
            f"no sheet {wanted}; the workbook has {', '.join(found)}. Rename the sheet, or set `source.sheet` of the "
            "site's feed spec.",
            f"没有名为“{wanted}”的工作表；现有：{'、'.join(found)}。"
            "请改正工作表名，或在本站点接口说明中设置 `source.sheet`。",
        )


class ManifestBroken(FeedError):
    """MANIFEST.sha256 can't be read, or a file it lists is missing or differs."""

    def __init__(self, where: str, what: str, what_zh: str) -> None:
        super().__init__(
            where,
            f"{what}. Nothing of this table was read; ask for the files, with their manifest, again.",
            f"{what_zh}。该表未读取；请对方连同清单重新报送。",
        )


class FileUnreadable(FeedError):
    """The operating system would not let us read the file."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(
            where,
            f"the file can't be read ({reason}). Check that it is whole and that this user may read it.",
            f"无法读取该文件（{reason}）。请检查文件是否完整、当前用户是否有读取权限。",
        )


class MendedRowsRefused(FeedError):
    """A file of mended rows that can't be landed as a whole; nothing of it was."""

    def __init__(self, where: str, what: str, what_zh: str) -> None:
        super().__init__(
            where,
            f"{what}. Nothing was landed; correct the file and replay it again.",
            f"{what_zh}。未入库任何行；请改正后重新回填。",
        )


class DatabaseUnreachable(FeedError):
    """The department's database does not answer, or does not let us in. ``place`` is its URL without a password."""

    def __init__(self, where: str, place: str, reason: str) -> None:
        super().__init__(
            where,
            f"can't read from {place} ({reason}). Check the address, the account and the network, then run again.",
            f"无法从 {place} 读取（{reason}）。请检查地址、账号和网络后重新运行。",
        )


class TableMissing(FeedError):
    """The database has no table or view of the spec's name."""

    def __init__(self, where: str, place: str, wanted: str, found: Sequence[str]) -> None:
        some = ", ".join(found[:20]) or "none"
        super().__init__(
            where,
            f"no table or view {wanted} in {place}; it has: {some}. Ask the department, or set `source.table` of the "
            "site's feed spec.",
            f"{place} 中没有表或视图 {wanted}；现有：{some}。请与部门核对，或在本站点接口说明中设置 `source.table`。",
        )
