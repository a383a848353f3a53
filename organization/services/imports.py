"""Bringing a register in at the desk: looked at first, then applied exactly as it was looked at."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.contrib.admin.models import ADDITION, LogEntry
from django.core.files import File
from django.db import IntegrityError, transaction

from organization.models import AccessAction, Cadre, RegisterImport, work_scope_of
from organization.roles import Role
from organization.services.audit import record_event
from organization.services.preview import digest_of, preview_of, summary
from organization.services.register_kinds import KINDS, RegisterKind
from organization.services.roles import NotAllowed
from shuxiang.periods import shanghai_date
from shuxiang.uploads import download_name
from shuxiang.workbooks.importing import Outcome, Plan, Planner, refused_records, run_import
from shuxiang.workbooks.registers import Register, WorkbookRefused

FORGOTTEN_AFTER = timedelta(days=7)
NAME_LENGTH = 100


class Decided(Exception):
    """The import was applied or discarded already; str() is a Chinese sentence."""


class PreviewChanged(Exception):
    """Applying would no longer do what the preview shows; str() is a Chinese sentence."""


class Differs(Exception):
    """Carries the newer look out of the transaction that it ends."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


def check_importer(by: Cadre, kind: RegisterKind) -> None:
    """A register may speak of everybody, so only the office that sees everybody brings one in, and whom the kind
    names."""
    if by.has_role(*kind.importers):
        return
    if not by.has_role(Role.OFFICE) or not work_scope_of(by).everybody:
        raise NotAllowed("登记表由根单位在任的办公室人员导入。")


def upload_register(*, kind: RegisterKind, file: File, by: Cadre, now: datetime) -> RegisterImport:
    """Looks at the file and keeps it with what was found.

    Raises NotAllowed, and WorkbookRefused where the file as a whole is no register; then nothing is kept.
    """
    check_importer(by, kind)
    discard_forgotten(now)
    with local_copy(file) as path:
        register = kind.form.read(path, kind.specs, settings.WORKBOOK_MAX_WEB_ROWS)
        outcome = run_import(
            register, lambda register: kind.plan(register, today=shanghai_date(now), now=now, by=by), dry_run=True
        )
        name = download_name(str(file.name or ""), "登记表")[-NAME_LENGTH:]
        found = RegisterImport(kind=kind.key, original_name=name, uploaded_by=by)
        with path.open("rb") as content:
            found.file.save(name, File(content), save=False)
        try:
            show(found, register, outcome)
            found.save(force_insert=True)
        except BaseException:
            remove_files(found.file, found.refused_file)
            raise
    return found


def planner(kind: RegisterKind, by: Cadre, now: datetime) -> Planner:
    return lambda register: kind.plan(register, today=shanghai_date(now), now=now, by=by)


def apply_import(*, found: RegisterImport, by: Cadre, digest: str, now: datetime) -> str:
    """Writes what the preview of that digest shows: the good rows; says in words what was done.

    Raises NotAllowed, Decided, WorkbookRefused, and PreviewChanged: then nothing is written and the import
    has a new preview.
    """
    kind = KINDS[found.kind]
    check_importer(by, kind)
    if not found.is_open:
        raise Decided(decided_already(found))
    plan = planner(kind, by, now)
    done = f"已导入{kind.title}“{found}”：{summary(found.preview, kind)}"
    with stored_copy(found) as path:
        register = kind.form.read(path, kind.specs, None)
    try:
        with transaction.atomic():
            decide(found, RegisterImport.State.APPLIED, by, now)
            run_import(
                register,
                lambda register: as_shown(plan(register), register, digest),
                dry_run=False,
                keep_refused=lambda outcome: None,  # they were kept with the preview
                record=lambda outcome: record_import(by, f"{kind.title} {found}", done, outcome.plan.rights),
            )
            LogEntry.objects.log_actions(by.pk, [found], ADDITION, change_message=done, single_object=True)
    except IntegrityError as error:
        raise PreviewChanged("刚才有人同时改了相关的资料，没有导入。请核对后再试一次。") from error
    except Differs as differs:
        show_again(found, register, differs.outcome, now)
        raise PreviewChanged("预览之后资料有了变化，没有导入。下面是新的预览，请重新核对。") from differs
    return done


