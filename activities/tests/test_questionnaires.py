"""The life of a questionnaire: who begins, opens, extends, closes, cancels; whom it invites; its pages and lists."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Attendance, Invitation, Question, Questionnaire, Registration
from activities.question_seeds import BASELINE_TITLE, FEEDBACK_TITLE, seed_questionnaires
from activities.services.audiences import AudienceKind
from activities.services.questionnaires import (
    cancel_questionnaire,
    close_past,
    close_questionnaire,
    edit_questionnaire,
    extend_questionnaire,
    make_questionnaire,
    open_questionnaire,
)
from activities.services.questions import add_question, move_question, remove_question
from activities.states import QUESTIONNAIRE_TRANSITIONS, QuestionnaireAction, QuestionnaireState
from activities.tests.asking import a_questionnaire, answered_by, closed, opened, readers
from activities.tests.factories import ActivityFactory, held
from activities.tests.people import office
from notices.models import Notice
from organization.roles import Role
from organization.services.lives import IllegalStep, Stale
from organization.services.roles import NotAllowed
from organization.tests.county import County
from reading.tests.factories import reader
from reading.tests.hostile import HOSTILE
from shuxiang.tests.queries import queries

__all__ = ["office"]
pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
NOW = timezone.now


def open_to(questionnaire, office, audience=AudienceKind.EVERYBODY, until=None, **columns):
    return open_questionnaire(
        questionnaire=questionnaire, by=office, audience=audience, until=until or TODAY(), now=NOW(), today=TODAY(),
        **columns,
    )  # fmt: skip


def test_the_templates_are_seeded_once():
    for _ in range(2):
        seed_questionnaires(Questionnaire, Question)
    counted = {each.title: each.questions.count() for each in Questionnaire.objects.templates()}
    assert counted == {BASELINE_TITLE: 12, FEEDBACK_TITLE: 6}


def test_a_copy_has_the_questions_of_its_source(office):
    source = Questionnaire.objects.templates().get(title=BASELINE_TITLE)
    made = make_questionnaire(by=office, title="今年的调查", source=source)
    columns = ("position", "kind", "text", "is_required", "options", "lines", "most")
    assert list(made.questions.values_list(*columns)) == list(source.questions.values_list(*columns))
    assert (made.intro, made.state, made.is_template) == (source.intro, "draft", False)


def test_opening_invites_everybody_in_service_in_the_order_of_keys(office):
    people = readers(6)
    reader(Role.AUDIT)
    made = a_questionnaire()
    assert open_to(made, office) == 7
    invited = list(made.invitations.order_by("pk").values_list("cadre", flat=True))
    assert invited == sorted([office.pk, *(each.pk for each in people)])
    assert Notice.objects.filter(subject__contains="读书问卷").count() == 7
    made.refresh_from_db()
    assert (made.state, made.until, made.events.get().action) == ("open", TODAY(), "open")


def test_opening_to_those_who_came_or_else_signed_up(office):
    activity, people = held(), readers(7)
    made = a_questionnaire(activity=activity)
    for each in people[:6]:
        Registration.objects.create(activity=activity, cadre=each, state="registered", queued_at=NOW())
    for each in people[1:]:
        Attendance.objects.create(activity=activity, cadre=each)
    assert open_to(made, office, AudienceKind.ACTIVITY) == 6
    assert not made.invitations.filter(cadre=people[0]).exists()


def test_a_template_has_no_life(client, office):
    template = a_questionnaire(is_template=True)
    sent = {"seen": template.version, "reason": "不用了", "until": TODAY()}
    for action in ("extend", "close", "cancel"):
        told = client.post(reverse("questionnaire_step", args=[template.pk]), sent | {"action": action})
        assert (told.status_code, "现在是“模板”，不能" in told.content.decode()) == (409, True)
    template.refresh_from_db()
    assert (template.state, template.version, template.events.count()) == (QuestionnaireState.DRAFT, 1, 0)


def test_the_second_of_two_who_close_it_is_told(client, office):
    made = closed(readers(5))
    told = client.post(reverse("questionnaire_step", args=[made.pk]), {"action": "close", "seen": made.version})
    assert (told.status_code, "现在是“已结束”，不能结束" in told.content.decode()) == (409, True)


def test_too_few_no_questions_a_template_and_bad_days_are_refused(office):
    with pytest.raises(ValueError, match="只有 1 人"):
        open_to(a_questionnaire(), office)
    readers(5)
    with pytest.raises(ValueError, match="没有题目"):
        open_to(Questionnaire.objects.create(title="空"), office)
    with pytest.raises(ValueError, match="模板"):
        open_to(a_questionnaire(is_template=True), office)
    with pytest.raises(ValueError, match="早于今天"):
        open_to(a_questionnaire(), office, until=TODAY() - timedelta(days=1))
    assert Invitation.objects.count() == 0


def test_an_agency_asks_its_own_people_only():
    county = County()
    made = make_questionnaire(by=county.clerk, title="本局", department=county.ours)
    with pytest.raises(NotAllowed):
        make_questionnaire(by=county.clerk, title="外局", department=county.theirs)
    with pytest.raises(NotAllowed):
        make_questionnaire(by=county.clerk, title="根", department=None)
    foreign = a_questionnaire(department=county.theirs)
    with pytest.raises(NotAllowed):
        close_questionnaire(questionnaire=foreign, by=county.clerk, now=NOW())
    Question.objects.create(questionnaire=made, position=1, kind="text", text="建议")
    with pytest.raises(ValueError, match="一个科室"):
        open_to(made, county.clerk, AudienceKind.DEPARTMENT, department=county.foreign_office)


def test_the_organiser_asks_those_of_the_own_activity():
    organiser = reader()
    activity = ActivityFactory(organiser=organiser)
    made = make_questionnaire(by=organiser, title="反馈", activity=activity)
    assert made in Questionnaire.objects.managed_by(organiser)
    with pytest.raises(NotAllowed):
        make_questionnaire(by=organiser, title="反馈", activity=ActivityFactory())
    with pytest.raises(NotAllowed):
        make_questionnaire(by=organiser, title="反馈")


STEPS = {
    QuestionnaireAction.OPEN: open_to,
    QuestionnaireAction.EXTEND: lambda made, by: extend_questionnaire(
        questionnaire=made, by=by, until=TODAY() + timedelta(days=9), now=NOW(), today=TODAY()
    ),
    QuestionnaireAction.CLOSE: lambda made, by: close_questionnaire(questionnaire=made, by=by, now=NOW()),
    QuestionnaireAction.CANCEL: lambda made, by: cancel_questionnaire(
        questionnaire=made, by=by, reason="重复", now=NOW()
    ),
}


@pytest.mark.parametrize("action", QuestionnaireAction)
@pytest.mark.parametrize("state", QuestionnaireState)
def test_every_state_with_every_action(state, action, office):
    readers(5)
    made = a_questionnaire(state=state, until=TODAY() + timedelta(days=2))
    after = QUESTIONNAIRE_TRANSITIONS.get((state, action))
    if after is None:
        with pytest.raises(IllegalStep):
            STEPS[action](made, office)
        return
    stale = Questionnaire.objects.get(pk=made.pk)
    STEPS[action](made, office)
    made.refresh_from_db()
    event = made.events.get()
    assert (made.state, event.from_state, event.to_state, event.actor) == (after, state, after, office)
    with pytest.raises(Stale):
        STEPS[action](stale, office)
    assert made.events.count() == 1


def test_cancelling_destroys_the_sheets_and_closing_forgets_who(office):
    people = readers(5)
    for end in (QuestionnaireAction.CANCEL, QuestionnaireAction.CLOSE):
        made = opened(people)
        answered_by(made, people, *[{"年龄段": 0}] * 5)
        STEPS[end](made, office)
        assert made.sheets.count() == (0 if end == QuestionnaireAction.CANCEL else 5)
        assert not made.invitations.filter(has_answered=True).exists()


def test_the_clock_closes_after_the_last_day():
    made = opened(readers(1), until=date(2026, 3, 31))
    assert close_past(today=date(2026, 3, 31), now=NOW()) == 0
    assert [close_past(today=date(2026, 4, 1), now=NOW()) for _ in range(2)] == [1, 0]
    assert (made.events.get().actor, made.events.get().reason) == (None, "已到截止日期")


def test_only_drafts_change_and_the_second_of_two_is_told(office):
    made = a_questionnaire()
    stale = Questionnaire.objects.get(pk=made.pk)
    rows = list(made.questions.all())
    columns = {"kind": "text", "text": "新题", "is_required": False, "options": [], "lines": [], "most": 5}
    edit_questionnaire(questionnaire=made, by=office, title="新名", intro="", baseline_year=None, now=NOW())
    for change in (
        lambda about: edit_questionnaire(**about, title="别名", intro="", baseline_year=None),
        lambda about: add_question(**about, **columns),
        lambda about: move_question(**about, question=rows[0], places=1),
        lambda about: remove_question(**about, question=rows[0]),
    ):
        with pytest.raises(Stale):
            change({"questionnaire": stale, "by": office, "now": NOW()})
        fast = opened(readers(1))
        with pytest.raises(IllegalStep):
            change({"questionnaire": fast, "by": office, "now": NOW()})
        with pytest.raises(NotAllowed):
            change({"questionnaire": made, "by": reader(), "now": NOW()})


def test_questions_move_and_go_away_from_the_page(client, office):
    made = a_questionnaire()
    rows = list(made.questions.all())

    def press(question, action):
        made.refresh_from_db()
        url = reverse("question_step", args=[made.pk, question.pk])
        assert client.post(url, {"action": action, "seen": made.version}).status_code == 302

    press(rows[0], "down")
    press(rows[0], "up")
    press(rows[0], "up")
    press(rows[4], "up")
    press(rows[1], "remove")
    assert made.questions.count() == 5
    url = reverse("question_remove", args=[made.pk, rows[1].pk])
    assert f"删去第 {made.questions.get(pk=rows[1].pk).position} 题" in client.get(url).content.decode()
    assert made.questions.count() == 5
    late = client.post(url, {"seen": "1"}, follow=True).content.decode()
    assert (made.questions.count(), "已删去" in late) == (5, False)
    made.refresh_from_db()
    told = client.post(url, {"seen": made.version}, follow=True).content.decode()
    assert "已删去" in told
    expected = [rows[0].pk, rows[2].pk, rows[4].pk, rows[3].pk]
    assert list(made.questions.values_list("pk", flat=True)) == expected
    assert list(made.questions.values_list("position", flat=True)) == [1, 2, 3, 4]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_in_the_builder(client, office, text):
    made = a_questionnaire()
    for name, args in (("questionnaire_new", []), ("questionnaire_edit", [made.pk]), ("question_new", [made.pk])):
        sent = dict.fromkeys(
            ("title", "intro", "baseline_year", "kind", "text", "options", "lines", "most", "seen", "source",
             "department"), text,
        )  # fmt: skip
        assert client.post(reverse(name, args=args), sent).status_code in (200, 302)
    sent = {"audience": text, "until": text, "department": text, "action": text, "reason": text, "seen": text}
    for name in ("questionnaire_open", "questionnaire_step"):
        assert client.post(reverse(name, args=[made.pk]), sent).status_code == 200


def test_the_whole_way_through_the_pages(client, office):
    people = readers(5)
    source = Questionnaire.objects.templates().get(title=FEEDBACK_TITLE)
    client.post(reverse("questionnaire_new"), {"title": "反馈", "source": source.pk, "department": ""})
    made = Questionnaire.objects.get(title="反馈")
    sent = {"kind": "single", "text": "还来吗", "options": "来\n不来\n", "most": 5, "seen": made.version}
    assert client.post(reverse("question_new", args=[made.pk]), sent).status_code == 302
    again = client.post(reverse("question_new", args=[made.pk]), sent | {"text": "晚了一步"})
    assert "刚被别人办理过" in again.content.decode()
    assert "晚了一步" in again.content.decode()
    made.refresh_from_db()
    opening = {"audience": "everybody", "until": TODAY(), "seen": made.version}
    assert client.post(reverse("questionnaire_open", args=[made.pk]), opening).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.invitations.count()) == ("open", len(people) + 1)
    page = client.get(reverse("questionnaire", args=[made.pk])).content.decode()
    assert "已答 0 / 6" in page
    client.post(reverse("questionnaire_step", args=[made.pk]), {"action": "close", "seen": made.version})
    assert "不足 5 份" in client.get(reverse("questionnaire_results", args=[made.pk])).content.decode()


@pytest.mark.parametrize("name", ["questionnaires", "questionnaire", "questionnaire_edit", "questionnaire_results"])
def test_pages_ask_the_database_a_constant_number_of_times(client, office, name):
    people = [office, *readers(4)]
    for number in range(30):
        a_questionnaire(title=f"草稿{number}")
        opened(people)
    done = closed(people, *[{"年龄段": 0}] * 5)
    args = {"questionnaires": [], "questionnaire_results": [done.pk]}.get(name, [a_questionnaire().pk])
    assert queries(client, reverse(name, args=args)) <= 10


def test_paging_keeps_what_was_searched_for(client, office):
    for number in range(21):
        a_questionnaire(title=f"读&写#{number}")
    client.force_login(office)
    page = client.get(reverse("questionnaires"), {"q": "读&写#", "show": "draft"})
    assert page.context["kept"] == "show=draft&q=%E8%AF%BB%26%E5%86%99%23&"
    second = client.get(f"{reverse('questionnaires')}?{page.context['kept']}page=2")
    assert (second.context["text"], len(second.context["page"])) == ("读&写#", 1)
