"""What came of activities that were held: minutes, conclusions, speakers, pictures, something to hand out."""

import hashlib
from dataclasses import replace
from datetime import time, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from activities.kinds import LECTURE, READING_DAY, SHARING, Part
from activities.models import Activity, Attendance, Photograph
from activities.services.content import ActivityContent, Title, Voice
from activities.services.materials import add_material, materials_of
from activities.services.minutes import Outcome, record_outcome
from activities.services.scheduling import edit
from reading.models import Book
from shuxiang.demo.scenes import HEIGHT, WIDTH, Scene
from shuxiang.demo_activities.recurring import HALL, ROOM
from shuxiang.demo_reading.moments import Office
from shuxiang.uploads import random_name

# By category: place, books, minutes, conclusions.
OUTCOMES = {
    SHARING: (
        HALL, ("乡土中国", "史记"),
        "会议由{organiser}主持，{speakers}依次发言，每人约二十分钟。\n\n"
        "一、从书里看到的。发言的同事都没有复述内容，而是各举了一件经手的事：进村核对补贴时听不懂的一句方言，"
        "一份被退回三次的底稿，一张对不上日期的照片。\n\n"
        "二、提问。有同事问读书心得怎样避免写成摘抄，大家的看法是先写事、后写书，书只引一两句。\n\n"
        "三、会后安排。三篇发言整理成文，由各人自己决定是否作为读书心得上报。",
        "1. 下次分享会每人发言压缩到十五分钟，提问增加到四十分钟。\n"
        "2. 会前一周在门户公布书目，阅览室每种留两册不外借。\n"
        "3. 请固定资产投资审计科推荐一位下次的主讲人。",
    ),
    LECTURE: (
        HALL, ("古文观止", "中国审计史"),
        "{speakers}主讲，{count} 人到场。讲座分三部分：先讲文章怎样交代一件事的来龙去脉，再讲怎样用事实说明问题，"
        "最后对照两份审计报告，逐句看哪些话可以删去。\n\n"
        "互动中，大家提出报告里“进一步加强”“切实提高”一类的话最多，现场改写了五处。",
        "1. 改写的五处整理成一页对照表，发各科室参考。\n"
        "2. 法规审理科审理报告时，对空话单独标注，每季度汇总一次。",
    ),
    READING_DAY: (
        ROOM, ("我们仨",),
        "上午九时开始，静读一小时，随后自愿交流。{speakers}领读，{count} 人参加，四位同事带了孩子。\n\n"
        "交流时谈得最多的是怎样挤出时间：有人固定在午饭后读二十分钟，有人把书放在车里。",
        "1. 书角增设一层童书，由阅览室从捐赠图书里挑选。\n2. 静读时间不安排拍照。",
    ),
}  # fmt: skip
SCENES = {
    SHARING: (
        (Scene("table", "#E9E1D0", 3), "三位同事依次发言"),
        (Scene("corner", "#E3E4DC", 11), "会后，大家围着新书翻看"),
    ),
    LECTURE: (
        (Scene("lecture", "#E6E2D8", 5), "讲座现场"),
        (Scene("table", "#EDE6D8", 8), "分组改写报告"),
    ),
    READING_DAY: ((Scene("corner", "#EFE6D3", 2), "领读一节，其余的人听"),),
}
HANDED_OUT = {
    SHARING: ("分享会发言提纲", (
        "读书分享会发言提纲\n\n一、先讲一件事\n自己经手的，时间、地点、难处说清楚。三分钟。\n\n"
        "二、再讲一本书\n这本书里哪一句、哪一章帮上了忙。只引一两处。五分钟。\n\n"
        "三、最后讲做法\n回去以后改了什么，效果怎样；没有效果也照实说。五分钟。\n\n提问两分钟一人，请简短。\n"
    )),
    LECTURE: ("空话改写对照表", (
        "审计报告用语改写对照（讲座现场整理）\n\n"
        "原句：有关部门应进一步加强资金管理，切实提高使用效益。\n改为：请县民政局在六月底前收回多付的补贴，逐笔登记。\n\n"
        "原句：存在一定程度的不规范现象。\n改为：抽查的 40 份合同中，有 6 份没有签订日期。\n\n"
        "原句：整改工作取得了明显成效。\n改为：应整改 12 项，已完成 9 项，其余 3 项在办。\n"
    )),
}  # fmt: skip


def last_held(office: Office, category: str) -> Activity:
    """Of those that are over, so that there was time to write."""
    found: Activity = Activity.objects.held().filter(category=category, date__lt=office.today).latest("date", "pk")
    return found


def write_minutes(office: Office) -> None:
    for category, (venue, titles, minutes, conclusions) in OUTCOMES.items():
        activity = last_held(office, category)
        present = Attendance.objects.filter(activity=activity, is_void=False).select_related("cadre")
        speakers = [row.cadre for row in present.filter(capacity=Attendance.Capacity.SPEAKING).order_by("pk")]
        organiser = office.people["YZ042" if category == READING_DAY else "YZ008"]
        part = Part.LEAD if category == READING_DAY else Part.LECTURER
        books = {book.title: book for book in Book.objects.filter(title__in=titles)}
        content = replace(
            ActivityContent.of(activity), venue=venue, organiser=organiser,
            starts_at=time(9) if category == READING_DAY else time(15),
            ends_at=time(11) if category == READING_DAY else time(17),
            voices=[Voice(part, speaker) for speaker in speakers],
            titles=[Title(title, books.get(title)) for title in titles],
        )  # fmt: skip
        at = office.at(activity.date + timedelta(days=1), time(10, 20))
        edit(activity=activity, seen=activity.version, content=content, by=office.clerk, now=at)
        activity.refresh_from_db()
        words = {
            "organiser": organiser.name,
            "speakers": "、".join(speaker.name for speaker in speakers),
            "count": present.values("cadre").distinct().count(),
        }
        outcome = Outcome(minutes=minutes.format(**words), conclusions=conclusions)
        record_outcome(activity=activity, seen=activity.version, outcome=outcome, by=office.clerk, now=at)


def hand_out(office: Office) -> None:
    for category, (title, text) in HANDED_OUT.items():
        activity = with_minutes(category)
        if not materials_of(activity).exists():
            upload = ContentFile(text.encode(), name=f"{title}.txt")
            add_material(owner=activity, upload=upload, by=office.clerk, now=office.now, title=title)


def show_pictures(office: Office) -> None:
    """Beside the service, which draws a stranger's picture anew in a process of its own, like the covers of books."""
    for category, scenes in SCENES.items():
        activity = with_minutes(category)
        shown = set(activity.photographs.values_list("caption", flat=True))
        for position, (scene, caption) in enumerate(scenes, start=1):
            if caption not in shown:
                keep_picture(office, activity, scene, caption, position)


def with_minutes(category: str) -> Activity:
    found: Activity = Activity.objects.held().filter(category=category).exclude(minutes="").latest("date")
    return found


def keep_picture(office: Office, activity: Activity, scene: Scene, caption: str, position: int) -> None:
    whole, small = scene.jpegs()
    Photograph.objects.create(
        activity=activity, caption=caption, position=position, original_name=f"{caption}.jpg", width=WIDTH,
        height=HEIGHT, uploaded_by=office.clerk, created_at=office.now,
        file=default_storage.save(random_name(None, ""), ContentFile(whole)), size=len(whole),
        sha256=hashlib.sha256(whole).hexdigest(),
        thumbnail=default_storage.save(random_name(None, ""), ContentFile(small)), thumbnail_size=len(small),
        thumbnail_sha256=hashlib.sha256(small).hexdigest(),
    )  # fmt: skip
