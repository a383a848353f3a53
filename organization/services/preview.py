"""What a look at a register found, as a page shows it and as it is compared with a later look."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from organization.services.register_kinds import RegisterKind
from shuxiang.workbooks.importing import Line, Outcome
from shuxiang.workbooks.registers import Problem, Register

SHOWN = 200


def preview_of(register: Register, outcome: Outcome) -> dict[str, Any]:
    """Counts are of everything; of each list the first 200 are kept."""
    plan = outcome.plan
    return {
        "added": len(plan.added),
        "changed": len(plan.changed),
        "unchanged": plan.unchanged,
        "refused": len(outcome.refused),
        "held_back": len(plan.held_back),
        "notices": [*register.notices, *plan.notices][:SHOWN],
        "rights": plan.rights[:SHOWN],
        "created": [[each.heading, [list(named) for named in each.names[:SHOWN]]] for each in plan.created[:SHOWN]],
        "added_lines": lines_told(plan.added),
        "changed_lines": lines_told(plan.changed),
        "problems": [problem_told(problem) for problem in register.problems[:SHOWN]],
        "problem_count": len(register.problems),
    }


def lines_told(lines: Sequence[Line]) -> list[list[Any]]:
    return [[line.subject, list(line.details)] for line in lines[:SHOWN]]


def problem_told(problem: Problem) -> list[Any]:
    return [problem.sheet, problem.row, problem.column, problem.reason]


def digest_of(outcome: Outcome) -> str:
    """The same for two looks that would do the same; all of each list counts."""
    plan = outcome.plan
    told = [
        plan.added,
        plan.changed,
        plan.unchanged,
        plan.rights,
        [[each.heading, each.names] for each in plan.created],
        [problem_told(problem) for problem in outcome.problems],
        [[record.sheet, record.row] for record in plan.held_back],
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def summary(preview: Mapping[str, Any], kind: RegisterKind) -> str:
    """`新增 46 人，改动 3 人，退回 2 行`; what is nothing is left out."""
    returned = preview["refused"] + preview["held_back"]
    said = [("新增", preview["added"], kind.noun), ("改动", preview["changed"], kind.noun)]
    said.append(("退回", returned, kind.form.unit))
    return "，".join(f"{word} {count} {unit}" for word, count, unit in said if count) or "没有变化"
