"""The attack: who has the whole database, the logs and every response, and knows in which order people answered, finds
no sheet of anybody. What remains outside of the database is named in the manual."""

import logging
import math
import random
import re
import statistics
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.views.debug import SafeExceptionReporterFilter

from activities.admin import questionnaires as desk
from activities.models import AnswerSheet, Invitation, Questionnaire
from activities.services.questionnaires import close_questionnaire
from activities.tests.asking import answered_by, form_of, opened, readers
from activities.views.questionnaire_answer import questionnaire_answer
from organization.middleware import SEEN
from organization.models import AccessEvent
from shuxiang.tests.fixtures import SOAK

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeds")]

PEOPLE = 30
REPEATED, FEW = (400 if SOAK else 200), 6
SHEETS, INVITATIONS, SESSIONS = (model._meta.db_table for model in (AnswerSheet, Invitation, Session))
# The time of the last page, by the minute, and the sentence that thanks; nothing of an answer.
SESSION_KEYS = {"_auth_user_id", "_auth_user_backend", "_auth_user_hash", SEEN, "_messages"}


def dump() -> dict[str, set[tuple[Any, ...]]]:
    """Every row of every table, as the database holds it."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    known = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(known if connection.vendor == "sqlite" else known & tables | known):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = {tuple(map(repr, row)) for row in cursor.fetchall()}
        if connection.vendor == "postgresql":
            cursor.execute("SELECT sequencename, last_value FROM pg_sequences")
        else:
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
        found["sequences"] = {tuple(map(repr, row)) for row in cursor.fetchall()}
    return found


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {table for table in after if before.get(table) != after[table]}


def stored(questionnaire: Questionnaire, table: str, columns: str) -> list[tuple[Any, ...]]:
    """Rows in the order in which they lie in the database."""
    place = "ctid" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM {table} WHERE questionnaire_id = %s ORDER BY {place}", [questionnaire.pk]
        )
        return list(cursor.fetchall())


def texts_as_they_lie(questionnaire: Questionnaire, key: str) -> list[int]:
    with_id = {row.pk.hex: row.content[key] for row in AnswerSheet.objects.filter(questionnaire=questionnaire)}
    rows = stored(questionnaire, SHEETS, "id")
    return [int(with_id[UUID(str(each)).hex]) for (each,) in rows]


def order_of_marks(questionnaire: Questionnaire) -> None:
    """All rows bear one transaction's mark, so that none tells when or with which other it was written."""
    if connection.vendor != "postgresql":
        return
    marks = {*stored(questionnaire, SHEETS, "xmin::text"), *stored(questionnaire, INVITATIONS, "xmin::text")}
    assert len(marks) == 1
    assert len(set(stored(questionnaire, INVITATIONS, "xmin::text, cmin::text, xmax::text"))) == 1


def test_thirty_answers_leave_nothing_that_joins_or_orders_them(caplog):
    caplog.set_level(logging.DEBUG)
    people = readers(PEOPLE)
    questionnaire = opened(people)
    order = random.sample(people, PEOPLE)
    clients = {}
    for each in order:
        clients[each.pk] = Client()
        clients[each.pk].force_login(each)
        clients[each.pk].get("/questionnaires/")
    text = questionnaire.questions.get(text="建议")
    url = reverse("questionnaire_answer", args=[questionnaire.pk])
    keys: set[UUID] = set()
    caplog.clear()
    events = AccessEvent.objects.count()
    for number, each in enumerate(order):
        before = dump()
        secret = f"秘密{number:04}"
        clients[each.pk].get(url)
        response = clients[each.pk].post(url, form_of(questionnaire, single="1", text=secret))
        assert response.status_code == 302
        after = dump()
        assert changed(before, after) <= {SHEETS, INVITATIONS, SESSIONS}
        assert len(after[INVITATIONS] ^ before[INVITATIONS]) == 2  # one says that it was answered, no more
        assert secret not in str(response.headers) + str(response.cookies)
        for table in set(after) - {SHEETS}:
            assert secret not in str(after[table]), table
        fresh = set(AnswerSheet.objects.values_list("pk", flat=True))
        assert keys.isdisjoint(fresh)  # every sheet has a key that it never had
        assert {key.version for key in fresh} == {4}
        keys |= fresh
        order_of_marks(questionnaire)
    for session in Session.objects.all():
        found = session.get_decoded()
        assert set(found) <= SESSION_KEYS
        assert "秘密" not in str(found)
    logged = " ".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("django.db.backends")
    )
    assert "秘密" not in logged
    assert not any(each.name in logged or each.employee_number in logged for each in people)
    assert AccessEvent.objects.count() == events
    assert sorted(stored(questionnaire, INVITATIONS, "id")) == [
        (pk,) for pk in questionnaire.invitations.order_by("cadre").values_list("pk", flat=True)
    ]

    close_questionnaire(questionnaire=questionnaire, by=None, now=timezone.now())
    assert keys.isdisjoint(AnswerSheet.objects.values_list("pk", flat=True))
    assert not questionnaire.invitations.filter(has_answered=True).exists()
    order_of_marks(questionnaire)
    given = sorted(each[str(text.pk)] for each in questionnaire.sheets.values_list("content", flat=True))
    assert given == [f"秘密{number:04}" for number in range(PEOPLE)]


