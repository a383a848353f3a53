"""Invented works for the showcase, and somebody signed in who looks at them.

`python -m shuxiang.benchmarks.shown_works N` migrates DATABASE_URL's database, which must be empty, fills it and
prints the session's key.
"""

import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta

import django
from django.core.management import call_command
from django.db import connection, transaction

from shuxiang.periods import Quarter

DEPARTMENTS, CADRES = 30, 600
FIRST = date(2021, 1, 4)
HAN = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜金生丽水玉出昆冈"
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "嘉怡文彬建军月琴志勇守义俊杰春燕永和"
TITLES = ("读《{}》", "诵读《{}》", "荐读《{}》", "{}（散文）", "从《{}》想到的", "{}与两地书")


def fill(works: int) -> None:
    if connection.introspection.table_names():
        raise SystemExit("这个数据库里已有数据，没有写入任何内容；测速只用新建的空数据库。")
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        write(works, random.Random(20_260))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def han(dice: random.Random, length: int) -> str:
    return "".join(dice.choices(HAN, k=length))


def write(works: int, dice: random.Random) -> None:
    from organization.models import Cadre, Department, Posting
    from submissions.models import Attachment, Contributor, Submission, Version
    from submissions.services.search import index_works

    root = Department.objects.create(name="云山县局", kind="agency")
    places = Department.objects.bulk_create(
        Department(name=f"第{number}科", parent=root, position=number) for number in range(DEPARTMENTS)
    )
    people = Cadre.objects.bulk_create(
        Cadre(employee_number=f"K{number:05}", name=dice.choice(SURNAMES) + "".join(dice.sample(GIVEN, 2)))
        for number in range(CADRES)
    )
    Posting.objects.bulk_create(
        Posting(cadre=person, department=places[number % DEPARTMENTS], since=date(2020, 1, 1))
        for number, person in enumerate(people)
    )
    made = Submission.objects.bulk_create(invented(works, dice), batch_size=1000)
    versions = Version.objects.bulk_create(
        (
            Version(submission=work, title=work.title, body=han(dice, 900), author="佚名", book_title=han(dice, 4))
            for work in made
        ),
        batch_size=1000,
    )
    Contributor.objects.bulk_create(
        (Contributor(submission=work, cadre=dice.choice(people), position=0, state="confirmed") for work in made),
        batch_size=1000,
    )
    Attachment.objects.bulk_create(
        (
            Attachment(version=version, role="audio", file="none", original_name="录音", size=1, sha256="0" * 64)
            for version in versions
            if version.submission.kind == "recitation"
        ),
        batch_size=1000,
    )
    for version in versions[::10]:
        Submission.objects.filter(pk=version.submission_id).update(grade="excellent", graded_version=version)
    index_works(Submission.objects.all())


def invented(works: int, dice: random.Random) -> Iterator:
    from submissions.kinds import Kind
    from submissions.models import Submission

    for number in range(works):
        day = FIRST + timedelta(days=number * 1800 // works)
        yield Submission(
            reference=f"ZP{number:07}",
            kind=dice.choice(Kind.values),
            title=dice.choice(TITLES).format(han(dice, dice.randint(2, 8))),
            state="approved",
            credit_date=day,
            quarter=str(Quarter.of(day)),
            show_in_showcase=True,
        )


def session() -> str:
    from django.contrib.auth.models import Group
    from django.test import Client

    from organization.models import Cadre

    reader = Cadre.objects.order_by("pk").first()
    assert reader is not None
    reader.groups.add(Group.objects.get(name="干部"))
    client = Client()
    client.force_login(reader)
    return client.cookies["sessionid"].value


if __name__ == "__main__":
    django.setup()
    fill(int(sys.argv[1]))
    sys.stdout.write(f"{session()}\n")
