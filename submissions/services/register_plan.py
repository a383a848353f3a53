"""What a register of works would change, and writing it."""

from datetime import date, datetime, time

from organization.directory import Directory
from organization.models import Cadre
from shuxiang.periods import SHANGHAI, written
from shuxiang.rows import update_rows
from shuxiang.workbooks.importing import Line, Plan
from shuxiang.workbooks.registers import Record, Register
from submissions.kinds import Grade
from submissions.models import Contributor, Decision, Submission, Version
from submissions.services.existing import CHUNK, Existing, load_existing
from submissions.services.register import DATE, KIND, QUARTER, REFERENCE, SHEET, check
from submissions.services.work import Work
from submissions.states import Action, State
from submissions.windows import QuarterRefused, Windows, windows_for

OWN = "是您本人参与的作品，不能由本人决定，这一行要由办公室的另一位同事导入"


def plan_submissions(register: Register, *, today: date, now: datetime, by: Cadre | None = None) -> Plan:
    """Checks the register and says what it would change.

    `by` is who brings it in, None for a command on the server: nobody decides on a work of their own.
    """
    records = register.records[SHEET]
    known = load_existing([record.values[REFERENCE] for record in records if record.values.get(REFERENCE)])
    directory = Directory.load()
    works = check(records, directory, known)
    windows = windows_for(sorted({work.quarter for _, work in works}))
    plan = Plan()
    added: list[Work] = []
    changed: list[tuple[Existing, Work]] = []
    for record, work in works:
        existing = known.get(work.reference)
        if not acceptable(record, work, existing, windows):
            continue
        if by is not None and decides_own(work, existing, by):
            record.refuse(REFERENCE, OWN)
            continue
        if work.credit_date > today:
            plan.notices.append(f"“{SHEET}”第 {record.row} 行的{DATE} {written(work.credit_date)}在今天之后，请核对。")
        if existing is None:
            added.append(work)
            grade = [str(Grade(work.grade).label)] if work.grade else []
            details = (work.kind.label, directory.names(work.people), str(work.state.label), *grade)
            plan.added.append(Line("新增", f"{work.reference} {work.title}", details))
        elif changes := existing.changes(work, directory.names):
            changed.append((existing, work))
            plan.changed.append(Line("修改", f"{work.reference} {work.title}", changes))
        else:
            plan.unchanged += 1
    plan.apply = lambda: apply_submissions(added, changed, now, by)
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


def decides_own(work: Work, existing: Existing | None, by: Cadre) -> bool:
    """Whether the row changes or adds a work of the person's own that is decided before or after.

    Nor does anybody leave an own work, to decide on it as somebody else's.
    """
    if existing is None:
        return by.pk in work.people and is_decided(work.state, work.grade)
    old = existing.submission
    own = old.entered_by_id == by.pk or by.pk in {*existing.people, *work.people}
    leaves = by.pk in existing.people and by.pk not in work.people
    decided = is_decided(old.state, old.grade) or is_decided(work.state, work.grade)
    return own and (decided or leaves) and bool(existing.differences(work))


def is_decided(state: str, grade: str) -> bool:
    return state != State.PENDING or grade != ""


def apply_submissions(added: list[Work], changed: list[tuple[Existing, Work]], now: datetime, by: Cadre | None) -> None:
    create(added, by)
    update(changed, now, by)


def create(works: list[Work], by: Cadre | None) -> None:
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
    update_rows(graded, ["grade", "graded_version"])
    name_people([(submission, work) for submission, work in zip(submissions, works, strict=True)])
    Decision.objects.bulk_create(
        [
            registered(submission, version, "", work, "新增", by)
            for submission, version, work in zip(submissions, versions, works, strict=True)
        ],
        batch_size=CHUNK,
    )


def handed_in(work: Work) -> datetime:
    return datetime.combine(work.credit_date, time(), SHANGHAI)


def update(changed: list[tuple[Existing, Work]], now: datetime, by: Cadre | None) -> None:
    newest = newest_versions([existing.submission.pk for existing, _ in changed])
    decisions = []
    for existing, work in changed:
        submission, version = existing.submission, newest[existing.submission.pk]
        differences = "、".join(existing.differences(work))
        decisions.append(registered(submission, version, submission.state, work, differences, by))
        submission.title = version.title = work.title
        submission.credit_date, submission.quarter = work.credit_date, str(work.quarter)
        submission.state = work.state
        if submission.grade != work.grade:
            submission.grade, submission.graded_version = work.grade, version if work.grade else None
        submission.revision += 1
        submission.changed_at = version.changed_at = now
    fields = ["title", "credit_date", "quarter", "state", "grade", "graded_version", "revision", "changed_at"]
    update_rows([existing.submission for existing, _ in changed], fields)
    update_rows([newest[existing.submission.pk] for existing, _ in changed], ["title", "changed_at"])
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


def registered(
    submission: Submission, version: Version, before: str, work: Work, changes: str, by: Cadre | None
) -> Decision:
    """The event that a register leaves: what it changed, in words."""
    return Decision(
        submission=submission,
        version=version,
        actor=by,
        action=Action.REGISTER,
        from_state=before,
        to_state=work.state,
        grade=work.grade,
        reason=f"登记表导入：{changes}",
    )
