"""花名册 as a register of the desk."""

from organization.services.register_kinds import RegisterKind
from organization.services.roster import (
    CATEGORY,
    DEPARTMENT,
    GROUP,
    HIRED,
    LEAVES,
    LEFT,
    NAME,
    NUMBER,
    PARTY,
    PHONE,
    POSTINGS,
    ROLES,
    ROSTER,
    SINCE,
    SPECS,
    TITLE,
    UNTIL,
)
from organization.services.roster_plan import plan_roster

DAY = "如 2020-03-01"
HINTS = {
    (ROSTER, NUMBER): "每人一行；以 0 开头的请把该列设为文本",
    (ROSTER, NAME): "最多 50 字",
    (ROSTER, DEPARTMENT): "路径，如 办公室、审计局/办公室；单独一个 / 表示单位本身；没有的科室会新建",
    (ROSTER, GROUP): "党外人士留空；没有这一列就不动",
    (ROSTER, TITLE): "最多 50 字；没有这一列就不动",
    (ROSTER, ROLES): "干部、联络员、图书管理员、办公室、领导，几个用“、”隔开；留空不动，新人就是干部",
    (ROSTER, HIRED): DAY,
    (ROSTER, LEFT): "留空表示在职",
    (ROSTER, PHONE): "5 至 30 位数字",
    (POSTINGS, DEPARTMENT): "调动过的人写全部任职，否则任职会变成从入职起一直在现在的科室",
    (POSTINGS, UNTIL): "留空就到离职日期，没有离职日期就是至今",
    (LEAVES, CATEGORY): "如 病假、产假、借调",
    (LEAVES, UNTIL): "留空表示至今仍未返岗",
    (PARTY, GROUP): "换过党小组的人写全部",
    (PARTY, UNTIL): "留空就到离职日期，没有离职日期就是至今",
} | {(sheet, SINCE): DAY for sheet in (POSTINGS, LEAVES, PARTY)}


ROSTER_KIND = RegisterKind(
    key="roster",
    title=ROSTER,
    noun="人",
    subject="干部",
    about="人员、科室、任职、请假、党小组和角色。只动表里有的人，表里没有的人保持原样。",
    specs=SPECS,
    hints=HINTS,
    plan=plan_roster,
    model="organization.cadre",
)
