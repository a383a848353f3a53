"""What a roster would change, and writing it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db.models import Max, Model

from organization.directory import number_key
from organization.models import Cadre, Department, DepartmentKind, Leave, PartyGroup, PartyMembership, Posting, Tree
from organization.roles import ADMINISTRATORS, ROSTER_ROLES, Role
from organization.services.roster import NUMBER, Dated, Path, Root, Row, check
from shuxiang.workbooks.importing import Plan
from shuxiang.workbooks.registers import Register

CHUNK = 500


class RootRefused(ValueError):
    """The tree's root was not named, or named otherwise than before; str() is a Chinese sentence."""


@dataclass
class Known:
    """What the database holds, read in a constant number of queries."""

    tree: Tree = field(default_factory=Tree.load)
    cadres: dict[str, Cadre] = field(default_factory=dict)
    roles: dict[int, set[str]] = field(default_factory=dict)
    postings: dict[int, set[Dated]] = field(default_factory=dict)
    memberships: dict[int, set[Dated]] = field(default_factory=dict)
    leaves: dict[int, set[tuple[str, date, date | None]]] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        paths = {id: path_of(self.tree, id) for id in self.tree.nodes}
        self.cadres = {number_key(cadre.employee_number): cadre for cadre in Cadre.objects.all()}
        for id, name in Cadre.groups.through.objects.values_list("cadre_id", "group__name"):
            self.roles.setdefault(id, set()).add(name)
        for id, since, until, place in Posting.objects.values_list("cadre_id", "since", "until", "department_id"):
            self.postings.setdefault(id, set()).add((since, until, paths[place]))
        for id, since, until, name in PartyMembership.objects.values_list(
            "cadre_id", "since", "until", "party_group__name"
        ):
            self.memberships.setdefault(id, set()).add((since, until, name))
        for id, category, since, until in Leave.objects.values_list("cadre_id", "category", "since", "until"):
            self.leaves.setdefault(id, set()).add((category, since, until))
        self.groups = dict(PartyGroup.objects.values_list("name", "id"))


def path_of(tree: Tree, department: int) -> Path:
    """The names below the root: () for the root itself."""
    return tuple(node.name for node in reversed(list(tree.ancestors(department))))[1:]


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


def plan_roster(register: Register, *, agency: str | None, umbrella: str | None, today: date, now: datetime) -> Plan:
    """Checks the register and says what it would change; raises RootRefused."""
    known = Known()
    root = check_root(known.tree, agency=agency, umbrella=umbrella)
    rows, held_back = check(register, root)
    paths = new_paths(rows, known.tree)
    plan = Plan(held_back=held_back)
    plan.notices += lost_zeros(rows)
    if paths:
        plan.created.append(f"新建科室 {len(paths)} 个：{'、'.join(described(paths, known.tree))}")
    groups = list(
        dict.fromkeys(name for row in rows for _, _, name in row.memberships or () if name not in known.groups)
    )
    if groups:
        plan.created.append(f"新建党小组 {len(groups)} 个：{'、'.join(groups)}")
    added: list[Row] = []
    changed: list[tuple[Row, Cadre]] = []
    for row in rows:
        cadre = known.cadres.get(number_key(row.number))
        if cadre is not None and known.roles.get(cadre.pk, set()) & set(ADMINISTRATORS):
            row.record.refuse(NUMBER, f"{row.number} 是管理员账号，不能列入花名册，请给本人另立工号")
        elif cadre is None:
            added.append(row)
            plan.added.append(f"新增 {row.name}（{row.number}）")
        elif differences := list(differences_of(row, cadre, known, today)):
            changed.append((row, cadre))
            plan.changed.append(f"修改 {row.name}（{row.number}）：{'、'.join(differences)}")
        else:
            plan.unchanged += 1
    plan.apply = lambda: apply_roster(root, paths, groups, added, changed, known, today, now)
    return plan


def described(paths: list[Path], tree: Tree) -> Iterator[str]:
    """Each new path, with a name that it may have been meant to be: one that exists, or nearly the same new one."""
    existing = sorted({node.name for node in tree.nodes.values()})
    for place, path in enumerate(paths):
        new = [other[-1] for other in paths[:place] if other[-1] != path[-1]]
        near = get_close_matches(path[-1], existing, n=1, cutoff=0.5) or get_close_matches(
            path[-1], new, n=1, cutoff=0.85
        )
        asked = f"（是否为“{near[0]}”？）" if near and near[0] != path[-1] else ""
        yield "/".join(path) + asked


def lost_zeros(rows: list[Row]) -> list[str]:
    """Notices on numbers that look as if a spreadsheet had dropped their leading zeros."""
    padded = {len(row.number) for row in rows if row.number.isdigit() and row.number.startswith("0")}
    return [
        f"工号 {row.number}（{row.name}）是否应为 {row.number.zfill(max(padded))}？以 0 开头的请把该列设为文本格式。"
        for row in rows
        if padded and row.number.isdigit() and len(row.number) < max(padded)
    ]


def differences_of(row: Row, cadre: Cadre, known: Known, today: date) -> Iterable[str]:
    if row.name != cadre.name:
        yield f"姓名 {cadre.name} → {row.name}"
    if row.title is not None and row.title != cadre.title:
        yield "职务"
    if row.phone is not None and row.phone != cadre.phone:
        yield "手机号"
    if row.roles is not None and row.roles != known.roles.get(cadre.pk, set()) & set(ROSTER_ROLES):
        yield "角色"
    if set(row.postings) != known.postings.get(cadre.pk, set()):
        yield "任职"
    if row.memberships is not None and set(row.memberships) != known.memberships.get(cadre.pk, set()):
        yield "党小组"
    if row.leaves is not None and row.leaves != known.leaves.get(cadre.pk, set()):
        yield "请假"
    if active_after(row, cadre, known, today) != cadre.is_active:
        yield "账号停用" if cadre.is_active else "账号启用"