def test_a_sheet_has_no_column_that_could_tell():
    assert {field.name for field in AnswerSheet._meta.fields} == {"id", "questionnaire", "content"}
    assert {field.name for field in Invitation._meta.fields} == {"id", "questionnaire", "cadre", "has_answered"}
    models = set(desk.admin.site._registry)
    assert models.isdisjoint({AnswerSheet, Invitation})
    pointing = [relation.related_model for relation in AnswerSheet._meta.related_objects]
    assert pointing == []


def rank_correlation(places: list[int]) -> float:
    """Of the order in which answers lie with the order in which they came; 1 where they are the same."""
    return statistics.correlation(list(range(len(places))), places)


def independent(orders: list[list[int]]) -> bool:
    """Within five standard deviations of what chance gives: of rank correlation, and of how often the last answer is
    the last row, or the first."""
    runs, size = len(orders), len(orders[0])
    mean = statistics.mean(map(rank_correlation, orders))
    spread = 5 * math.sqrt(runs * (1 / size) * (1 - 1 / size))
    at_ends = [sum(order[end] == size - 1 for order in orders) for end in (0, -1)]
    fits = all(abs(number - runs / size) < spread for number in at_ends)
    return abs(mean) < 5 / math.sqrt(runs * (size - 1)) and fits


def test_the_measure_notices_rows_that_are_appended_and_a_last_one_that_stays_last():
    assert not independent([list(range(FEW))] * REPEATED)
    chance = random.Random(1)
    last_stays = [[*chance.sample(range(FEW - 1), FEW - 1), FEW - 1] for _ in range(REPEATED)]
    assert not independent(last_stays)
    assert independent([chance.sample(range(FEW), FEW) for _ in range(REPEATED)])


def test_the_order_of_rows_and_of_keys_is_independent_of_the_order_of_answers():
    people = readers(FEW)
    open_rows, open_keys, closed_rows, closed_keys = [], [], [], []
    for _ in range(REPEATED):
        questionnaire = opened(people)
        key = str(questionnaire.questions.get(text="建议").pk)
        contents = [{"建议": str(number)} for number in range(FEW)]
        answered_by(questionnaire, random.sample(people, FEW), *contents)
        by_key = questionnaire.sheets.order_by("pk").values_list("content", flat=True)
        open_rows.append(texts_as_they_lie(questionnaire, key))
        open_keys.append([int(each[key]) for each in by_key.all()])
        close_questionnaire(questionnaire=questionnaire, by=None, now=timezone.now())
        closed_rows.append(texts_as_they_lie(questionnaire, key))
        closed_keys.append([int(each[key]) for each in by_key.all()])
    for orders in (open_rows, open_keys, closed_rows, closed_keys):
        assert independent(orders)


@pytest.mark.parametrize("why", ["idle", "password"])
def test_what_was_typed_when_the_session_had_ended_is_kept_nowhere(client, why):
    person = readers(1)[0]
    questionnaire = opened([person])
    client.force_login(person)
    url = reverse("questionnaire_answer", args=[questionnaire.pk])
    page = client.get(url)
    if why == "idle":
        session = client.session
        session[SEEN] = 1_000_000
        session.save()
    else:
        person.must_change_password = True
        person.save()
    response = client.post(url, form_of(questionnaire, single="1", text="秘密"), follow=True)
    assert "没有保存" in response.content.decode()
    assert "writer" not in page.content.decode()
    assert questionnaire.sheets.count() == 0
    assert all("秘密" not in str(each.get_decoded()) for each in Session.objects.all())
    assert "秘密" not in str(dump())


def test_an_error_report_names_no_field(settings):
    settings.DEBUG = False
    request: WSGIRequest = RequestFactory().post("/questionnaires/0/answer/", {"q1": "秘密"})
    request.user = readers(1)[0]
    with pytest.raises(Http404):
        questionnaire_answer(request, 0)
    told = SafeExceptionReporterFilter().get_post_parameters(request)
    assert re.fullmatch(r"\*+", told["q1"])


def test_what_is_deleted_is_overwritten_in_sqlite():
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete")
            assert cursor.fetchone() == (1,)
