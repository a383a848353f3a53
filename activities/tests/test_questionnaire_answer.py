"""The form of the invited: once, kept after a mistake, deaf to what nobody offered."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from activities.services.answering import AlreadyAnswered, answer
from activities.services.questionnaires import close_questionnaire
from activities.tests.asking import form_of, opened, readers
from organization.services.lives import IllegalStep
from organization.services.roles import NotAllowed
from reading.tests.factories import reader
from reading.tests.hostile import HOSTILE

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited(client):
    found = reader()
    client.force_login(found)
    return found


def page_of(questionnaire):
    return reverse("questionnaire_answer", args=[questionnaire.pk])


def test_a_full_sheet_is_stored_as_the_model_says(client, invited):
    made = opened([invited])
    sent = form_of(made, single="2", multiple=["2", "0"], scale="4", text="多买书\x00", matrix=["1", ""])
    assert client.post(page_of(made), sent, follow=True).redirect_chain[-1][0] == reverse("questionnaires")
    keys = {each.kind: str(each.pk) for each in made.questions.all()}
    assert made.sheets.get().content == {
        keys["single"]: 2, keys["multiple"]: [0, 2], keys["scale"]: 4, keys["text"]: "多买书",
        keys["matrix"]: [1, None],
    }  # fmt: skip


def test_a_second_time_is_told(client, invited):
    made = opened([invited])
    for _ in range(2):
        page = client.post(page_of(made), form_of(made, single="0"), follow=True).content.decode()
    assert "您已经答过" in page
    assert "您已经答过" in client.get(page_of(made), follow=True).content.decode()
    assert made.sheets.count() == 1


def test_a_mistake_keeps_what_was_chosen(client, invited):
    made = opened([invited])
    page = client.post(page_of(made), form_of(made, multiple=["1"], text="留着这句")).content.decode()
    assert "第 1 题</a>" in page
    assert "留着这句" in page
    assert page.count(" checked") == 1
    assert made.sheets.count() == 0


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_values(client, invited, text):
    made = opened([invited])
    sent = form_of(made, single=text, multiple=[text, "0"], scale=text, text=text, matrix=[text, text])
    sent |= {"q999999": "0", "q-1": text, "content": text, "cadre": "1", f"q{made.questions.all()[0].pk}[]": "0"}
    page = client.post(page_of(made), sent)
    assert page.status_code == 200
    assert made.sheets.count() == 0


def test_other_options_arrays_and_long_texts_are_refused_and_foreign_questions_passed_over(client, invited):
    made = opened([invited])
    for wrong in (
        {"single": "3"}, {"single": "-1"}, {"single": "0", "multiple": ["7"]}, {"single": "0", "scale": "6"},
        {"single": "0", "scale": "0"}, {"single": "0", "matrix": ["2", "0"]}, {"single": "0", "text": "长" * 2001},
    ):  # fmt: skip
        assert client.post(page_of(made), form_of(made, **wrong)).status_code == 200
    assert made.sheets.count() == 0
    sent = form_of(made, single=["0", "1"], text="长" * 2000) | {"q999999": "0"}
    assert client.post(page_of(made), sent).status_code == 302
    assert set(made.sheets.get().content) == {str(each.pk) for each in made.questions.all() if each.position in (1, 4)}


def test_a_multiple_choice_sent_twice_counts_once(client, invited):
    made = opened([invited])
    client.post(page_of(made), form_of(made, single="0", multiple=["1", "1"]))
    assert [1] in made.sheets.get().content.values()


def test_only_the_invited_and_only_while_it_is_open(client, invited):
    today, stranger = timezone.localdate(), reader()
    made, past = opened([invited]), opened([invited], until=today - timedelta(days=1))
    with pytest.raises(NotAllowed):
        answer(questionnaire=made, cadre=stranger, content={}, today=today)
    with pytest.raises(IllegalStep):
        answer(questionnaire=past, cadre=invited, content={}, today=today)
    answer(questionnaire=past, cadre=invited, content={}, today=today - timedelta(days=1))
    stale = made
    close_questionnaire(questionnaire=made, by=None, now=timezone.now())
    with pytest.raises(IllegalStep):
        answer(questionnaire=stale, cadre=invited, content={}, today=today)
    client.force_login(stranger)
    assert client.get(page_of(opened([invited]))).status_code == 404


def test_two_stale_copies_answer_once(invited):
    made = opened([invited, *readers(2)])
    answer(questionnaire=made, cadre=invited, content={}, today=timezone.localdate())
    with pytest.raises(AlreadyAnswered):
        answer(questionnaire=made, cadre=invited, content={}, today=timezone.localdate())
    assert made.invitations.filter(has_answered=True).count() == made.sheets.count() == 1


def test_the_page_is_none_of_those_whose_text_outlives_the_session():
    assert re.fullmatch(settings.KEPT_FORMS, "/questionnaires/7/answer/") is None
    for kept in ("/questionnaires/new/", "/questionnaires/7/edit/", "/questionnaires/7/questions/new/"):
        assert re.fullmatch(settings.KEPT_FORMS, kept)
