"""Two people edit one work at once, again and again, on a database of its own.

    python -m submissions.tests.edits [--server postgres://…/postgres] [--edits 1000]

Last line: `edits=1000 stored=250 told=750 lost=0`.
"""

import sys
import threading
from typing import Any

from shuxiang.tests.races import options, scratch_database, tell

WRITERS = 4


def compete(work: Any, writers: list[Any], edits: int) -> tuple[list[str], int]:
    """Everybody reads, then all write: the texts said to be stored in their order, and how many were told."""
    from django.db import connection
    from django.utils import timezone

    from submissions.models import Submission
    from submissions.services.contents import Content
    from submissions.services.drafting import save
    from submissions.services.review import StaleSubmission

    stored: list[tuple[int, str]] = []
    told: list[str] = []
    gate = threading.Barrier(len(writers), timeout=60)

    def write(name: int, cadre: Any) -> None:
        try:
            for number in range(edits // len(writers)):
                seen = Submission.objects.get(pk=work.pk)
                gate.wait()
                text = f"{name}-{number}"
                try:
                    content, now = Content({"body": text}), timezone.now()
                    after = save(submission=seen, seen=seen.revision, content=content, by=cadre, now=now)
                    stored.append((after.revision, text))
                except StaleSubmission:
                    told.append(text)
                gate.wait()
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=each) for each in enumerate(writers)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return [text for _, text in sorted(stored)], len(told)


def edited(edits: int) -> dict[str, int]:
    from uuid import uuid4

    from django.utils import timezone

    from organization.roles import Role
    from organization.tests.factories import CadreFactory, bureau
    from submissions.kinds import Kind
    from submissions.services.contents import Content
    from submissions.services.drafting import begin

    author, liaison = (CadreFactory(department=bureau(), roles=roles) for roles in ([], [Role.LIAISON]))
    content = Content({"title": "题", "body": "原文"}, main_author=author)
    work, _ = begin(kind=Kind.ESSAY, content=content, by=liaison, token=uuid4(), now=timezone.now())
    stored, told = compete(work, [author, liaison] * (WRITERS // 2), edits)
    work.refresh_from_db()
    # Every text that was said to be stored is a revision of its own, and the last one is what stands.
    lost = len(stored) - (work.revision - 1) + (work.versions.get().body != stored[-1])
    return {"edits": len(stored) + told, "stored": len(stored), "told": told, "lost": lost}


def main() -> int:
    asked = options(edits=1000)
    with scratch_database(asked.server):
        numbers = edited(asked.edits)
    return tell(numbers, ("lost",)) or int(numbers["edits"] != asked.edits)


if __name__ == "__main__":
    sys.exit(main())
