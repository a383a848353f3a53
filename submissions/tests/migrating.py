"""Works from before files had a place each, with several files of one role, brought to the present tables.

    python -m submissions.tests.migrating [--server postgres://…/postgres]

For each work a line with its title, its state, its people and what the grade binds to; then a line per version:
number, whether it is still being written, how many decisions are bound to it, its text and its files.
"""

import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from shuxiang.periods import SHANGHAI
from shuxiang.tests.scratch import from_nothing

BEFORE = ("submissions", "0003_showcase")
NOW = datetime(2024, 5, 6, 9, 30, tzinfo=SHANGHAI)
# Files of one version in the order in which they came.
FIRST = (
    ("audio", "一.mp3"),
    ("document", "稿.docx"),
    ("audio", "二.mp3"),
    ("document", "新稿.docx"),
    ("audio", "三.mp3"),
)


def before(apps: Any) -> None:
    """A work that was judged, one that came back and is being mended, and a draft."""
    submission, decision, cadre = (
        apps.get_model(*name)
        for name in (("submissions", "Submission"), ("submissions", "Decision"), ("organization", "Cadre"))
    )
    author = cadre.objects.create(employee_number="G001", name="秦越")
    one, _ = begun(apps, author, "赤壁赋", "approved", [FIRST, [("audio", "后.mp3")]])
    decision.objects.create(submission=one.submission, version=one, action="approve", to_state="approved", grade="good")
    submission.objects.filter(pk=one.submission_id).update(grade="good", graded_version=one)
    sent = [("audio", "旧.mp3"), ("audio", "报.mp3")]
    _, mended = begun(apps, author, "前出师表", "returned", [sent, [("audio", "改一.mp3"), ("audio", "改二.mp3")]])
    (draft,) = begun(apps, author, "桃花源记", "draft", [FIRST])
    type(draft).objects.filter(pk__in=(mended.pk, draft.pk)).update(is_draft=True, submitted_at=None)


def begun(apps: Any, author: Any, title: str, state: str, contents: Sequence[Sequence[tuple[str, str]]]) -> list[Any]:
    """The versions of a work, each with its files in the order in which they came."""
    submission, contributor, version, attachment = (
        apps.get_model("submissions", name) for name in ("Submission", "Contributor", "Version", "Attachment")
    )
    dated = {} if state == "draft" else {"credit_date": date(2024, 5, 6), "quarter": "2024Q2"}
    work = submission.objects.create(
        reference=title, kind="recitation", title=title, state=state, entered_by=author, token=uuid4(), **dated
    )
    contributor.objects.create(submission=work, cadre=author, position=0)
    versions = []
    for number, files in enumerate(contents, start=1):
        versions.append(
            version.objects.create(submission=work, number=number, title=title, body=f"正文{number}", submitted_at=NOW)
        )
        for minute, (role, name) in enumerate(files):
            file = attachment.objects.create(
                version=versions[-1], role=role, file=uuid4().hex, original_name=name, size=1, sha256="0" * 64
            )
            attachment.objects.filter(pk=file.pk).update(created_at=NOW + timedelta(minutes=minute))
    return versions


def after() -> list[str]:
    from submissions.models import Submission

    lines = []
    for work in Submission.objects.order_by("pk").prefetch_related("versions__attachments", "versions__decisions"):
        people = "、".join(each.cadre.name for each in work.contributors.all())
        graded = work.graded_version.number if work.graded_version else None
        lines.append(f"{work.title} {work.state} {people} {graded}")
        for each in work.versions.all():
            files = "、".join(sorted(file.original_name for file in each.attachments.all()))
            kept = "在写" if each.is_draft else "已报"
            lines.append(f"{each.number} {kept} {each.decisions.count()} {each.body or '（无）'} {files}")
    return lines


def main() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    call_command("migrate", *BEFORE, verbosity=0)
    before(MigrationExecutor(connection).loader.project_state(BEFORE).apps)
    call_command("migrate", verbosity=0)
    sys.stdout.write("\n".join(after()) + "\n")


if __name__ == "__main__":
    from_nothing(main)
