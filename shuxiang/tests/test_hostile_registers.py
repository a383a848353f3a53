"""Every hostile workbook through import_roster: read right, or refused with nothing written and a reason."""

from datetime import date

import pytest

from organization.models import Cadre, Posting
from shuxiang.tests.fixtures import SAMPLES
from shuxiang.tests.registers import refusal, run, stored

pytestmark = pytest.mark.django_db
FOLDER = SAMPLES / "hostile" / "xlsx"

# What is read, as (工号, 姓名, 入职日期) of some of the people; anything else in the folder must be in REFUSED.
READ = {
    "dates_mixed.xlsx": [
        ("A0001", "张三", date(2020, 3, 1)),
        ("A0002", "李四", date(2019, 7, 15)),
        ("A0003", "王𠮷", date(2015, 1, 9)),
        ("A0004", "阿依古丽·买买提", date(2021, 11, 30)),
    ],
    "empty_rows_1048576.xlsx": [("A0001", "张三", date(2020, 3, 1))],
    "fullwidth_digits.xlsx": [("A0001", "张三", date(2020, 3, 1))],
    "header_with_spaces_star.xlsx": [("A0001", "张三", date(2020, 3, 1))],
    "merged_header.xlsx": [("A0001", "张三", date(2020, 3, 1))],
    "quoteprefix_text_formula.xlsx": [("A0002", "=cmd|'/c calc'!A0", date(2019, 7, 15))],
}
REFUSED = {
    "bad_zero_byte.xlsx": "空",
    "bomb_shared_strings_200mb.xlsx": "超过上限",
    "chartsheet_only.xlsx": "没有工作表",
    "duplicate_ids.xlsx": "工号 A0001 在第 2、6、7、8 行重复",
    "edge_header_only.xlsx": "没有数据行",
    "error_cells.xlsx": "第 2 行“姓名”：是错误值 #N/A",
    "macro_xlsm_renamed.xlsx": "宏",
    "real_97.xls": ".xls",
    "total_row_at_bottom.xlsx": "第 6 行“工号”",
    "trunc.xlsx": "不完整",
    "unknown_department.xlsx": "第 3 行“科室”：为空",
    "xss_names.xlsx": "第 2 行“手机号”：是公式",
    "xxe_billion_laughs.xlsx": "实体声明",
    "xxe_shared_strings.xlsx": "实体声明",
}


def test_every_sample_is_listed_here():
    assert {path.name for path in FOLDER.glob("*.xls*")} == {*READ, *REFUSED}


@pytest.mark.parametrize("name", sorted(READ))
def test_read_right(name):
    run("import_roster", FOLDER / name, agency="测试局")
    people = dict(Cadre.objects.values_list("employee_number", "name"))
    since = dict(Posting.objects.values_list("cadre__employee_number", "since"))
    for number, person, hired in READ[name]:
        assert (people[number], since[number]) == (person, hired)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_refused_with_nothing_written(name):
    before = stored()
    assert REFUSED[name] in refusal("import_roster", FOLDER / name, agency="测试局")
    assert stored() == before
