"""Writing what a roster brings."""

from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db.models import Max, Model

from organization.directory import number_key
from organization.models import Cadre, Department, DepartmentKind, Leave, PartyGroup, PartyMembership, Posting, Tree
from organization.roles import ROSTER_ROLES, Role
from organization.services.roster import Path, Root, Row
from organization.services.roster_known import Known, active_after, path_of, stays
from shuxiang.rows import update_rows

CHUNK = 500


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
        active = active_after(row, cadre, known, today)
        cadre.session_generation += cadre.is_active and not active
        cadre.is_active = active
        cadre.changed_at = now
    fields = ["name", "title", "phone", "is_active", "session_generation", "changed_at"]
    update_rows([cadre for _, cadre in changed], fields)
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
