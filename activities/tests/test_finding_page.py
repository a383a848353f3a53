"""The page of a finding: its parts one after the other, and that none loses what was typed in another."""

import pytest
from django.urls import reverse

from activities.kinds import TALK
from activities.models import Finding
from activities.services.findings import reply_to_finding
from activities.tests.factories import ActivityFactory
from activities.tests.feedback_rows import NOW, a_finding, office, person
from organization.models import AccessEvent
from organization.services.naming import labelled

pytestmark = pytest.mark.django_db
WRITTEN = {"assign": ("measure", "加梯凳"), "progress": ("note", "买了梯凳"), "reply": ("reply", "下月到位"),
           "decide": ("reason", "写一半的说明")}  # fmt: skip


def test_on_the_page_it_is_raised_assigned_reported_answered_and_closed(client):
    clerk, owner = office(), person()
    talk = ActivityFactory(category=TALK)
    client.force_login(clerk)
    made = client.post(f"{reverse('finding_new')}?activity={talk.pk}", {"text": "灯太暗"})
    finding = Finding.objects.get()
    assert made.url == reverse("finding", args=[finding.pk])
    given = {"text": "灯太暗", "measure": "换灯", "owner": labelled(owner), "due_on": "2199-01-01", "seen": "1"}
    assert client.post(reverse("finding_assign", args=[finding.pk]), given).context["assign"].errors["due_on"]
    given["due_on"] = "2099-03-05"
    client.post(reverse("finding_assign", args=[finding.pk]), given)
    client.post(reverse("finding_reply", args=[finding.pk]), {"reply": "月底前换", "is_public": "on", "seen": "2"})
    client.force_login(owner)
    client.post(reverse("finding_progress", args=[finding.pk]), {"note": "已买", "seen": "3"})
    assert (
        client.post(reverse("finding_decide", args=[finding.pk]), {"action": "solve", "seen": "4"}).status_code == 404
    )
    client.force_login(clerk)
    client.post(reverse("finding_decide", args=[finding.pk]), {"action": "solve", "seen": "4"})
    finding.refresh_from_db()
    assert (finding.state, finding.owner, finding.version) == ("done", owner, 5)
    assert AccessEvent.objects.filter(action="feedback").count() == 4


def test_the_loser_keeps_the_text_and_sees_what_stands_now(client):
    clerk = office()
    client.force_login(clerk)
    finding = a_finding(clerk)
    reply_to_finding(finding=Finding.objects.get(), by=clerk, reply="下月到位", is_public=True, seen=1, now=NOW)
    url = reverse("finding_assign", args=[finding.pk])
    given = {"text": "书架太高", "measure": "辛苦写的措施", "seen": "1"}
    lost = client.post(url, given)
    assert (lost.status_code, lost.context["seen"]) == (409, 2)
    assert "辛苦写的措施" in lost.content.decode()
    assert client.post(url, {**given, "seen": "2"}).status_code == 302


@pytest.mark.parametrize("part", WRITTEN)
@pytest.mark.parametrize("right", [True, False])
def test_saving_one_part_of_the_page_loses_no_word_of_the_others(client, part, right):
    client.force_login(office())
    finding = a_finding(action="旧措施")
    typed = {"text": finding.text, "owner": "", "due_on": "", "is_public": "on", "seen": "1" if right else "7"}
    typed |= dict(WRITTEN.values()) | ({"action": "drop"} if part == "decide" else {})
    page = client.post(reverse(f"finding_{part}", args=[finding.pk]), typed)
    assert page.status_code == (200 if right else 409)
    assert finding.events.count() == (2 if right else 1)
    shown = {name: page.context[other][name].value() for other, (name, _) in WRITTEN.items() if other in page.context}
    gone = {"note", "reason"} & {WRITTEN[part][0]} if right else set()
    assert shown == {name: "" if name in gone else typed[name] for name in shown}
    assert page.context["reply"]["is_public"].value()
    assert str(page.context["seen"]) == ("2" if right else "1")
    html = page.content.decode()
    assert ("仍在下面" in html) == right
    assert all(words in html for _, words in WRITTEN.values())
    assert html.count('name="seen"') == 1


def test_a_part_alone_is_saved_and_leads_back(client):
    client.force_login(office())
    finding = a_finding(action="旧措施", reply="一行\n二行")
    sent = {
        "text": finding.text,
        "measure": "旧措施",
        "owner": "",
        "due_on": "",
        "note": "买了",
        "reply": "一行\r\n二行",
    }
    page = client.post(reverse("finding_progress", args=[finding.pk]), {**sent, "reason": "", "seen": "1"})
    assert page.url == reverse("finding", args=[finding.pk])
