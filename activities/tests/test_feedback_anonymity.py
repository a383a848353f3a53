"""Anonymous for real: nothing stored joins an anonymous message with the person who sent it over HTTP."""

import logging
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import Feedback, FeedbackEvent
from activities.services.mixing import mix_anonymous
from activities.services.receipts import TRIES_OF_A_PERSON
from activities.services.replying import reply_to_feedback
from activities.tests.feedback_rows import NOW, TODAY, a_finding, office, person, sent
from organization.services.kept import sign_writer

pytestmark = pytest.mark.django_db
SECRET = "食堂的书架一年没有人管"


@pytest.fixture(autouse=True)
def _fresh_tries():
    cache.clear()


def everything() -> dict[tuple[str, Any], dict[str, Any]]:
    """Every row of every table, those of joins too."""
    models = apps.get_models(include_auto_created=True)
    return {(model._meta.label, row[model._meta.pk.attname]): row for model in models for row in model.objects.values()}


def changed_by(step) -> list[tuple[str, dict[str, Any]]]:
    before = everything()
    step()
    return [(key[0], row) for key, row in everything().items() if before.get(key) != row]


def send(client, **more):
    form = {"kind": "complaint", "text": SECRET, "who": "anonymous"}
    return client.post(reverse("feedback_new"), {**form, **more})


def logged_in(client, **how):
    """With a session that has just been stamped."""
    author = person(**how)
    client.force_login(author)
    client.get(reverse("feedback_new"))
    return author


def test_nothing_joins_the_message_with_its_author(client, caplog):
    office()
    author = logged_in(client)
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    rows = changed_by(lambda: send(client))
    assert sorted(label for label, _ in rows) == ["activities.Feedback", "activities.FeedbackEvent"]
    for _, row in rows:
        assert not any(isinstance(value, datetime) for value in row.values())
        assert {name for name, value in row.items() if value == author.pk and name.endswith("_id")} == set()
        assert author.employee_number not in str(row)
        assert author.name not in str(row)
    assert {type(value) for _, row in rows for value in row.values()} >= {date}
    told = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert not any(SECRET in line or author.employee_number in line or "feedback" in line for line in told)


def test_the_receipt_stands_in_no_table_no_address_no_session_and_no_cookie(client):
    logged_in(client)
    page = send(client)
    code = page.context["code"]
    assert (page.status_code, page["Cache-Control"].count("no-store")) == (200, 1)
    assert code in page.content.decode()
    assert not any(code in str(row) or code.replace("-", "") in str(row) for row in everything().values())
    assert not any(code in str(cookie) for cookie in client.cookies.values())
    assert not any(code in str(value) for value in client.session.values())


def test_reading_and_asking_back_leaves_no_person_either(client):
    author = logged_in(client)
    code = send(client).context["code"]
    made = Feedback.objects.get()
    reply_to_feedback(feedback=made, by=office(), text="已经安排", is_public=False, seen=1, today=TODAY, now=NOW)
    url = reverse("feedback_receipt")
    assert changed_by(lambda: client.post(url, {"code": code})) == []
    page = client.post(url, {"code": code.lower()})
    assert "已经安排" in page.content.decode()
    rows = changed_by(lambda: client.post(url, {"code": code, "ask": "1", "text": "什么时候", "seen": "2"}))
    assert sorted(label for label, _ in rows) == ["activities.Feedback", "activities.FeedbackEvent"]
    assert not any(isinstance(value, datetime) for _, row in rows for value in row.values())
    asked = FeedbackEvent.objects.get(action="ask")
    assert (asked.actor, asked.text) == (None, "什么时候")
    assert author.pk not in FeedbackEvent.objects.exclude(action="reply").values_list("actor", flat=True)
    again = client.post(url, {"code": code, "ask": "1", "text": "什么时候", "seen": "2"})
    assert (again.status_code, FeedbackEvent.objects.filter(action="ask").count()) == (409, 1)


def test_sent_twice_it_is_one_with_the_same_receipt(client):
    logged_in(client)
    token = client.get(reverse("feedback_new")).context["token"]
    codes = [send(client, token=token).context["code"] for _ in range(2)]
    assert codes[0] == codes[1]
    assert Feedback.objects.count() == FeedbackEvent.objects.count() == 1
    assert not any(token.hex in str(row).replace("-", "") for row in everything().values())


def test_an_ended_session_keeps_no_word(client, settings):
    """Not even if the setting would keep every form and the form said whose it is."""
    settings.KEPT_FORMS = ".*"
    author = person()
    form = {"writer": sign_writer(author), "code": "K7QF-2M9D-XW4T"}
    for name in ("feedback_new", "feedback_receipt"):
        page = client.post(reverse(name), {**form, "text": SECRET, "who": "anonymous"}, follow=True)
        assert "没有保存" in page.content.decode()
    assert "kept_forms" not in client.session
    assert not any(SECRET in str(row) for row in everything().values())


