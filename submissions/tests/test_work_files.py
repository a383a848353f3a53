"""Files of drafts: with the form, and by themselves."""

from uuid import uuid4

import pytest
from django.test import Client

from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from submissions.models import Attachment, Submission
from submissions.states import State
from submissions.tests.factories import SubmissionFactory
from submissions.tests.handing_in import TEXTS, filled, hidden, opened, upload

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(seeds):
    return DepartmentFactory(parent=bureau(), name="法规审理科")


@pytest.fixture
def author(client, office):
    found = CadreFactory(name="秦越", department=office)
    client.force_login(found)
    return found


def sent(client, address, **form):
    return client.post(address, form, headers={"accept": "application/json"})


def test_a_recitation_is_handed_in_with_its_recording(client, author):
    response = client.post("/works/new/recitation/", filled(client, "recitation", audio=upload()))
    work = Submission.objects.get()
    assert response.url == f"/works/{work.pk}/"
    file = Attachment.objects.get()
    assert (file.role, file.original_name, file.uploaded_by) == ("audio", "录音.wav", author)


def test_a_file_that_is_none_is_named_and_the_text_kept(client, author):
    response = client.post("/works/new/recitation/", filled(client, "recitation", audio=upload(b"<html>", "a.mp3")))
    page = response.content.decode()
    assert response.status_code == 200
    assert 'aria-invalid="true"' in page
    assert Submission.objects.get().versions.get().body == TEXTS["recitation"]["script"]
    assert Attachment.objects.count() == 0


def test_a_file_may_come_before_anything_else(client, author):
    form = opened(client, "/works/new/recitation/")
    once, twice = (
        sent(client, "/works/files/audio/", token=form["token"], kind="recitation", file=upload()) for _ in "ab"
    )
    work = Submission.objects.get()
    assert (once.status_code, twice.status_code) == (201, 201)
    assert (once.json()["revision"], twice.json()["revision"]) == (1, None)
    answer = twice.json()
    assert (answer["work"], answer["address"], answer["missing"]) == (
        work.pk, f"/works/{work.pk}/edit/", ["篇名", "诵读文本"],
    )  # fmt: skip
    assert (answer["file"]["name"], answer["file"]["role"]) == ("录音.wav", "audio")
    assert Attachment.objects.get().pk.hex == answer["file"]["id"].replace("-", "")
    form |= TEXTS["recitation"] | {"action": "submit"}
    assert client.post("/works/new/recitation/", form).url == f"/works/{work.pk}/"
    assert Submission.objects.get().state == State.PENDING


def test_a_refused_file_is_an_answer_that_names_the_matter(client, author):
    answer = sent(client, "/works/files/audio/", token=uuid4(), kind="recitation", file=upload(b"<html>", "a.mp3"))
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert sent(client, "/works/files/audio/", token=uuid4(), kind="recitation").json()["error"].startswith("没有收到")


@pytest.mark.parametrize(
    ("role", "form"),
    [
        ("cover", {"kind": "recitation", "token": "6a28b61f-afd8-4d66-a763-40029e14fe89"}),
        ("audio", {"kind": "poem", "token": "6a28b61f-afd8-4d66-a763-40029e14fe89"}),
        ("audio", {"kind": "recitation", "token": "x"}),
        ("audio", {"kind": "recitation"}),
        ("x", {}),
    ],
)
def test_what_no_form_sends_is_not_found(client, author, role, form):
    assert sent(client, f"/works/files/{role}/", file=upload(), **form).status_code == 404
    assert Submission.objects.count() == 0


def test_a_file_is_taken_away_without_losing_what_was_typed(client, author):
    client.post("/works/new/recitation/", filled(client, "recitation", "draft", audio=upload()))
    work = Submission.objects.get()
    address = f"/works/{work.pk}/edit/"
    page = client.get(address).content.decode()
    assert 'name="action" value="remove:audio"' in page
    form = {**opened(client, address), **TEXTS["recitation"], "script": "改过。", "action": "remove:audio"}
    assert client.post(address, form).url == address
    assert Attachment.objects.count() == 0
    assert work.versions.get().body == "改过。"
    assert client.post(address, {**form, "action": "remove:cover"}).status_code == 404


def test_the_old_version_keeps_its_file_when_the_new_one_gets_another(client, author):
    client.post("/works/new/recitation/", filled(client, "recitation", audio=upload()))
    work = Submission.objects.get()
    Submission.objects.filter(pk=work.pk).update(state=State.RETURNED)
    assert sent(client, f"/works/{work.pk}/files/audio/", file=upload(name="重录.wav")).status_code == 201
    old, new = work.versions.order_by("number")
    assert [each.original_name for each in old.attachments.all()] == ["录音.wav"]
    assert [each.original_name for each in new.attachments.all()] == ["重录.wav"]
    page = client.get(f"/works/{work.pk}/edit/").content.decode()
    assert "重录.wav" in page
    assert hidden(page, "revision") == "2"


def test_no_file_joins_what_was_handed_in(client, author):
    work = SubmissionFactory(people=[author], kind="recitation")
    answer = sent(client, f"/works/{work.pk}/files/audio/", file=upload())
    assert (answer.status_code, "不能修改" in answer.json()["error"]) == (400, True)
    assert client.post(f"/works/{work.pk}/files/audio/", {"file": upload()}).url == f"/works/{work.pk}/edit/"
    assert Attachment.objects.count() == 0


@pytest.mark.parametrize("role", list(Role))
def test_nobody_else_adds_a_file(client, author, office, role):
    client.post("/works/new/recitation/", filled(client, "recitation", "draft"))
    work = Submission.objects.get()
    for viewer in (
        CadreFactory(roles=[role], department=office),
        CadreFactory(roles=[role], department=DepartmentFactory(parent=bureau())),
        CadreFactory(roles=[role]),
    ):
        other = Client()
        other.force_login(viewer)
        assert sent(other, f"/works/{work.pk}/files/audio/", file=upload()).status_code == 404
    assert Client().post(f"/works/{work.pk}/files/audio/", {"file": upload()}).url.startswith("/login/")
    assert Attachment.objects.count() == 0
