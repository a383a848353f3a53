"""The members of a work: confirming, declining, exchanging them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notices.models import Notice
from organization.models import Posting
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.tests.pages import text_of
from shuxiang.tests.test_pages_markup import Page
from submissions.kinds import Kind
from submissions.models import Contributor, Submission
from submissions.services.contributors import change_members
from submissions.states import IllegalTransition, State
from submissions.tests.factories import SubmissionFactory, name
from submissions.tests.handing_in import hidden
from submissions.tests.life import author, clerk, collective, office, sound

__all__ = ["author", "clerk", "office"]
pytestmark = pytest.mark.django_db


def test_a_member_confirms_on_the_page(client, author, office):
    member = CadreFactory(name="许望舒", department=office)
    work = collective(author, member)
    client.force_login(member)
    assert "请确认您参与了这件作品" in sound(client, f"/works/{work.pk}/")
    assert "现在是“待确认”" in sound(client, f"/works/{work.pk}/confirm/")
    client.post(f"/works/{work.pk}/confirm/", {"answer": "decline"})
    assert "已谢绝署名" in sound(client, f"/works/{work.pk}/")
    client.post(f"/works/{work.pk}/confirm/", {"answer": "confirm"})
    assert work.contributors.get(cadre=member).state == "confirmed"
    for answer in ("", "x", "confirm"):
        assert client.post(f"/works/{work.pk}/confirm/", {"answer": answer}).status_code == 302
    client.force_login(author)
    assert client.get(f"/works/{work.pk}/confirm/").status_code == 404


def test_the_same_answer_twice_is_one_answer(client, author, office):
    member = CadreFactory(name="许望舒", department=office)
    work = collective(author, member)
    client.force_login(member)
    for _ in range(2):
        assert client.post(f"/works/{work.pk}/confirm/", {"answer": "confirm"}).url == f"/works/{work.pk}/"
        assert "已确认署名" in sound(client, f"/works/{work.pk}/")
    assert [each.action for each in work.decisions.all()] == ["confirm"]


@pytest.mark.parametrize(("state", "told"), [(State.WITHDRAWN, "不用再答复"), (State.APPROVED, "署名不能再改")])
def test_nobody_is_offered_an_answer_that_would_be_refused(client, author, office, state, told):
    member = CadreFactory(name="许望舒", department=office)
    work = collective(author, member)
    Contributor.objects.filter(cadre=member).update(state=Contributor.State.CONFIRMED)
    Submission.objects.filter(pk=work.pk).update(state=state)
    client.force_login(member)
    text = sound(client, f"/works/{work.pk}/confirm/")
    assert told in text
    assert "谢绝署名" not in text


def test_confirming_for_somebody_who_is_no_member_any_more_is_told(client, author, office):
    liaison = CadreFactory(name="陆景行", roles=[Role.LIAISON], department=office)
    one, two = (CadreFactory(name=each, department=office) for each in ("许望舒", "温可嘉"))
    work = collective(author, one, two)
    work.contributors.get(cadre=two).delete()
    client.force_login(liaison)
    client.post(f"/works/{work.pk}/confirm/", {"member": two.pk, "reason": "电话核实"})
    assert "已经不在成员里" in sound(client, f"/works/{work.pk}/confirm/")


def test_members_of_a_work_that_passed_meanwhile_are_not_lost_on_a_missing_page(client, author):
    work = SubmissionFactory(kind=Kind.RECITATION, people=[author], state=State.APPROVED)
    assert client.get(f"/works/{work.pk}/members/").status_code == 404
    assert client.post(f"/works/{work.pk}/members/", {"members": ""}).url == f"/works/{work.pk}/"
    assert "作品现在是“通过”，不能调整成员" in sound(client, f"/works/{work.pk}/")


def test_the_liaison_confirms_on_the_page_after_the_deadline(client, author, office):
    liaison = CadreFactory(name="陆景行", roles=[Role.LIAISON], department=office)
    early, late = (CadreFactory(name=each, department=office) for each in ("许望舒", "温可嘉"))
    work = collective(author, early, late)
    Contributor.objects.filter(cadre=late).update(asked_at=timezone.now() - timedelta(days=9))
    client.force_login(liaison)
    assert "代同事确认署名" in sound(client, f"/works/{work.pk}/")
    assert "前由本人确认" in sound(client, f"/works/{work.pk}/confirm/")
    for member, reason in ((early, "电话核实"), (late, ""), (late, "电话核实")):
        client.post(f"/works/{work.pk}/confirm/", {"member": member.pk, "reason": reason})
    states = dict(work.contributors.values_list("cadre__name", "state"))
    assert states == {"贺砚秋": "confirmed", "许望舒": "named", "温可嘉": "confirmed"}
    assert "陆景行代为确认：电话核实" in sound(client, f"/works/{work.pk}/")
    assert client.post(f"/works/{work.pk}/confirm/", {"member": "9" * 40, "reason": "x"}).status_code == 302


def test_members_are_exchanged_on_the_page(client, author, office):
    one, two = (CadreFactory(name=each, department=office) for each in ("许望舒", "温可嘉"))
    work = collective(author, one)
    page = client.get(f"/works/{work.pk}/members/").content.decode()
    assert f'value="{one.employee_number}" checked' in page
    assert Page(page).faults() == []
    client.post(f"/works/{work.pk}/members/", {"members": ["", two.employee_number], "revision": "1"})
    assert [each.cadre for each in work.contributors.all()] == [author, two]
    response = client.post(f"/works/{work.pk}/members/", {"members": "", "revision": "1"})
    assert "刚被别人处理过" in response.content.decode()
    assert "没有找到" in client.post(f"/works/{work.pk}/members/", {"members": "<b>谁"}).content.decode()


def test_members_from_elsewhere_stand_by_name_and_number_and_are_read_back(client, author):
    far = CadreFactory(name="柳素云", department=DepartmentFactory(parent=bureau()))
    work = SubmissionFactory(kind=Kind.RECITATION, people=[author, far])
    shown = f"柳素云（{far.employee_number}）"
    assert f'value="{shown}"' in client.get(f"/works/{work.pk}/members/").content.decode()
    client.post(f"/works/{work.pk}/members/", {"members": shown, "revision": "1"})
    assert [each.cadre for each in work.contributors.all()] == [author, far]
    wrong = {"members": f"柳树云（{far.employee_number}）", "revision": "1"}
    assert "没有找到" in client.post(f"/works/{work.pk}/members/", wrong).content.decode()


@pytest.mark.parametrize(
    ("name", "number", "shown"),
    [
        ("柳素云", "F1", "柳素云（F1）"),
        ("李伟（大）", "F1", "F1"),
        ("买买提．艾力", "F1", "F1"),
        ("阿依 努尔", "F1", "F1"),
        ("柳素云", "A(1)", "A(1)"),
        ("柳" * 40, "F" * 32, "F" * 32),
    ],
)
def test_what_stands_for_a_member_from_elsewhere_can_be_sent_back_unchanged(client, author, name, number, shown):
    far = CadreFactory(name=name, employee_number=number, department=DepartmentFactory(parent=bureau()))
    work = SubmissionFactory(kind=Kind.RECITATION, people=[author, far])
    assert f'value="{shown}"' in client.get(f"/works/{work.pk}/members/").content.decode()
    answer = client.post(f"/works/{work.pk}/members/", {"members": shown, "revision": "1"})
    assert answer.url == f"/works/{work.pk}/"
    assert [each.cadre for each in work.contributors.all()] == [author, far]


def test_what_was_changed_of_the_members_is_told_and_nothing_else(client, author, office):
    one, two = (CadreFactory(name=each, department=office) for each in ("许望舒", "温可嘉"))
    work = collective(author, one)

    def told(*members) -> str:
        form = {"members": [each.employee_number for each in members], "revision": hidden(page(), "revision")}
        assert client.post(f"/works/{work.pk}/members/", form).url == f"/works/{work.pk}/"
        return sound(client, f"/works/{work.pk}/")

    def page() -> str:
        return client.get(f"/works/{work.pk}/members/").content.decode()

    assert "成员没有变动。" in told(one)
    assert not Notice.objects.exists()
    assert "成员已调整，已通知温可嘉确认署名。" in told(one, two)
    assert "成员已调整。" in told(two, one)
    assert "成员已调整，已告知许望舒不再署名。" in told(two)
    assert set(Notice.objects.values_list("recipient__name", "subject")) == {
        ("温可嘉", f"请确认：您是{work.quoted}的参与者"),
        ("许望舒", f"{work.quoted}的成员有调整，您不再署名"),
    }


def test_the_way_to_other_members_is_offered_to_whom_it_is_open(client, author, office):
    member = CadreFactory(name="许望舒", department=office)
    liaison, elsewhere = (
        CadreFactory(roles=[Role.LIAISON], department=each) for each in (office, DepartmentFactory(parent=bureau()))
    )
    name(work := collective(author, member), elsewhere, 2)
    for viewer, is_open in ((author, True), (liaison, True), (member, False), (elsewhere, False)):
        client.force_login(viewer)
        assert (f'href="/works/{work.pk}/members/"' in client.get(f"/works/{work.pk}/").content.decode()) == is_open
        assert client.get(f"/works/{work.pk}/members/").status_code == (200 if is_open else 404)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.RECITATION])
def test_a_work_of_one_person_has_no_members_to_change(client, author, kind):
    work = SubmissionFactory(kind=kind, people=[author])
    assert "调整成员" not in sound(client, f"/works/{work.pk}/")
    assert client.get(f"/works/{work.pk}/members/").status_code == 404
    with pytest.raises(IllegalTransition, match=f"{kind.label}由一人上报"):
        change_members(submission=work, seen=1, members=[], by=author, now=timezone.now())


@pytest.mark.parametrize("role", [Role.CADRE, Role.OFFICE])
def test_who_was_removed_while_answering_reads_what_happened(client, author, office, role):
    one = CadreFactory(name="许望舒", department=office, roles=[role])
    two = CadreFactory(name="温可嘉", department=office)
    work = collective(author)
    for revision, members in enumerate(([one], [two]), start=1):
        change_members(submission=work, seen=revision, members=members, by=author, now=timezone.now())
    for method in (client.get, client.post):
        client.force_login(one)
        page = method(f"/works/{work.pk}/confirm/", {"answer": "confirm"}).content.decode()
        assert Page(page).faults() == []
        assert "您不再署名，不用确认也不用谢绝" in text_of(page)
        client.force_login(CadreFactory(department=office, roles=[role]))
        assert method(f"/works/{work.pk}/confirm/", {"answer": "confirm"}).status_code == 404
    assert work.contributors.count() == 2


def test_somebody_who_left_still_answers_for_what_he_took_part_in(client, author, office):
    gone = CadreFactory(name="陆景行")
    Posting.objects.create(cadre=gone, department=office, since="2020-01-01", until=timezone.localdate())
    work = collective(author, gone)
    Posting.objects.filter(cadre=gone).update(until="2024-01-01")
    client.force_login(gone)
    client.post(f"/works/{work.pk}/confirm/", {"answer": "confirm"})
    assert work.contributors.get(cadre=gone).state == "confirmed"
