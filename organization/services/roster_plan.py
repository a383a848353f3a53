"""What a roster would change."""

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from difflib import get_close_matches

from organization.directory import number_key
from organization.models import Cadre, DepartmentKind, Tree
from organization.roles import ADMINISTRATORS, ROSTER_ROLES, Role
from organization.services.roster import NUMBER, Dated, Path, Root, Row, check, held_back
from organization.services.roster_known import Known, active_after, path_of
from organization.services.roster_write import apply_roster
from shuxiang.periods import written
from shuxiang.workbooks.importing import Created, Line, Named, Plan
from shuxiang.workbooks.registers import Register

# How many new departments are compared with the names there are.
COMPARED = 200


class RootRefused(ValueError):
    """The tree's root was not named, or named otherwise than before; str() is a Chinese sentence."""


def check_root(tree: Tree, *, agency: str | None, umbrella: str | None) -> Root:
    """The root as it stands or as it is named now; raises RootRefused."""
    if agency and umbrella:
        raise RootRefused("--agency 和 --umbrella 只能给一个：单个单位用 --agency，上级组织用 --umbrella。")
    kind = DepartmentKind.AGENCY if agency else DepartmentKind.GROUP
    name = (agency or umbrella or "").strip()
    if tree.root is None:
        if not name or "/" in name or len(name) > 50:
            raise RootRefused(
                "第一次导入要指定根：单个单位用 --agency 单位名，上级组织用 --umbrella 名（不含“/”，50 字以内）。"
            )
        return Root(name, kind)
    if name and (tree.root.name, tree.root.kind) != (name, kind):
        was = "--agency" if tree.root.kind == DepartmentKind.AGENCY else "--umbrella"
        raise RootRefused(f"系统里的根是“{tree.root.name}”，请用 {was} {tree.root.name}，或不写这个选项。")
    return Root(tree.root.name, tree.root.kind)


def new_paths(rows: Iterable[Row], tree: Tree) -> list[Path]:
    """Departments named for the first time, parents first, in the order of first appearance: 花名册, then 任职."""
    rows = list(rows)
    known = {path_of(tree, id) for id in tree.nodes} | {()}
    found: dict[Path, None] = {}
    posted = [
        (number, place) for row in rows for number, (_, _, place) in zip(row.posting_rows, row.postings, strict=False)
    ]
    for path in [row.home for row in rows] + [place for _, place in sorted(posted)]:
        for length in range(1, len(path) + 1):
            if path[:length] not in known:
                found.setdefault(path[:length])
    return list(found)


def plan_roster(
    register: Register,
    *,
    agency: str | None = None,
    umbrella: str | None = None,
    today: date,
    now: datetime,
    by: Cadre | None = None,
) -> Plan:
    """Checks the register and says what it would change; raises RootRefused.

    `by` is who brings it in, None for a command on the server: nobody changes the own person.
    """
    known = Known()
    root = check_root(known.tree, agency=agency, umbrella=umbrella)
    rows, _ = check(register, root)
    plan = Plan(notices=lost_zeros(rows))
    added: list[Row] = []
    changed: list[tuple[Row, Cadre]] = []
    for row in rows:
        cadre = known.cadres.get(number_key(row.number))
        differences = tuple(differences_of(row, cadre, known, today)) if cadre is not None else ()
        if cadre is not None and known.roles.get(cadre.pk, set()) & set(ADMINISTRATORS):
            row.record.refuse(NUMBER, f"{row.number} 是管理员账号，不能列入花名册，请给本人另立工号")
        elif cadre is None:
            added.append(row)
            plan.added.append(Line("新增", f"{row.name}（{row.number}）", ("/".join(row.home) or root.name,)))
            if row.roles and row.roles != {Role.CADRE}:
                plan.rights.append(f"{row.name}（{row.number}）：新账号，角色 {roles_told(row.roles)}")
        elif differences and by is not None and cadre.pk == by.pk:
            row.record.refuse("", f"是您本人，自己的资料（{'、'.join(differences)}）要由另一位同事导入")
        elif differences:
            changed.append((row, cadre))
            plan.changed.append(Line("修改", f"{row.name}（{row.number}）", differences))
            rights = [each for each in differences if each.startswith(("角色 ", "账号"))]
            plan.rights += [f"{row.name}（{row.number}）：{each}" for each in rights]
        else:
            plan.unchanged += 1
    plan.held_back = held_back(register)
    accepted = [row for row in rows if not row.record.problems]
    paths = new_paths(accepted, known.tree)
    if paths:
        plan.created.append(Created(f"新建科室 {len(paths)} 个", list(described(paths, known.tree))))
    groups = list(
        dict.fromkeys(name for row in accepted for _, _, name in row.memberships or () if name not in known.groups)
    )
    if groups:
        plan.created.append(Created(f"新建党小组 {len(groups)} 个", [Named(name) for name in groups]))
    plan.apply = lambda: apply_roster(root, paths, groups, added, changed, known, today, now)
    return plan