def record_on_server(*, kind: RegisterKind, register: Register, outcome: Outcome, path: Path) -> None:
    """The events of an import by a command: the same as at the desk; none where the file changed nothing."""
    plan = outcome.plan
    if plan.added or plan.changed or plan.created:
        done = f"已导入{kind.title}“{path}”：{summary(preview_of(register, outcome), kind)}"
        record_import(None, f"{kind.title} {path.name}", done, plan.rights)


def record_import(by: Cadre | None, about: str, done: str, rights: Sequence[str]) -> None:
    record_event(action=AccessAction.IMPORT, actor=by, about=about, detail=done)
    if rights:
        record_event(action=AccessAction.ROLES, actor=by, about=f"{len(rights)} 人", detail="；".join(rights))


def discard_import(*, found: RegisterImport, by: Cadre, now: datetime) -> None:
    """Nothing is written; the file goes, its refused rows stay to be mended. Raises NotAllowed, Decided."""
    check_importer(by, KINDS[found.kind])
    discard(found, by, now)


def discard_forgotten(now: datetime) -> None:
    """What nobody decided on is discarded in its uploader's name."""
    still_open = RegisterImport.objects.filter(state=RegisterImport.State.PREVIEWED).select_related("uploaded_by")
    for found in still_open.filter(created_at__lt=now - FORGOTTEN_AFTER):
        with suppress(Decided):
            discard(found, found.uploaded_by, now)


def discard(found: RegisterImport, by: Cadre, now: datetime) -> None:
    with transaction.atomic():
        decide(found, RegisterImport.State.DISCARDED, by, now)
        RegisterImport.objects.filter(pk=found.pk).update(file="")
    remove_files(found.file)


def decide(found: RegisterImport, state: RegisterImport.State, by: Cadre, now: datetime) -> None:
    open_ones = RegisterImport.objects.filter(pk=found.pk, state=RegisterImport.State.PREVIEWED)
    if open_ones.update(state=state, decided_by=by, decided_at=now, changed_at=now) != 1:
        found.refresh_from_db()
        raise Decided(decided_already(found))


def decided_already(found: RegisterImport) -> str:
    return f"这次导入已经办理（{found.get_state_display()}），没有再做一遍。"


def as_shown(plan: Plan, register: Register, digest: str) -> Plan:
    outcome = Outcome(plan, register.problems, refused_records(register), written=False)
    if digest_of(outcome) != digest:
        raise Differs(outcome)
    return plan


def show(found: RegisterImport, register: Register, outcome: Outcome) -> None:
    """Sets the preview, its digest and the file of refused rows."""
    found.digest = digest_of(outcome)
    found.refused_file = ""
    if outcome.refused:
        with TemporaryDirectory(prefix="shuxiang-import-") as folder:
            path = Path(folder) / "refused"
            KINDS[found.kind].form.give_back(register, outcome, path)
            with path.open("rb") as content:
                found.refused_file.save(path.name, File(content), save=False)
    found.preview = preview_of(register, outcome)


def show_again(found: RegisterImport, register: Register, outcome: Outcome, now: datetime) -> None:
    """Replaces the preview, unless somebody decided meanwhile."""
    old = found.refused_file.name
    show(found, register, outcome)
    kept = RegisterImport.objects.filter(pk=found.pk, state=RegisterImport.State.PREVIEWED).update(
        preview=found.preview, digest=found.digest, refused_file=found.refused_file.name or "", changed_at=now
    )
    unused = old if kept else found.refused_file.name
    if unused:
        found.refused_file.storage.delete(unused)


@contextmanager
def local_copy(file: File) -> Iterator[Path]:
    """The content as a file on this machine, wherever it is stored."""
    with TemporaryDirectory(prefix="shuxiang-import-") as folder:
        path = Path(folder) / "register"
        with path.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
        yield path


@contextmanager
def stored_copy(found: RegisterImport) -> Iterator[Path]:
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:
        raise WorkbookRefused("上传的文件已不在存储中，请放弃这次导入，重新上传。") from error
    with content, local_copy(content) as path:
        yield path


def remove_files(*files: Any) -> None:
    for file in files:
        if file:
            file.storage.delete(file.name)
