"""图书 and MARC records as registers of the desk."""

from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from organization.roles import Role
from organization.services.register_kinds import FollowUp, RegisterKind
from reading.services.book_register import (
    ACQUIRED,
    AUTHOR,
    BARCODE,
    CALL_NUMBER,
    COPIES,
    DIVISION,
    DONOR,
    ISBN,
    PLACE,
    PUBLISHER,
    SHEET,
    SOURCE,
    SPECS,
    STATE,
    TITLE,
    YEAR,
    plan_books,
)
from reading.services.marc_register import MarcFiles, plan_marc

HINTS = {
    (SHEET, ISBN): "10 位或 13 位，横线可有可无，请设为文本格式；旧书没有就留空",
    (SHEET, TITLE): "最多 200 字；同一 ISBN 的各行书名要一致",
    (SHEET, AUTHOR): "几位作者用分号隔开",
    (SHEET, PUBLISHER): "最多 100 字",
    (SHEET, YEAR): "如 1998、1998年、1998.5",
    (SHEET, DIVISION): "主题类别，或中图法分类号（如 I210.6），或两者，用 / 隔开",
    (SHEET, COPIES): "1 至 500，留空是 1",
    (SHEET, PLACE): "地点的名称、编号或路径（如 阅览室/A架）；新的地点自动建立；只有一个地点时可留空",
    (SHEET, SOURCE): "采购、捐赠、调拨；留空是采购，写了捐赠人的是捐赠",
    (SHEET, DONOR): "来源是捐赠时填写",
    (SHEET, ACQUIRED): "如 2024-03-01，留空是导入当天",
    (SHEET, BARCODE): "书上已有条码才填，一册一行；留空由系统编",
    (SHEET, CALL_NUMBER): "已有索书号才填；留空由系统编",
    (SHEET, STATE): "导出的表里有，导入时不看；丢失、剔除的不再入藏",
}


def print_labels(at: datetime) -> FollowUp:
    """Of just the copies that came in at this moment, not of all that day's."""
    asked = {"registered": timezone.localdate(at).isoformat(), "at": at.isoformat()}
    return FollowUp("打印新馆藏的标签", f"{reverse('labels')}?{urlencode(asked)}")


BOOKS_KIND = RegisterKind(
    key="books",
    title=SHEET,
    noun="行",
    subject="图书",
    about="书目和各册的位置、来源。新书和新的复本加上，目录里空着的项目补上，表里少了的不删除。",
    specs=SPECS,
    hints=HINTS,
    plan=plan_books,
    model="reading.book",
    importers=(Role.LIBRARIAN,),
    follow=print_labels,
)

MARC_KIND = RegisterKind(
    key="marc",
    title="MARC 书目",
    noun="条",
    subject="图书",
    about="图书馆或书商给的 MARC 数据。新的书目加上，写明条码或馆藏地点的各册也加上。",
    specs=(),
    hints={},
    plan=plan_marc,
    model="reading.book",
    form=MarcFiles(),
    importers=(Role.LIBRARIAN,),
    follow=print_labels,
)