def described(paths: list[Path], tree: Tree) -> Iterator[Named]:
    """Each new path, with a name that it may have been meant to be: one that exists, or nearly the same new one.

    Only the first paths are compared: every name with every other would take the square of their number.
    """
    existing = sorted({node.name for node in tree.nodes.values()})
    for place, path in enumerate(paths):
        if place >= COMPARED:
            yield Named("/".join(path))
            continue
        new = [other[-1] for other in paths[:place] if other[-1] != path[-1]]
        near = (
            [name for name in existing if plain(name) == plain(path[-1])]
            or get_close_matches(path[-1], existing, n=1, cutoff=0.5)
            or get_close_matches(path[-1], new, n=1, cutoff=0.85)
        )
        yield Named("/".join(path), near[0] if near and near[0] != path[-1] else "")


def plain(name: str) -> str:
    """By which names are the same to a reader: full-width forms, case and spaces do not matter."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def lost_zeros(rows: list[Row]) -> list[str]:
    """Notices on numbers that look as if a spreadsheet had dropped their leading zeros."""
    padded = {len(row.number) for row in rows if row.number.isdigit() and row.number.startswith("0")}
    return [
        f"工号 {row.number}（{row.name}）是否应为 {row.number.zfill(max(padded))}？以 0 开头的请把该列设为文本格式。"
        for row in rows
        if padded and row.number.isdigit() and len(row.number) < max(padded)
    ]


def differences_of(row: Row, cadre: Cadre, known: Known, today: date) -> Iterable[str]:
    """What changes, from what to what; a phone number is not told."""
    if row.name != cadre.name:
        yield f"姓名 {cadre.name} → {row.name}"
    if row.title is not None and row.title != cadre.title:
        yield f"职务 {cadre.title or '无'} → {row.title or '无'}"
    if row.phone is not None and row.phone != cadre.phone:
        yield "手机号"
    roles = known.roles.get(cadre.pk, set()) & set(ROSTER_ROLES)
    if row.roles is not None and row.roles != roles:
        yield f"角色 {roles_told(roles)} → {roles_told(row.roles)}"
    postings = known.postings.get(cadre.pk, set())
    if set(row.postings) != postings:
        yield f"任职 {spans_told(postings)} → {spans_told(row.postings)}"
    memberships = known.memberships.get(cadre.pk, set())
    if row.memberships is not None and set(row.memberships) != memberships:
        yield f"党小组 {spans_told(memberships)} → {spans_told(row.memberships)}"
    leaves = known.leaves.get(cadre.pk, set())
    if row.leaves is not None and row.leaves != leaves:
        before, after = (
            [(since, until, category) for category, since, until in spans] for spans in (leaves, row.leaves)
        )
        yield f"请假 {spans_told(before)} → {spans_told(after)}"
    if active_after(row, cadre, known, today) != cadre.is_active:
        yield "账号停用" if cadre.is_active else "账号启用"


def roles_told(roles: Iterable[str]) -> str:
    return "＋".join(sorted(str(role) for role in roles)) or "无"


def as_dated(leaves: Iterable[tuple[str, date, date | None]]) -> list[Dated]:
    return [(since, until, category) for category, since, until in leaves]


def span_told(since: date, until: date | None) -> str:
    return f"{written(since)}至 {written(until)}" if until else f"{written(since)}起"


def spans_told(spans: Iterable[Dated]) -> str:
    """`办公室（2020 年 3 月 1 日起）；信息中心（2018 年 1 月 1 日至 2020 年 2 月 29 日）`, the newest first."""
    return (
        "；".join(
            f"{what if isinstance(what, str) else '/'.join(what) or '/'}（{span_told(since, until)}）"
            for since, until, what in sorted(spans, key=lambda span: span[0], reverse=True)
        )
        or "无"
    )
