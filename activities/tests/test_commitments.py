"""The pages of commitments: each number opens its list."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.kinds import LECTURE, SHARING, Pattern
from activities.models import Commitment, CommitmentWarning
from activities.tests.factories import SeriesFactory
from activities.tests.promises import SCHEDULED, TODAY, at, nothing_promised, on, promised
from organization.models import DepartmentKind
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.tests.factories import reader
from reading.tests.hostile import HOSTILE
from shuxiang.tests.queries import queries

__all__ = ["nothing_promised"]
pytestmark = pytest.mark.django_db


@pytest.mark.at(at(TODAY))
def test_each_number_opens_its_list(client):
    SeriesFactory(category=SHARING, pattern=Pattern.QUARTERLY, month=1)
    commitment = promised()
    held = on(date(2026, 2, 1), title="一月的分享")
    coming, late = on(date(2026, 11, 1), SCHEDULED), on(date(2026, 8, 1), SCHEDULED)
    client.force_login(reader(Role.LEADER))
    page = client.get(reverse("commitments")).content.decode()
    url = reverse("commitment", args=[2026, commitment.pk])
    for words in (
        f'{url}?show=held">已举办 <b>1</b> 次',
        "应办 4 次",
        "已安排 1 次",
        "待登记 1 次",
        "缺 1 期",
        "来不及",
    ):
        assert words in page
    shown = lambda show: [each.id for each, _, _ in client.get(url, {"show": show}).context["rows"]]  # noqa: E731
    assert (shown("held"), shown("coming"), shown("unrecorded")) == ([held.pk], [coming.pk], [late.pk])
    assert shown("") == [held.pk, late.pk, coming.pk]
    missing = client.get(url, {"show": "missing"}).content.decode()
    assert "第二季度" in missing
    assert "已过" in missing


@pytest.mark.at(at(TODAY))
def test_the_root_looks_at_one_agency_and_a_county_at_its_own(client):
    root = bureau()
    ours = DepartmentFactory(parent=root, kind=DepartmentKind.AGENCY)
    commitment = promised(target=2)
    on(date(2026, 2, 1), department=ours)
    client.force_login(CadreFactory(roles=[Role.OFFICE], department=root))
    url = reverse("commitment", args=[2026, commitment.pk])
    assert len(client.get(url).context["gauge"].held) == 0
    assert len(client.get(url, {"agency": ours.pk}).context["gauge"].held) == 1
    client.force_login(CadreFactory(roles=[Role.OFFICE], department=ours))
    assert len(client.get(url, {"agency": root.pk}).context["gauge"].held) == 1
    for viewer in (reader(), reader(Role.LIAISON)):
        client.force_login(viewer)
        assert client.get(url).status_code == client.get(reverse("commitments")).status_code == 404


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_addresses_are_passed_over(text, client):
    client.force_login(reader(Role.OFFICE))
    commitment = promised(target=2)
    asked = dict.fromkeys(("year", "agency", "show", "page"), text)
    assert client.get(reverse("commitments"), asked).status_code == 200
    assert client.get(reverse("commitment", args=[2026, commitment.pk]), asked).status_code == 200
    assert client.get(reverse("commitment", args=[99999, commitment.pk])).status_code == 404


def test_as_many_queries_for_thirty_as_for_one(client):
    client.force_login(reader(Role.OFFICE))
    counts = []
    for number in (1, 29):
        for place in range(number):
            SeriesFactory(category=f"类型{number}{place}")
            promised(category=f"类型{number}{place}")
            on(timezone.localdate(), category=f"类型{number}{place}")
        counts.append(queries(client, reverse("commitments")))
    assert counts[0] == counts[1] <= 10


def test_the_roots_office_sets_them_at_the_desk(client):
    client.force_login(reader(Role.OFFICE))
    add = reverse("admin:activities_commitment_add")
    sent = {"title": "学习大讲堂", "category": LECTURE, "tag": "", "target": "4", "warn_days": "30", "position": "1",
            "warnings-TOTAL_FORMS": "0", "warnings-INITIAL_FORMS": "0"}  # fmt: skip
    assert client.post(add, sent).status_code == 302
    assert Commitment.objects.get().target == 4
    assert "至少一项" in client.post(add, {**sent, "category": ""}).content.decode()
    county = DepartmentFactory(parent=bureau(), kind=DepartmentKind.AGENCY)
    client.force_login(CadreFactory(roles=[Role.OFFICE], department=county))
    assert client.get(add).status_code == 403


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("2026-03", "2026 年 3 月"), ("2026Q3", "2026 年第三季度"), ("2026", "2026 年"), ("2026:1/2", "2026 年第 1 次"),
    ],
)  # fmt: skip
def test_the_desk_says_of_what_part_of_the_year_it_warned(client, part, words):
    client.force_login(reader(Role.OFFICE))
    commitment = promised(title="学习大讲堂")
    agency = DepartmentFactory(parent=bureau(), kind=DepartmentKind.AGENCY)
    CommitmentWarning.objects.create(commitment=commitment, agency=agency, part=part, at=timezone.now())
    page = client.get(reverse("admin:activities_commitment_change", args=[commitment.pk])).content.decode()
    assert f"<p>{words}</p>" in page
    assert f"学习大讲堂 {words}" in page
    assert f">{part}<" not in page
