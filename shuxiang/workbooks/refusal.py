"""The refusal of a whole workbook."""

DAMAGED = "文件已损坏或内部结构不完整，无法读取。请用 Excel 或 WPS 打开检查后另存为 .xlsx，再重新导入。"


class WorkbookRefused(Exception):
    """The whole file is refused; str() is a Chinese sentence: what is wrong and what to do."""
