"""A work from before files had a place each, with several files of one role, brought to the present tables.

    python -m submissions.tests.migrating [--server postgres://…/postgres]

A line per version: number, whether the decision is bound to it, its text and its files; then what the grade binds to.
"""

import argparse
import sys
from datetime import date, datetime, timedelta
from typing import Any

from shuxiang.periods import SHANGHAI
from shuxiang.tests.scratch import Scratch, fresh_django

BEFORE = ("submissions", "0003_showcase")
NOW = datetime(2024, 5, 6, 9, 30, tzinfo=SHANGHAI)
# Of the work's first version the files in the order in which they came; the second version has one.
FIRST = (
    ("audio", "一.mp3"),
    ("document", "稿.docx"),
    ("audio", "二.mp3"),
    ("document", "新稿.docx"),
    ("audio", "三.mp3"),
)


def before(apps: Any) -> None:
    submission, version, decision, attachment = (
        apps.get_model("submissions", name) for name in ("Submission", "Version", "Decision", "Attachment")
    )
    work = submission.objects.create(
        reference="ZP1",
        kind="recitation",
        title="赤壁赋",
        state="approved",
        credit_date=date(2024, 5, 6),
        quarter="2024Q2",
    )
    one, two = (
        version.objects.create(submission=work, number=number, title="赤壁赋", body=f"正文{number}", submitted_at=NOW)
        for number in (1, 2)
    )
    decision.objects.create(submission=work, version=one, action="approve", to_state="approved", grade="good")
    submission.objects.filter(pk=work.pk).update(grade="good", graded_version=one)
    for minute, (role, name) in enumerate([*FIRST, ("audio", "后.mp3")]):
        of = two if name == "后.mp3" else one
        file = attachment.objects.create(
            version=of, role=role, file=f"{minute:02}", original_name=name, size=1, sha256="0" * 64
        )
        attachment.objects.filter(pk=file.pk).update(created_at=NOW + timedelta(minutes=minute))


def after() -> list[str]:
    from submissions.models import Submission, Version

    lines = []
    for each in Version.objects.order_by("number").prefetch_related("attachments", "decisions"):
        files = sorted(file.original_name for file in each.attachments.all())
        lines.append(f"{each.number} {each.decisions.count()} {each.body} {'、'.join(files)}")
    graded = Submission.objects.get().graded_version
    return [*lines, f"graded {graded.number if graded else None}"]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", default="")
    options = parser.parse_args()
    scratch = Scratch(fresh_django(options.server), options.server)
    try:
        from django.core.management import call_command
        from django.db import connection
        from django.db.migrations.executor import MigrationExecutor

        call_command("migrate", *BEFORE, verbosity=0)
        before(MigrationExecutor(connection).loader.project_state(BEFORE).apps)
        call_command("migrate", verbosity=0)
        sys.stdout.write("\n".join(after()) + "\n")
        connection.close()
    finally:
        scratch.remove()


if __name__ == "__main__":
    main()