def stays(postings: Iterable[Dated], today: date) -> bool:
    return any(until is None or until >= today for _, until, _ in postings)


def active_after(row: Row, cadre: Cadre, known: Known, today: date) -> bool:
    """Leavers' accounts are disabled, not deleted; one disabled by hand stays so, a returner's opens again."""
    by_hand = not cadre.is_active and stays(known.postings.get(cadre.pk, ()), today)
    return stays(row.postings, today) and not by_hand


def apply_roster(
    root: Root,
    paths: list[Path],
    groups: list[str],
    added: list[Row],
    changed: list[tuple[Row, Cadre]],
    known: Known,
    today: date,
    now: datetime,
) -> None:
    places = create_departments(root, paths)
    PartyGroup.objects.bulk_create([PartyGroup(name=name) for name in groups])
    Cadre.objects.bulk_create(
        [
            Cadre(
                employee_number=row.number,
                name=row.name,
                title=row.title or "",
                phone=row.phone or "",
                is_active=stays(row.postings, today),
                password=make_password(None),
                must_change_password=True,
            )
            for row in added
        ],
        batch_size=CHUNK,
    )
    for row, cadre in changed:
        cadre.name = row.name
        cadre.title = cadre.title if row.title is None else row.title
        cadre.phone = cadre.phone if row.phone is None else row.phone
        cadre.is_active = active_after(row, cadre, known, today)
        cadre.changed_at = now
    fields = ["name", "title", "phone", "is_active", "changed_at"]
    Cadre.objects.bulk_update([cadre for _, cadre in changed], fields, batch_size=CHUNK)
    ids = {number_key(number): id for id, number in Cadre.objects.values_list("id", "employee_number")}
    write_dated([*added, *(row for row, _ in changed)], ids, places)
    write_roles(added, [row for row, _ in changed], ids)


def create_departments(root: Root, paths: list[Path]) -> dict[Path, int]:
    """Creates the root and the new departments; returns every department by path."""
    tree = Tree.load()
    if tree.root is None:
        Department.objects.create(name=root.name, kind=root.kind, parent=None)
        tree = Tree.load()
    ids = {path_of(tree, id): id for id in tree.nodes}
    newest = dict(Department.objects.values_list("parent_id").annotate(Max("position")))
    first_kind = DepartmentKind.AGENCY if root.kind == DepartmentKind.GROUP else DepartmentKind.OFFICE
    for path in paths:
        parent = ids[path[:-1]]
        newest[parent] = newest.get(parent, 0) + 1
        kind = first_kind if len(path) == 1 else DepartmentKind.OFFICE
        ids[path] = Department.objects.create(name=path[-1], kind=kind, parent_id=parent, position=newest[parent]).pk
    return ids


def write_dated(rows: list[Row], ids: dict[str, int], places: dict[Path, int]) -> None:
    """Postings, memberships and leaves of these people become exactly what the rows say."""
    groups = dict(PartyGroup.objects.values_list("name", "id"))
    postings = {ids[number_key(row.number)]: row.postings for row in rows}
    memberships = {ids[number_key(row.number)]: row.memberships for row in rows if row.memberships is not None}
    leaves = {ids[number_key(row.number)]: row.leaves for row in rows if row.leaves is not None}
    replace(
        Posting,
        postings,
        [
            Posting(cadre_id=id, since=since, until=until, department_id=places[path])
            for id, spans in postings.items()
            for since, until, path in spans
        ],
    )
    replace(
        PartyMembership,
        memberships,
        [
            PartyMembership(cadre_id=id, since=since, until=until, party_group_id=groups[name])
            for id, spans in memberships.items()
            for since, until, name in spans
        ],
    )
    replace(
        Leave,
        leaves,
        [
            Leave(cadre_id=id, category=category, since=since, until=until)
            for id, spans in leaves.items()
            for category, since, until in sorted(spans, key=lambda span: span[1])
        ],
    )


def replace(model: type[Model], cadres: Iterable[int], rows: list[Model]) -> None:
    ids = list(cadres)
    for start in range(0, len(ids), CHUNK):
        model._default_manager.filter(cadre__in=ids[start : start + CHUNK]).delete()
    model._default_manager.bulk_create(rows, batch_size=CHUNK)


def write_roles(added: list[Row], changed: list[Row], ids: dict[str, int]) -> None:
    """New people get the roster's roles, 干部 where it names none; others only where it names some."""
    groups = dict(Group.objects.values_list("name", "id"))
    through = Cadre.groups.through
    wanted = {ids[number_key(row.number)]: row.roles or frozenset({Role.CADRE}) for row in added}
    wanted |= {ids[number_key(row.number)]: row.roles for row in changed if row.roles is not None}
    given = list(wanted)
    for start in range(0, len(given), CHUNK):
        through.objects.filter(cadre__in=given[start : start + CHUNK], group__name__in=ROSTER_ROLES).delete()
    through.objects.bulk_create(
        [through(cadre_id=id, group_id=groups[role]) for id, roles in wanted.items() for role in sorted(roles)],
        batch_size=CHUNK,
    )
