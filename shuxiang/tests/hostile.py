"""What each hostile register must get, by command and at the desk alike."""

from datetime import date

from shuxiang.tests.fixtures import SAMPLES

FOLDER = SAMPLES / "hostile" / "xlsx"
FIRST = ("A0001", "张三", date(2020, 3, 1))

# What is read, as (工号, 姓名, 入职日期) of some of the people; anything else in the folder must be in REFUSED.
READ = {
    "dates_mixed.xlsx": [
        FIRST,
        ("A0002", "李四", date(2019, 7, 15)),
        ("A0003", "王𠮷", date(2015, 1, 9)),
        ("A0004", "阿依古丽·买买提", date(2021, 11, 30)),
    ],
    "edge_quoted_newline.csv": [("A0002", "李四", date(2019, 7, 15))],
    "empty_rows_1048576.xlsx": [FIRST],
    "fullwidth_digits.xlsx": [FIRST],
    "header_with_spaces_star.xlsx": [FIRST],
    "merged_header.xlsx": [FIRST],
    "ok_gb18030.csv": [FIRST, ("A0003", "王𠮷", date(2015, 1, 9))],
    "ok_gbk.csv": [FIRST, ("A0003", "王吉", date(2015, 1, 9))],
    "ok_utf8.csv": [FIRST, ("A0003", "王𠮷", date(2015, 1, 9))],
    "ok_utf8_bom.csv": [FIRST, ("A0004", "阿依古丽·买买提", date(2021, 11, 30))],
    "quoteprefix_text_formula.xlsx": [("A0002", "=cmd|'/c calc'!A0", date(2019, 7, 15))],
    "real_97.xls": [FIRST, ("A0004", "阿依古丽·买买提", date(2021, 11, 30))],
}
# Refused as a whole: nothing is kept of it.
REFUSED_FILES = {
    "bad_zero_byte.xlsx": "空",
    "bomb_shared_strings_200mb.xlsx": "超过上限",
    "chartsheet_only.xlsx": "没有工作表",
    "edge_header_only.xlsx": "没有数据行",
    "macro_xlsm_renamed.xlsx": "宏",
    "trunc.xlsx": "不完整",
    "xxe_billion_laughs.xlsx": "实体声明",
    "xxe_shared_strings.xlsx": "实体声明",
}
# Refused row by row: sheet, row, column and a word of the reason.
REFUSED_ROWS = {
    "duplicate_ids.xlsx": ("花名册", 2, "工号", "工号 A0001 在第 2、6、7、8 行重复"),
    "edge_ragged.csv": ("花名册", 6, "", "列数不对"),
    "error_cells.xlsx": ("花名册", 2, "姓名", "是错误值 #N/A"),
    "total_row_at_bottom.xlsx": ("花名册", 6, "工号", "无效"),
    "unknown_department.xlsx": ("花名册", 3, "科室", "为空"),
    "xss_names.xlsx": ("花名册", 2, "手机号", "是公式"),
}
