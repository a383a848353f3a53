"""Whether a work may be shown: said by its author, taken back at any time, on record."""

import pytest
from django.utils import timezone

from organization.models import AccessAction, AccessEvent
from submissions.models import Submission
from submissions.services.contents import Content
from submissions.services.drafting import save
from submissions.states import State
from submissions.tests.factories import SubmissionFactory
from submissions.tests.handing_in import TEXTS, answered, opened
from submissions.tests.life import author, clerk, office, sound

__all__ = ["author", "clerk", "office"]
pytestmark = pytest.mark.django_db


def test_consents_are_the_authors_and_can_be_taken_back(client, author, clerk):
    work = SubmissionFactory(people=[author], state=State.APPROVED)
    assert "随时可以改" in sound(client, f"/works/{work.pk}/")
    client.post(f"/works/{work.pk}/consent/", {"show_in_showcase": "on"})
    work.refresh_from_db()
    assert (work.show_in_showcase, work.show_outside, work.revision) == (True, False, 1)
    client.post(f"/works/{work.pk}/consent/", {})
    work.refresh_from_db()
    assert not work.show_in_showcase
    client.force_login(clerk)
    assert client.post(f"/works/{work.pk}/consent/", {"show_outside": "on"}).status_code == 404


def test_a_consent_leaves_a_line_in_the_history_and_no_figure_out_of_date(client, author):
    work = SubmissionFactory(people=[author], state=State.APPROVED)
    for sent in ({"show_in_showcase": "on", "show_outside": "on"}, {"show_outside": "on"}, {"show_outside": "on"}):
        client.post(f"/works/{work.pk}/consent/", sent)
    stored = Submission.objects.get(pk=work.pk)
    assert (stored.show_in_showcase, stored.show_outside) == (False, True)
    assert (stored.changed_at, stored.revision) == (work.changed_at, 1)
    assert list(work.decisions.values_list("action", "actor__name", "from_state", "to_state", "reason")) == [
        ("consent", "贺砚秋", "approved", "approved", "同意在书香展示，同意对外推送"),
        ("consent", "贺砚秋", "approved", "approved", "不同意在书香展示"),
    ]
    assert "更改展示授权 第 1 版 不同意在书香展示" in sound(client, f"/works/{work.pk}/")
    about = AccessEvent.objects.filter(action=AccessAction.DECISION, actor=author).values_list("detail", flat=True)
    assert "更改展示授权；不同意在书香展示" in about


def test_a_consent_in_the_form_of_a_returned_work_leaves_a_line_too(author):
    work = SubmissionFactory(people=[author], state=State.RETURNED)
    for shown in (True, True, False):
        content, now = Content({"body": "改稿"}, {"show_in_showcase": shown, "show_outside": False}), timezone.now()
        work = save(submission=work, seen=work.revision, content=content, by=author, now=now)
    assert [each.reason for each in work.decisions.all()] == ["同意在书香展示", "不同意在书香展示"]


def test_of_two_tabs_the_later_is_told_what_the_other_said_and_changes_nothing(client, author):
    work = SubmissionFactory(people=[author], state=State.APPROVED)
    address = f"/works/{work.pk}/"
    assert '<input type="hidden" name="seen" value="">' in client.get(address).content.decode()
    both = {"show_in_showcase": "on", "show_outside": "on"}
    client.post(f"{address}consent/", {"seen": "", **both})
    client.post(f"{address}consent/", {"seen": ""})
    work.refresh_from_db()
    assert (work.show_in_showcase, work.show_outside) == (True, True)
    page = sound(client, address)
    assert (
        "展示授权在别处改动过：现在是“同意在书香展示，同意对外推送”，您刚才选的“不同意在书香展示，不同意对外推送”没有保存"
        in page
    )
    assert (
        '<input type="hidden" name="seen" value="show_in_showcase show_outside">'
        in client.get(address).content.decode()
    )
    client.post(f"{address}consent/", {"seen": "", **both})
    assert "在别处改动过" not in sound(client, address)
    client.post(f"{address}consent/", {"seen": "show_in_showcase show_outside"})
    work.refresh_from_db()
    assert (work.show_in_showcase, work.show_outside) == (False, False)


@pytest.mark.parametrize("shown", [True, False])
def test_a_form_left_open_does_not_say_again_what_was_taken_back_elsewhere(client, author, shown):
    work = SubmissionFactory(kind="essay", people=[author], entered_by=author, state=State.RETURNED)
    ticked = {"show_in_showcase": "on"}
    Submission.objects.filter(pk=work.pk).update(show_in_showcase=shown)
    address = f"/works/{work.pk}/edit/"
    form = {**opened(client, address), **TEXTS["essay"], **(ticked if shown else {}), "action": "draft"}
    client.post(f"/works/{work.pk}/consent/", {} if shown else ticked)
    answer = answered(client, form, address)
    assert (answer.status_code, answer.json()["conflict"]) == (409, True)
    assert Submission.objects.get(pk=work.pk).show_in_showcase is not shown


@pytest.mark.parametrize("state", [State.DRAFT, State.WITHDRAWN])
def test_what_is_shown_to_nobody_takes_no_consent_on_its_page(client, author, state):
    work = SubmissionFactory(people=[author], state=state)
    assert f'action="/works/{work.pk}/consent/"' not in client.get(f"/works/{work.pk}/").content.decode()
    client.post(f"/works/{work.pk}/consent/", {"show_in_showcase": "on"})
    assert f"作品现在是“{state.label}”，不能更改展示授权" in sound(client, f"/works/{work.pk}/")
    assert not Submission.objects.get(pk=work.pk).show_in_showcase
