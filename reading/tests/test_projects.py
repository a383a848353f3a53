"""Facility projects: who reads what, budget lines, photographs."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from organization.roles import Role
from organization.tests.test_pictures import picture
from reading.models import BudgetLine, Picture, Project
from reading.services.projects import Money, ProjectFacts, StaleProject, add_project, change_project, sums_of
from reading.tests.factories import BookFactory, PlaceFactory, reader
from reading.tests.hostile import HOSTILE
from reading.tests.people import librarian
from shuxiang.tests.pages import text_of
from shuxiang.tests.queries import queries

__all__ = ["librarian"]
pytestmark = pytest.mark.django_db
NOW = timezone.now() + timedelta(minutes=1)
ODD = [*HOSTILE, "1e999", "NaN"]


def typed(**changed) -> dict:
    rows = {"lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "lines-0-name": "书架", "lines-0-planned": "1,200.5",
            "lines-0-spent": "", "lines-0-voucher": "记-1"}  # fmt: skip
    return {"title": "三楼改造", "place": "", "state": "planned", "since": "2024-03-01", "until": "", **rows, **changed}


def test_a_project_is_entered_with_its_budget(client, librarian):
    client.post(reverse("project_new"), typed())
    line = BudgetLine.objects.get()
    assert (line.item, line.planned, line.spent, line.voucher) == ("书架", Decimal("1200.50"), Decimal(0), "记-1")
    line.spent = Decimal("1300")
    sums = sums_of([line, line])
    assert (sums.planned, sums.spent, sums.left) == (Decimal("2401.00"), Decimal("2600.00"), Decimal("-199.00"))


@pytest.mark.parametrize(
    ("role", "sees"),
    [(Role.CADRE, False), (Role.LIAISON, False), (Role.LEADER, True), (Role.OFFICE, True), (Role.LIBRARIAN, True)],
)
def test_everybody_reads_a_project_and_few_what_it_costs(client, role, sees):
    line = Money("书架", Decimal("7654.32"), Decimal("7000"), "记-9")
    project = add_project(facts=ProjectFacts("改造", None, "done"), lines=[line], by=reader(Role.LIBRARIAN))
    client.force_login(reader(role))
    for address in (reverse("project", args=[project.pk]), reverse("projects")):
        words = text_of(client.get(address).content.decode())
        assert "改造" in words
        assert ("7654.32" in words) == sees


def test_of_two_who_change_a_project_the_second_is_told():
    librarian = reader(Role.LIBRARIAN)
    project = add_project(facts=ProjectFacts("改造", None, "planned"), by=librarian)
    seen = project.changed_at
    facts = [ProjectFacts(title, None, "running") for title in ("甲", "乙")]
    change_project(project=project, seen=seen, facts=facts[0], lines=[Money("灯")], by=librarian, now=NOW)
    with pytest.raises(StaleProject):
        change_project(project=project, seen=seen, facts=facts[1], lines=[], by=librarian, now=NOW)
    assert (Project.objects.get().title, BudgetLine.objects.get().item) == ("甲", "灯")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"until": "2024-02-01"}, "完成日期不能早于开始日期"),
        ({"lines-0-planned": "-1"}, "请填金额"),
        ({"lines-0-name": ""}, "请填写项目"),
        ({"state": "x"}, "请从列出的状态里选"),
        ({"title": " "}, "请填写名称"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(client, librarian, changed, told):
    page = client.post(reverse("project_new"), typed(description="静音地板", **changed)).content.decode()
    assert told in page
    assert "静音地板" in page
    assert Project.objects.count() == 0


@pytest.mark.parametrize("word", ODD)
def test_whatever_is_typed_the_form_answers(client, librarian, word):
    for name in ("title", "place", "state", "since", "until", "description", "lines-0-name", "lines-0-planned",
                 "lines-0-spent", "lines-0-voucher", "lines-TOTAL_FORMS"):  # fmt: skip
        for action in ("", "more"):
            assert client.post(reverse("project_new"), typed(**{"action": action, name: word})).status_code in (
                200,
                302,
            )


def test_photographs_stand_before_and_after_and_are_removed_after_a_question(client, librarian):
    project = Project.objects.create(title="改造")
    for stage in ("before", "after"):
        sent = {"stage": stage, "upload": picture(size=(400, 300)), "caption": f"照片{stage}"}
        assert client.post(reverse("project_photograph", args=[project.pk]), sent).status_code == 302
    page = client.get(reverse("project", args=[project.pk])).content.decode()
    assert page.index("照片before") < page.index("照片after")
    first = Picture.objects.first()
    remove = reverse("photograph_remove", args=[first.pk])
    assert "不能恢复" in client.get(remove).content.decode()
    assert Picture.objects.count() == 2
    assert client.post(remove).url == reverse("project", args=[project.pk])
    assert client.post(remove).status_code == 404
    assert Picture.objects.count() == 1


def test_files_that_are_no_pictures_are_refused_at_the_field(client, librarian):
    place = PlaceFactory()
    for content, told in (
        (b"", "文件是空的"),
        (b"<svg onload=alert(1)>", "文件不是图片"),
        (b"MZ\x00" * 99, "文件不是图片"),
    ):
        sent = {"upload": SimpleUploadedFile("x.jpg", content), "caption": "阅览桌"}
        page = client.post(reverse("space_photograph", args=[place.pk]), sent).content.decode()
        assert told in page
        assert "阅览桌" in page
    assert "请选择一张照片" in client.post(reverse("space_photograph", args=[place.pk]), {}).content.decode()
    assert Picture.objects.count() == 0


def test_the_cover_of_a_book_is_not_removed_here(client, librarian):
    cover = Picture.objects.create(book=BookFactory(), file="x", original_name="x", size=1, width=40, height=40,
                                   uploaded_by=librarian, created_at=NOW)  # fmt: skip
    assert client.post(reverse("photograph_remove", args=[cover.pk])).status_code == 404


@pytest.mark.parametrize("name", ["projects", "project"])
def test_a_page_asks_as_much_for_30_rows_as_for_1(client, librarian, name):
    project = Project.objects.create(title="改造")
    address = reverse(name, args=[project.pk] if name == "project" else [])

    def asked(many: int) -> int:
        for _ in range(many):
            BudgetLine.objects.create(project=project, item="灯")
            other = Project.objects.create(title="另一处", place=PlaceFactory())
            BudgetLine.objects.create(project=other, item="灯")
        return queries(client, address)

    few = asked(1)
    assert asked(29) == few
    assert few <= 10


def test_a_mistake_in_a_row_names_its_field_once(client, librarian):
    page = client.post(reverse("project_new"), typed(**{"lines-0-planned": "-1"})).content.decode()
    assert "第 1 行</a>：预算（元）请填金额" in page
    page = client.post(reverse("project_new"), typed(state="x")).content.decode()
    assert '">请从列出的状态里选' in page
