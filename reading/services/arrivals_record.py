"""The access event of an import by a command: the same as at the desk."""

from pathlib import Path

from organization.services.imports import record_import
from organization.services.preview import summary
from organization.services.register_kinds import RegisterKind
from shuxiang.workbooks.pieces import Tally


def record_arrivals(*, kind: RegisterKind, tally: Tally, path: Path) -> None:
    """None where the file changed nothing."""
    if tally.added or tally.changed or tally.created:
        counts = {"added": tally.added, "changed": tally.changed, "refused": len(tally.refused), "held_back": 0}
        record_import(None, f"{kind.title} {path.name}", f"已导入{kind.title}“{path}”：{summary(counts, kind)}", [])
