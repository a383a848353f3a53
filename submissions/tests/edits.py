"""Two people edit one work at once, again and again, on a database of its own.

    python -m submissions.tests.edits [--server postgres://…/postgres] [--edits 1000]

Last line: `edits=1000 stored=250 told=750 lost=0`.
"""

import argparse
import sys
import threading
from typing import Any

from shuxiang.tests.scratch import Scratch, fresh_django

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


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", default="")
    parser.add_argument("--edits", type=int, default=1000)
    options = parser.parse_args()
    scratch = Scratch(fresh_django(options.server), options.server)
    try:
        from uuid import uuid4

        from django.core.management import call_command
        from django.utils import timezone

        from organization.roles import Role
        from organization.tests.factories import CadreFactory, bureau
        from submissions.kinds import Kind
        from submissions.services.contents import Content
        from submissions.services.drafting import begin

        call_command("migrate", verbosity=0)
        author, liaison = (CadreFactory(department=bureau(), roles=roles) for roles in ([], [Role.LIAISON]))
        content = Content({"title": "题", "body": "原文"}, main_author=author)
        work, _ = begin(kind=Kind.ESSAY, content=content, by=liaison, token=uuid4(), now=timezone.now())
        stored, told = compete(work, [author, liaison] * (WRITERS // 2), options.edits)
        work.refresh_from_db()
        # Every text that was said to be stored is a revision of its own, and the last one is what stands.
        lost = len(stored) - (work.revision - 1) + (work.versions.get().body != stored[-1])
        sys.stdout.write(f"edits={len(stored) + told} stored={len(stored)} told={told} lost={lost}\n")
        return 0 if lost == 0 and len(stored) + told == options.edits else 1
    finally:
        scratch.remove()


if __name__ == "__main__":
    sys.exit(main())
