"""Who finds the forms, and whom they name."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from organization.models import DepartmentKind, PartyGroup, PartyMembership
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.periods import Quarter
from shuxiang.tests.pages import text_of
from shuxiang.tests.test_pages_markup import Page
from submissions.kinds import Kind
from submissions.models import Contributor, Submission
from submissions.states import State
from submissions.tests.factories import SubmissionFactory, name
from submissions.tests.handing_in import answered, author, filled, office, only, opened

__all__ = ["author", "office"]
pytestmark = pytest.mark.django_db
KINDS = list(Kind.values)


def test_a_stranger_finds_no_draft(client, author, office):
    client.post("/works/new/essay/", filled(client, "essay", "draft"))
    work = only()
    addresses = [f"/works/{work.pk}/{page}" for page in ("", "edit/", "discard/")]
    for role in Role:
        other = Client()
        other.force_login(CadreFactory(roles=[role], department=office))
        assert [other.get(each).status_code for each in addresses] == [404] * 3
        assert [other.post(each).status_code for each in addresses[1:]] == [404] * 2


@pytest.mark.parametrize("role", list(Role))
def test_every_role_finds_the_forms_and_nobody_else(client, office, role):
    addresses = ["/works/new/", *(f"/works/new/{kind}/" for kind in KINDS)]
    assert [client.get(each).url for each in addresses] == [f"/login/?next={each}" for each in addresses]
    client.force_login(CadreFactory(roles=[role], department=office))
    assert [client.get(each).status_code for each in addresses] == [200] * 6


def collective(client, author, office, **more):
    others = [CadreFactory(name=name, department=office) for name in ("许望舒", "温可嘉")]
    return filled(client, "recitation", "draft", department=office.pk, **more), others


def test_members_by_name_number_and_tick(client, author, office):
    form, (one, two) = collective(client, author, office)
    third = CadreFactory(name="丁叔砚", department=DepartmentFactory(parent=bureau()))
    form["members"] = [one.employee_number, f"温可嘉、{third.employee_number.lower()} 秦越"]
    assert client.post("/works/new/recitation/", form).status_code == 302
    work = only()
    assert [each.cadre for each in work.contributors.all()] == [author, one, two, third]
    assert work.owner_department == office
    page = client.get(f"/works/{work.pk}/edit/").content.decode()
    assert f'value="{one.employee_number}" checked' in page
    assert third.employee_number in page


@pytest.mark.parametrize(("typed", "told"), [("张三丰", "没有找到在职的“张三丰”"), ("许望舒", "有 2 人，请改填工号")])
def test_a_name_that_is_nobodys_or_several_peoples_is_told(client, author, office, typed, told):
    form, _ = collective(client, author, office)
    CadreFactory(name="许望舒", department=office)
    response = client.post("/works/new/recitation/", {**form, "members": typed})
    assert told in response.content.decode()
    assert Page(response.content.decode()).faults() == []
    assert only().contributors.count() == 1
    assert typed in response.content.decode()


@pytest.mark.parametrize("word", ["字" * 60_000, "%" * 60_000, "字" * 51], ids=["long", "wild", "just too long"])
def test_a_word_longer_than_any_name_is_nobodys_and_stays_in_its_field(client, author, office, word):
    form, (one, _) = collective(client, author, office, members=[word])
    page = client.post("/works/new/recitation/", form).content.decode()
    assert f"没有找到在职的“{word[:30]}”" in page
    assert word in page
    assert (only().title, only().contributors.count()) == ("赤壁赋", 1)
    work = SubmissionFactory(kind=Kind.RECITATION, people=[author])
    page = client.post(f"/works/{work.pk}/members/", {"members": [one.employee_number, word]}).content.decode()
    assert (f"没有找到在职的“{word[:30]}”" in page, word in page) == (True, True)
    assert work.contributors.count() == 1


def test_one_owner_only(client, author, office):
    group = PartyGroup.objects.create(name="第一党小组")
    PartyMembership.objects.create(cadre=author, party_group=group, since="2020-01-01")
    form, (one, _) = collective(client, author, office)
    response = client.post("/works/new/recitation/", {**form, "party_group": group.pk, "members": one.employee_number})
    assert "请只选一个" in response.content.decode()
    work = only()
    assert (work.owner_department, work.owner_party_group) == (office, None)


def test_party_groups_are_offered_as_people_count_them(client, author):
    for title in ("第三党小组", "第二党小组", "第一党小组"):
        group = PartyGroup.objects.create(name=title)
        member = CadreFactory(department=author.postings.get().department)
        PartyMembership.objects.create(cadre=member, party_group=group, since="2020-01-01")
    client.force_login(author)
    page = client.get("/works/new/recitation/").content.decode()
    field = page[page.index('<select name="party_group"') :]
    names = re.findall(r">([^<]+)</option>", field[: field.index("</select>")])
    assert names == ["不以党小组名义", "第一党小组", "第二党小组", "第三党小组"]


def test_a_liaison_hands_in_for_a_colleague(client, office):
    liaison = CadreFactory(name="许望舒", roles=[Role.LIAISON], department=office)
    colleague = CadreFactory(name="秦越", department=office)
    client.force_login(liaison)
    client.post("/works/new/essay/", filled(client, "essay", main_author=colleague.employee_number))
    work = only()
    assert (work.entered_by, work.contributors.get().cadre) == (liaison, colleague)
    assert "秦越 许望舒代为上报 已确认" in text_of(client.get(f"/works/{work.pk}/").content.decode())
    assert "读《论语》" in text_of(client.get("/works/new/").content.decode())


def test_what_counts_is_told_of_the_chosen_author_as_soon_as_the_form_saves_itself(client, office):
    today = timezone.localdate()
    liaison = CadreFactory(roles=[Role.LIAISON], department=office)
    colleague = CadreFactory(department=office)
    SubmissionFactory(people=[liaison], credit_date=today, quarter=str(Quarter.of(today)))
    client.force_login(liaison)
    form = filled(client, "essay", "draft")
    own = answered(client, form).json()
    assert "另外已报 1 件" in own["counting"]
    form |= {"main_author": colleague.employee_number, "revision": own["revision"]}
    assert "另外已报 0 件" in answered(client, form).json()["counting"]


@pytest.mark.parametrize("role", [Role.CADRE, Role.LIAISON, Role.OFFICE])
def test_nobody_hands_in_for_other_departments(client, office, role):
    stranger = CadreFactory(name="丁叔砚", department=DepartmentFactory(parent=bureau()))
    viewer = CadreFactory(roles=[role], department=office)
    CadreFactory(department=office)
    client.force_login(viewer)
    client.post("/works/new/essay/", filled(client, "essay", "draft", main_author=stranger.employee_number))
    assert only().contributors.get().cadre == viewer


def test_an_idea_names_an_own_work_only(client, author, office):
    own, foreign = SubmissionFactory(people=[author]), SubmissionFactory(people=[CadreFactory(department=office)])
    form = filled(client, "idea", "draft", source_work=own.pk)
    client.post("/works/new/idea/", form)
    draft = Submission.objects.get(state=State.DRAFT)
    assert draft.versions.get().source_work == own
    answer = answered(client, filled(client, "idea", "draft", source_work=foreign.pk), "/works/new/idea/").json()
    assert list(answer["errors"]) == ["source_work"]


def sources(client, address: str) -> list[str]:
    """The works that the form offers as where the idea came from."""
    page = client.get(address).content.decode()
    listed = re.search(r'<select name="source_work".*?</select>', page, re.DOTALL)[0]
    return re.findall(r'<option value="(\d+)"', listed)


def test_an_idea_for_a_colleague_comes_from_the_colleagues_works(client, office):
    liaison = CadreFactory(name="许望舒", roles=[Role.LIAISON], department=office)
    colleague = CadreFactory(name="秦越", department=office)
    mine, theirs = SubmissionFactory(people=[liaison]), SubmissionFactory(people=[colleague])
    declined = SubmissionFactory(people=[CadreFactory(department=office)])
    name(declined, colleague, 1, Contributor.State.DECLINED)
    client.force_login(liaison)
    assert sources(client, "/works/new/idea/") == [str(mine.pk)]
    form = filled(client, "idea", "draft", main_author=colleague.employee_number, source_work=mine.pk)
    page = client.post("/works/new/idea/", form).content.decode()
    assert "只能选作者本人上报过的作品，请重新选择。" in page
    draft = Submission.objects.get(kind=Kind.IDEA)
    assert (draft.contributors.get().cadre, draft.versions.get().source_work) == (colleague, None)
    address = f"/works/{draft.pk}/edit/"
    assert sources(client, address) == [str(theirs.pk)]
    client.post(address, {**form, **opened(client, address), "source_work": theirs.pk})
    assert draft.versions.get().source_work == theirs
    # Back to an idea of the liaison's own: the colleague's work does not stay.
    again = {**form, **opened(client, address), "main_author": "", "source_work": theirs.pk}
    assert "只能选作者本人上报过的作品" in client.post(address, again).content.decode()
    assert (draft.contributors.get().cadre, draft.versions.get().source_work) == (liaison, None)


def test_an_idea_that_changes_its_author_takes_no_work_of_the_first_along(client, office):
    liaison = CadreFactory(roles=[Role.LIAISON], department=office)
    one, two = (CadreFactory(department=office) for _ in range(2))
    source = SubmissionFactory(people=[one])
    client.force_login(liaison)
    form = filled(client, "idea", "draft", main_author=one.employee_number, source_work=source.pk)
    client.post("/works/new/idea/", form)
    idea = Submission.objects.get(kind=Kind.IDEA)
    address = f"/works/{idea.pk}/edit/"
    for _ in range(2):
        sent = {**form, **opened(client, address), "main_author": two.employee_number, "action": "submit"}
        assert "只能选作者本人上报过的作品" in client.post(address, sent).content.decode()
        idea.refresh_from_db()
        assert (idea.state, idea.contributors.get().cadre) == (State.DRAFT, two)
        assert idea.versions.get().source_work is None
    assert client.post(address, {**sent, **opened(client, address), "source_work": ""}).status_code == 302
    idea.refresh_from_db()
    assert (idea.state, idea.versions.get().source_work) == (State.PENDING, None)


def test_an_idea_that_came_to_name_somebody_elses_work_is_not_handed_in_with_it(client, author, office):
    foreign = SubmissionFactory(people=[CadreFactory(department=office)])
    client.post("/works/new/idea/", filled(client, "idea", "draft"))
    idea = Submission.objects.get(kind=Kind.IDEA)
    idea.versions.update(source_work=foreign)
    address = f"/works/{idea.pk}/edit/"
    assert sources(client, address) == []
    sent = filled(client, "idea", source_work=foreign.pk) | opened(client, address)
    assert "只能选作者本人上报过的作品" in client.post(address, sent).content.decode()
    idea.refresh_from_db()
    assert idea.state == State.DRAFT


def test_the_colleague_goes_on_with_what_the_liaison_began(client, office):
    liaison = CadreFactory(roles=[Role.LIAISON], department=office)
    colleague = CadreFactory(department=office)
    theirs = SubmissionFactory(people=[colleague])
    client.force_login(liaison)
    form = filled(client, "idea", "draft", main_author=colleague.employee_number, source_work=theirs.pk)
    assert client.post("/works/new/idea/", form).status_code == 302
    client.force_login(colleague)
    assert sources(client, f"/works/{Submission.objects.get(kind=Kind.IDEA).pk}/edit/") == [str(theirs.pk)]


@pytest.fixture
def county(client):
    """An office of an agency, whose cadre is signed in, and another agency beside it."""
    root = DepartmentFactory(name="县直机关工委", kind=DepartmentKind.GROUP)
    ours, theirs = (DepartmentFactory(parent=root, kind=DepartmentKind.AGENCY) for _ in range(2))
    client.force_login(CadreFactory(department=ours))
    return ours, theirs


def named_members(client, county, *, ours: int, theirs: int) -> str:
    """What a form with the name 许望舒 is told, where so many of ours and of theirs are called so."""
    for agency, count, letter in zip(county, (ours, theirs), "AF", strict=True):
        for number in range(count):
            CadreFactory(name="许望舒", employee_number=f"{letter}00{number}", department=agency)
    form = filled(client, "recitation", "draft", members="许望舒")
    return client.post("/works/new/recitation/", form).content.decode()


def test_of_namesakes_elsewhere_only_their_count_is_told(client, county):
    page = named_members(client, county, ours=0, theirs=2)
    assert "本单位没有叫“许望舒”的，外单位有 2 人，请向本人问明工号，改填工号。" in page
    assert "F00" not in page


def test_of_namesakes_in_the_own_agency_the_numbers_are_told(client, county):
    page = named_members(client, county, ours=2, theirs=1)
    assert "叫“许望舒”的有 2 人，请改填工号：A000、A001。" in page
    assert "F00" not in page
