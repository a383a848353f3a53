"""Who works in the invented bureau and what happened to them, told by quarters (0 the earliest, 4 the current)."""

from typing import NamedTuple

ROOT = "/"
OFFICE = "办公室"
LEGAL = "法规审理科"
FINANCE = "财政金融审计科"
OFFICIALS = "经济责任审计科"
WORKS = "固定资产投资审计科"
CENTRE = "固定资产投资审计科/政府投资审计中心"

FIRST, SECOND, THIRD = "第一党小组", "第二党小组", "第三党小组"

CADRE, LIAISON, CLERK, LEADER = "干部", "干部、联络员", "干部、办公室", "领导"
LIBRARIAN = "干部、图书管理员"


class Moment(NamedTuple):
    """Day `day` (from 1; 0 is the day before the first) of the quarter `quarter` (from 0)."""

    quarter: int
    day: int


class Row(NamedTuple):
    """A line of the 花名册; `years`: joined that many years before the earliest quarter's year."""

    number: str
    name: str
    department: str
    party_group: str | None
    title: str
    roles: str
    years: int


STAFF = (
    Row("YZ001", "卞永和", ROOT, FIRST, "党组书记、局长", LEADER, 9),
    Row("YZ002", "冯月琴", ROOT, SECOND, "党组成员、副局长", LEADER, 22),
    Row("YZ003", "覃德明", ROOT, THIRD, "党组成员、总审计师", LEADER, 20),
    Row("YZ004", "姚春燕", OFFICE, FIRST, "主任", CADRE, 19),
    Row("YZ005", "叶晓蓉", OFFICE, FIRST, "副主任", CLERK, 14),
    Row("YZ006", "丁国柱", OFFICE, FIRST, "一级主任科员", CADRE, 33),
    Row("YZ007", "孟凡林", OFFICE, FIRST, "三级主任科员", CADRE, 10),
    Row("YZ008", "邵雨桐", OFFICE, FIRST, "一级科员", LIAISON, 2),
    Row("YZ009", "蒋腊梅", OFFICE, None, "四级主任科员", CADRE, 26),
    Row("YZ010", "段鹏", OFFICE, FIRST, "四级主任科员", CLERK, 7),
    Row("YZ011", "柳素云", LEGAL, FIRST, "科长", CADRE, 24),
    Row("YZ012", "詹伟杰", LEGAL, FIRST, "副科长", LIAISON, 12),
    Row("YZ013", "钱立新", LEGAL, FIRST, "二级主任科员", CADRE, 16),
    Row("YZ014", "欧阳晓棠", LEGAL, FIRST, "一级科员", CADRE, 3),
    Row("YZ015", "邹冬生", LEGAL, FIRST, "二级主任科员", CADRE, 31),
    Row("YZ016", "石广田", FINANCE, SECOND, "科长", CADRE, 21),
    Row("YZ017", "汤慧", FINANCE, SECOND, "副科长", CADRE, 13),
    Row("YZ018", "赵晓丽", FINANCE, SECOND, "三级主任科员", CADRE, 18),
    Row("YZ019", "龙俊杰", FINANCE, SECOND, "四级主任科员", LIAISON, 6),
    Row("YZ020", "黎嘉怡", FINANCE, SECOND, "一级科员", CADRE, 3),
    Row("YZ021", "尹志远", FINANCE, SECOND, "三级主任科员", CADRE, 11),
    Row("YZ022", "阿依努尔·克里木", FINANCE, None, "一级科员", CADRE, 4),
    Row("YZ023", "万晓峰", FINANCE, SECOND, "四级主任科员", CADRE, 8),
    Row("YZ024", "夏建军", OFFICIALS, SECOND, "科长", CADRE, 27),
    Row("YZ025", "韦秋菊", OFFICIALS, SECOND, "副科长", CADRE, 17),
    Row("YZ026", "康雅宁", OFFICIALS, SECOND, "四级主任科员", CADRE, 7),
    Row("YZ027", "谭志刚", OFFICIALS, SECOND, "二级主任科员", CADRE, 23),
    Row("YZ028", "熊思远", OFFICIALS, SECOND, "一级科员", CADRE, 0),
    Row("YZ029", "白雪莹", OFFICIALS, SECOND, "四级主任科员", LIAISON, 5),
    Row("YZ030", "贺桂英", OFFICIALS, None, "三级主任科员", CADRE, 29),
    Row("YZ031", "薛海涛", OFFICIALS, SECOND, "四级主任科员", CADRE, 9),
    Row("YZ032", "崔守义", WORKS, THIRD, "科长", CADRE, 25),
    Row("YZ033", "梁美玲", WORKS, THIRD, "副科长", CADRE, 15),
    Row("YZ034", "方艳", WORKS, THIRD, "四级主任科员", CADRE, 8),
    Row("YZ035", "史金龙", WORKS, THIRD, "三级主任科员", CADRE, 16),
    Row("YZ036", "温小军", WORKS, THIRD, "四级主任科员", CADRE, 12),
    Row("YZ037", "傅子涵", WORKS, None, "试用期公务员", CADRE, 0),
    Row("YZ038", "吕晓静", WORKS, THIRD, "四级主任科员", LIAISON, 9),
    Row("YZ039", "袁志勇", CENTRE, THIRD, "主任", CADRE, 18),
    Row("YZ040", "赵晓丽", CENTRE, THIRD, "审计师", CADRE, 6),
    Row("YZ041", "彭程", CENTRE, THIRD, "助理工程师", LIAISON, 3),
    Row("YZ042", "宋兰芝", CENTRE, None, "会计师", LIBRARIAN, 28),
    Row("YZ043", "郝文斌", CENTRE, THIRD, "高级工程师", CADRE, 13),
)


class Earlier(NamedTuple):
    """A posting before the present one: its last day, and the next one's first if not the day after."""

    number: str
    department: str
    party_group: str | None
    last: Moment
    resumes: Moment | None = None


EARLIER = (
    Earlier("YZ010", FINANCE, SECOND, Moment(2, 30)),
    Earlier("YZ013", OFFICIALS, SECOND, Moment(1, 38), Moment(2, 6)),
    Earlier("YZ020", FINANCE, SECOND, Moment(0, 45)),
    Earlier("YZ020", OFFICE, SECOND, Moment(1, 60)),
    Earlier("YZ023", OFFICIALS, SECOND, Moment(4, 0)),
    Earlier("YZ025", LEGAL, FIRST, Moment(3, 14)),
    Earlier("YZ034", CENTRE, THIRD, Moment(1, 30)),
)

NEWCOMERS = {"YZ028": Moment(1, 9), "YZ037": Moment(3, 62)}

# The last day in service is the last one of that month (1 to 3) of that quarter: a retirement and a move elsewhere.
LEAVERS = {"YZ006": (3, 1), "YZ031": (1, 2)}

PARTY_JOINERS = {"YZ014": Moment(2, 32)}


class Absence(NamedTuple):
    number: str
    kind: str
    first: Moment
    days: int


ABSENCES = (
    Absence("YZ007", "驻村", Moment(1, 36), 730),
    Absence("YZ009", "病假", Moment(1, 20), 12),
    Absence("YZ019", "护理假", Moment(1, 50), 15),
    Absence("YZ026", "产假", Moment(2, 21), 158),
    Absence("YZ027", "脱产学习", Moment(3, 8), 40),
    Absence("YZ030", "病假", Moment(0, 30), 75),
    Absence("YZ036", "借调", Moment(3, 41), 180),
)
