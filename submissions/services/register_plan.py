"""What a register of works would change, and writing it."""

from datetime import date, datetime, time

from organization.directory import Directory
from shuxiang.periods import SHANGHAI
from shuxiang.workbooks.importing import Plan
from shuxiang.workbooks.registers import Record, Register
from submissions.models import Contributor, Decision, Submission, Version
from submissions.services.existing import CHUNK, Existing, load_existing
from submissions.services.register import DATE, KIND, QUARTER, REFERENCE, SHEET, check
from submissions.services.work import Work
from submissions.states import Action, State
from submissions.windows import QuarterRefused, Windows, windows_for


def plan_submissions(register: Register, *, today: date, now: datetime) -> Plan:
    """Checks the register and says what it would change."""
    records = register.records[SHEET]
    known = load_existing([record.values[REFERENCE] for record in records if record.values.get(REFERENCE)])
    works = check(records, Directory.load(), known)
    windows = windows_for(sorted({work.quarter for _, work in works}))
    plan = Plan()
    added: list[Work] = []
    changed: list[tuple[Existing, Work]] = []
    for record, work in works:
        existing = known.get(work.reference)
        if not acceptable(record, work, existing, windows):
            continue
        if work.credit_date > today:
            plan.notices.append(f"“{SHEET}”第 {record.row} 行的{DATE} {work.credit_date} 在今天之后，请核对。")
        if existing is None:
            added.append(work)
            plan.added.append(f"新增 {work.reference} {work.title}")
        elif differences := existing.differences(work):
            changed.append((existing, work))
            plan.changed.append(f"修改 {work.reference} {work.title}：{'、'.join(differences)}")
        else:
            plan.unchanged += 1
    plan.apply = lambda: apply_submissions(added, changed, now)
    return plan


def acceptable(record: Record, work: Work, existing: Existing | None, windows: Windows) -> bool:
    """Refuses what a stored work of that number, or a closed quarter, does not allow."""
    if existing is not None and existing.submission.kind != work.kind:
        record.refuse(KIND, f"编号 {work.reference} 已登记为{existing.submission.get_kind_display()}，请核对编号或类型")
    elif existing is not None and existing.submission.state in (State.DRAFT, State.WITHDRAWN):
        record.refuse(
            REFERENCE, f"编号 {work.reference} 现在是{existing.submission.get_state_display()}，不能用登记表改动"
        )
    elif existing is None or existing.submission.quarter != str(work.quarter):
        try:
            windows.check_open(work.quarter)
        except QuarterRefused as error:
            record.refuse(QUARTER, str(error))
    return not record.problems


def apply_submissions(added: list[Work], changed: list[tuple[Existing, Work]], now: datetime) -> None:
    create(added)
    update(changed, now)


def create(works: list[Work]) -> None:
    submissions = Submission.objects.bulk_create(
        [
            Submission(
                reference=work.reference,
                kind=work.kind,
                title=work.title,
                state=work.state,
                credit_date=work.credit_date,
                quarter=str(work.quarter),
            )
            for work in works
        ],
        batch_size=CHUNK,
    )
    versions = Version.objects.bulk_create(
        [
            Version(submission=submission, title=work.title, submitted_at=handed_in(work))
            for submission, work in zip(submissions, works, strict=True)
        ],
        batch_size=CHUNK,
    )
    graded = []
    for submission, version, work in zip(submissions, versions, works, strict=True):
        if work.grade:
            submission.grade, submission.graded_version = work.grade, version
            graded.append(submission)
    Submission.objects.bulk_update(graded, ["grade", "graded_version"], batch_size=CHUNK)
    name_people([(submission, work) for submission, work in zip(submissions, works, strict=True)])
    Decision.objects.bulk_create(
        [
            registered(submission, version, "", work, "新增")
            for submission, version, work in zip(submissions, versions, works, strict=True)
        ],
        batch_size=CHUNK,
    )


def handed_in(work: Work) -> datetime:
    return datetime.combine(work.credit_date, time(), SHANGHAI)


def update(changed: list[tuple[Existing, Work]], now: datetime) -> None:
    newest = newest_versions([existing.submission.pk for existing, _ in changed])
    decisions = []
    for existing, work in changed:
        submission, version = existing.submission, newest[existing.submission.pk]
        decisions.append(registered(submission, version, submission.state, work, "、".join(existing.differences(work))))
        submission.title = version.title = work.title
        submission.credit_date, submission.quarter = work.credit_date, str(work.quarter)
        submission.state = work.state
        if submission.grade != work.grade:
            submission.grade, submission.graded_version = work.grade, version if work.grade else None
        submission.revision += 1
        submission.changed_at = version.changed_at = now
    fields = ["title", "credit_date", "quarter", "state", "grade", "graded_version", "revision", "changed_at"]
    Submission.objects.bulk_update([existing.submission for existing, _ in changed], fields, batch_size=CHUNK)
    Version.objects.bulk_update(
        [newest[existing.submission.pk] for existing, _ in changed], ["title", "changed_at"], batch_size=CHUNK
    )
    renamed = [(existing, work) for existing, work in changed if existing.people != work.people]
    for existing, _ in renamed:
        existing.submission.contributors.all().delete()
    name_people([(existing.submission, work) for existing, work in renamed])
    Decision.objects.bulk_create(decisions, batch_size=CHUNK)


def newest_versions(submissions: list[int]) -> dict[int, Version]:
    found: dict[int, Version] = {}
    for start in range(0, len(submissions), CHUNK):
        rows = Version.objects.filter(submission__in=submissions[start : start + CHUNK]).order_by("number")
        found |= {version.submission_id: version for version in rows}
    return found


def name_people(works: list[tuple[Submission, Work]]) -> None:
    """Those named in a register count as confirmed."""
    Contributor.objects.bulk_create(
        [
            Contributor(submission=submission, cadre_id=cadre, position=position, state=Contributor.State.CONFIRMED)
            for submission, work in works
            for position, cadre in enumerate(work.people)
        ],
        batch_size=CHUNK,
    )


def registered(submission: Submission, version: Version, before: str, work: Work, changes: str) -> Decision:
    """The event that a register leaves: what it changed, in words."""
    return Decision(
        submission=submission,
        version=version,
        action=Action.REGISTER,
        from_state=before,
        to_state=work.state,
        grade=work.grade,
        reason=f"登记表导入：{changes}",
    )
