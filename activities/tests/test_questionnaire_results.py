"""Results: after the end only, from five sheets on; numbers, break-downs, the comparison of two years, the workbook."""

from io import BytesIO

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse
from openpyxl import load_workbook

from activities.services.results import BreakDown, compare, results_of
from activities.tests.asking import a_questionnaire, closed, opened, readers
from activities.tests.factories import ActivityFactory, held
from activities.tests.people import office
from organization.models import AccessEvent
from organization.roles import Role
from organization.services.roles import NotAllowed
from reading.tests.factories import reader

__all__ = ["office"]
pytestmark = pytest.mark.django_db
SIX = [
    {"年龄段": 0, "方式": [0, 1], "打几分": 5, "建议": "=1+1", "满意吗": [1, 0]},
    {"年龄段": 0, "方式": [0], "打几分": 4, "满意吗": [1, None]},
    {"年龄段": 0, "打几分": 3},
    {"年龄段": 1, "建议": "多买书"},
    {"年龄段": 1},
    {"年龄段": 2},
]


def results_page(questionnaire, query=""):
    return reverse("questionnaire_results", args=[questionnaire.pk]) + query


def test_numbers_shares_and_means():
    single, multiple, scale, text, matrix = results_of(closed(readers(6), *SIX)).answers
    assert [(bar.label, bar.count, bar.shown) for bar in single.lines[0].bars] == [
        ("青", 3, "50.0%"), ("中", 2, "33.3%"), ("老", 1, "16.7%"),
    ]  # fmt: skip
    assert [(bar.count, bar.whole) for bar in multiple.lines[0].bars] == [(2, 2), (1, 2), (0, 2)]
    assert (scale.lines[0].mean, scale.answered) == ("4.00", 3)
    assert sorted(text.texts) == ["=1+1", "多买书"]
    assert [[bar.count for bar in line.bars] for line in matrix.lines] == [[0, 2], [1, 0]]


@pytest.mark.parametrize(("count", "is_enough"), [(4, False), (5, True)])
def test_from_five_sheets_on(client, office, count, is_enough):
    made = closed([office, *readers(6)], *SIX[:count])
    page = client.get(results_page(made)).content.decode()
    assert ("答卷不足 5 份，为保护填写人不显示结果" in page) == (not is_enough)
    assert ("年龄段" in page) == is_enough
    assert bool(results_of(made).answers) == is_enough
    status = client.get(reverse("questionnaire_workbook", args=[made.pk])).status_code
    assert status == (200 if is_enough else 404)


def test_nothing_before_the_end(client, office):
    made = opened([office])
    with pytest.raises(NotAllowed):
        results_of(made)
    assert client.get(results_page(made)).status_code == 302


def test_the_invited_see_charts_and_neither_texts_nor_groups(client):
    people = readers(6)
    made = closed(people, *SIX)
    client.force_login(people[0])
    page = client.get(results_page(made, f"?by={made.questions.all()[0].pk}")).content.decode()
    assert "打几分" in page
    assert "多买书" not in page
    assert "分组" not in page
    client.force_login(reader())
    assert client.get(results_page(made)).status_code == 404


def groups(*sizes, **more):
    return [{"年龄段": group} | more for group, size in enumerate(sizes) for _ in range(size)]


def test_a_small_group_and_what_would_give_it_away_is_not_told():
    made = closed(readers(21), *groups(9, 8, 4, 打几分=4, 满意吗=[1, 1]))
    broken = BreakDown(results_of(made), made.questions.all()[0])
    assert (broken.told, list(broken.tables())) == ([("青", 9)], [])


def test_cells_under_five_and_their_protection_are_not_told():
    contents = [*groups(10, 10), *groups(0, 0, 10)]
    for place, content in enumerate(contents):
        content["方式"] = [0] if place < 2 else [1]
        content["打几分"] = 1 + place % 5
    made = closed(readers(30), *contents)
    multiple, scale, *_ = BreakDown(results_of(made), made.questions.all()[0]).tables()
    first = [row.cells[0][1] for row in multiple.rows]
    assert first[0] is None  # two people
    assert first.count(None) >= 2
    assert [row.mean for row in scale.rows] == ["3.00"] * 3


def test_two_years_side_by_side_by_equal_words(client, office, django_assert_max_num_queries):
    people = [office, *readers(5)]
    first, second = closed(people, *SIX, baseline_year=2025), closed(people, *SIX[:5], baseline_year=2026)
    second.questions.filter(text="打几分").update(most=10)
    pairs = compare(results_of(second), results_of(first))
    assert [(pair.question.text, pair.label) for pair in pairs] == [
        ("年龄段", ""), ("方式", ""), ("满意吗", "内容"), ("满意吗", "时间"),
    ]  # fmt: skip
    assert next((own.shown, other.shown) for own, other in pairs[0].bars) == ("60.0%", "50.0%")
    with django_assert_max_num_queries(10):
        page = client.get(results_page(second, f"?with={first.pk}")).content.decode()
    assert "2026 年与 2025 年" in page
    assert "不说明是什么原因" in page
    for strange in ("?with=x&by=x", f"?with={'9' * 30}", f"?with={second.pk}", "?by=%00"):
        assert client.get(results_page(second, strange)).status_code == 200


def test_the_workbook_holds_numbers_and_texts_and_its_export_is_recorded(client, office):
    made = closed([office, *readers(5)], *SIX)
    response = client.get(reverse("questionnaire_workbook", args=[made.pk]))
    book = load_workbook(BytesIO(b"".join(response.streaming_content)))
    rows = list(book["统计"].iter_rows(min_row=4, values_only=True))
    assert rows[0] == (1, "年龄段", "单选", None, "青", 3, 0.5, 6, None)
    assert sorted(row[2] for row in book["填空"].iter_rows(min_row=4, values_only=True)) == ["=1+1", "多买书"]
    assert AccessEvent.objects.filter(action="export", actor=office, about=f"问卷 {made.pk}").count() == 1


def part(viewer, activity, django_assert_max_num_queries):
    request = RequestFactory().get("/")
    request.user = viewer
    template = Template("{% load questionnaires %}{% questionnaires_part activity %}")
    assert viewer.roles
    with django_assert_max_num_queries(2):
        return template.render(Context({"request": request, "activity": activity}))


def test_the_part_of_the_activity_page(django_assert_max_num_queries):
    people, activity = readers(2), held(organiser=reader())
    made = opened(people[:1], activity=activity)
    a_questionnaire(activity=activity, title="草稿")
    asked, other, organiser, clerk = (
        part(each, activity, django_assert_max_num_queries)
        for each in (people[0], people[1], activity.organiser, reader(Role.OFFICE))
    )
    assert reverse("questionnaire_answer", args=[made.pk]) in asked
    assert "草稿" not in asked
    assert other.strip() == ""
    assert "发放活动后反馈" in organiser
    assert "草稿" in clerk
    assert part(clerk_of := reader(), ActivityFactory(), django_assert_max_num_queries).strip() == "", clerk_of