def test_guessed_receipts_are_refused_and_soon_no_more_are_tried(client, django_assert_max_num_queries):
    code = sent(person(), named=False).code
    client.force_login(person())
    url = reverse("feedback_receipt")
    statuses = [client.post(url, {"code": f"AAAA-BBBB-{number:04}"}).status_code for number in range(TRIES_OF_A_PERSON)]
    assert set(statuses) == {200}
    last = client.post(url, {"code": code})
    assert (last.status_code, "feedback" in last.context) == (429, False)
    assert [name for name, _ in client.session.items() if "kept" in name or "receipt" in name] == []
    client.force_login(person())
    assert client.post(url, {"code": code}).context["feedback"] == Feedback.objects.get()


def test_the_office_sees_no_more_than_anonymous(client, time_machine):
    author = logged_in(client, name="李匿名")
    send(client)
    time_machine.move_to(datetime.now().astimezone() + timedelta(days=1))
    client.force_login(office())
    made = Feedback.objects.get()
    addresses = (
        reverse("feedback", args=[made.pk]),
        reverse("feedback_list"),
        reverse("admin:activities_feedback_changelist"),
        reverse("admin:activities_feedback_change", args=[made.pk]),
    )
    for address in addresses:
        page = client.get(address).content.decode()
        assert "匿名" in page, address
        assert author.name not in page
        assert author.employee_number not in page


def test_the_office_sees_it_from_the_day_after_in_shanghai(client, time_machine):
    late = datetime.fromisoformat("2026-03-02T23:58:00+08:00")
    time_machine.move_to(late, tick=False)
    clerk = office()
    made, code = sent(person(), named=False, text=SECRET, now=late)
    named = sent(person(), text="实名的", now=late).feedback

    def found() -> list[Any]:
        client.force_login(clerk)
        box = client.get(reverse("feedback_list"), {"state": "all"}).context["page"]
        desk = client.get(reverse("admin:activities_feedback_changelist")).context["cl"]
        page = client.get(reverse("feedback", args=[made.pk])).status_code
        change = client.get(reverse("admin:activities_feedback_change", args=[made.pk])).status_code
        step = client.post(reverse("feedback_step", args=[made.pk]), {"action": "none"}).status_code
        return [{each.pk for each in box}, box.paginator.count, desk.result_count, page, change, step]

    for moment in ("2026-03-02T23:58:30+08:00", "2026-03-02T15:59:59+00:00"):
        time_machine.move_to(datetime.fromisoformat(moment), tick=False)
        assert found() == [{named.pk}, 1, 1, 404, 302, 404], moment
        client.force_login(person())
        assert client.post(reverse("feedback_receipt"), {"code": code}).context["feedback"] == made
    time_machine.move_to(datetime.fromisoformat("2026-03-02T16:00:00+00:00"), tick=False)
    assert found() == [{named.pk, made.pk}, 2, 2, 200, 200, 200]
    assert (made.received_on, made.reply_by) == (named.received_on, named.reply_by)


def test_another_persons_named_one_by_its_id_is_404(client):
    made = sent(person()).feedback
    client.force_login(person())
    for name in ("feedback", "feedback_step", "feedback_reply", "feedback_ask"):
        method = client.get if name == "feedback" else client.post
        assert method(reverse(name, args=[made.pk]), {"text": "x", "seen": "1"}).status_code == 404


def test_no_statement_names_person_and_text_together(client):
    author = logged_in(client)
    with CaptureQueriesContext(connection) as queries:
        send(client)
    with_text = [query["sql"] for query in queries if SECRET in query["sql"]]
    assert len(with_text) == 1
    assert author.employee_number not in with_text[0]


def as_they_lie(columns: str = "id") -> list[tuple[Any, ...]]:
    """Messages in the order in which they lie in the database."""
    place = "ctid" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM activities_feedback WHERE author_id IS NULL ORDER BY {place}")
        return list(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("seeds")
def test_over_night_the_messages_lose_their_order_and_nothing_else():
    clerk, author = office(), person()
    for number in range(8):
        made = sent(author, named=False, text=f"第 {number} 条").feedback
        if number == 3:
            reply_to_feedback(feedback=made, by=clerk, text="已办", is_public=True, seen=1, today=TODAY, now=NOW)
            a_finding(clerk, source=made)
    named = sent(author).feedback
    before, came = everything(), as_they_lie()
    orders = set()
    for _ in range(6):
        mix_anonymous()
        orders.add(tuple(as_they_lie()))
    assert everything() == before
    assert len(orders - {tuple(came)}) > 1
    assert Feedback.objects.get(author=author) == named
    if connection.vendor == "postgresql":
        assert len(set(as_they_lie("xmin::text"))) == 1


@pytest.mark.django_db(transaction=True)
def test_an_empty_box_is_mixed_too():
    mix_anonymous()
    assert not Feedback.objects.exists()
