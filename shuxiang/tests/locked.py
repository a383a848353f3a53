"""A write lock on SQLite held for eight seconds, and a broker that is dead: log-in, review and run all the same.

    python -m shuxiang.tests.locked

Last line: `login=302 review=302 run=302 state=waiting work=approved slowest=8.4` (seconds).
"""

import json
import shutil
import sqlite3
import sys
import time
from pathlib import Path

from shuxiang.tests.scratch import fork, fresh_django, wait

HELD = 8.0
PASSWORD = "Shu-Xiang-2026"
PERIOD = "2024Q1"


def prepare(folder: Path) -> None:
    """An office with a clerk who has signed in twice, and a message folder that nobody can write to."""
    from django.test import Client

    from assessment.tests.kills import prepare as bring_in
    from organization.models import Cadre
    from organization.roles import Role
    from organization.services.accounts import open_account
    from submissions.models import Submission
    from submissions.states import State

    bring_in()
    clerk = open_account(cadre=Cadre(employee_number="CLERK1", name="某职员"), role=Role.OFFICE)
    clerk.set_password(PASSWORD)
    clerk.must_change_password = False
    clerk.save(update_fields=["password", "must_change_password"])
    place(clerk)
    client = Client()
    client.force_login(clerk)
    work = Submission.objects.filter(state=State.PENDING).first()
    known = {"session": client.cookies["sessionid"].value, "work": work.pk, "revision": work.revision}
    (folder / "known.json").write_text(json.dumps(known))
    shutil.rmtree(folder / "broker")
    (folder / "broker").write_text("not a folder")


def place(cadre) -> None:
    """At the head of the tree, so that everything is in sight."""
    from datetime import date

    from organization.models import Department, Posting

    Posting.objects.create(cadre=cadre, department=Department.objects.get(parent=None), since=date(2020, 1, 1))


def hold(folder: Path) -> None:
    lock = sqlite3.connect(folder / "db.sqlite3", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    (folder / "held").touch()
    time.sleep(HELD)
    lock.execute("ROLLBACK")
    lock.close()


def ask(folder: Path, name: str, url: str, arguments: list, typed: dict) -> None:
    """One request of the clerk's; leaves its status and how long it took."""
    from django.test import Client
    from django.urls import reverse

    client = Client(raise_request_exception=False, headers={"host": "127.0.0.1"})
    if name != "login":
        client.cookies["sessionid"] = json.loads((folder / "known.json").read_text())["session"]
    began = time.monotonic()
    response = client.post(reverse(url, args=arguments), typed)
    (folder / f"{name}.json").write_text(json.dumps([response.status_code, time.monotonic() - began]))


def outcome(folder: Path, work: int) -> None:
    from assessment.models import AssessmentRun
    from submissions.models import Submission

    run = AssessmentRun.objects.latest("pk")
    (folder / "outcome.json").write_text(json.dumps([run.state, Submission.objects.get(pk=work).state]))


def main() -> int:
    folder = fresh_django("")
    try:
        assert wait(fork(lambda: prepare(folder))) == 0
        known = json.loads((folder / "known.json").read_text())
        decision = {"action": "approve", "grade": "", "reason": "", "revision": known["revision"]}
        requests = {
            "login": ("login", [], {"username": "CLERK1", "password": PASSWORD}),
            "review": ("admin:submissions_submission_review", [known["work"]], decision),
            "run": ("appraisal_run", [PERIOD], {}),
        }
        children = [fork(lambda: hold(folder))]
        while not (folder / "held").exists():
            time.sleep(0.01)
        children += [fork(lambda each=each: ask(folder, each[0], *each[1])) for each in requests.items()]
        assert {wait(pid) for pid in children} == {0}
        assert wait(fork(lambda: outcome(folder, known["work"]))) == 0
        found = {name: json.loads((folder / f"{name}.json").read_text()) for name in requests}
        state, work = json.loads((folder / "outcome.json").read_text())
        statuses = " ".join(f"{name}={status}" for name, (status, _) in found.items())
        slowest = max(seconds for _, seconds in found.values())
        sys.stdout.write(f"{statuses} state={state} work={work} slowest={slowest:.1f}\n")
        return 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
