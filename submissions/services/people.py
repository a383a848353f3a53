"""Names and 工号 as people type them, turned into colleagues."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from organization.models import Cadre, DepartmentKind, PartyMembership, Posting, Tree
from organization.roles import Role
from organization.services.places import place_of
from organization.services.roles import NotAllowed

SEPARATORS = re.compile(r"[\s\x00-\x1f、，,;；/]+")
# As names are shown where they can be typed over: `张三（0312）`, here in half width.
LABELLED = re.compile(r"(.+)\((.+)\)")
LIMIT = 200
# Of a name, and no 工号 is longer: a database refuses to look for a pattern of many thousand characters.
LENGTH = Cadre._meta.get_field("name").max_length or 0


class Unknown(ValueError):
    """Somebody typed cannot be told; str() names who and what to do."""


def typed_people(values: Iterable[str]) -> list[str]:
    """`张三、0312 李四` as single words, each once, in their order."""
    words = (word for value in values for word in SEPARATORS.split(unicodedata.normalize("NFKC", value)))
    return list(dict.fromkeys(word for word in words if word))


def labelled(cadre: Cadre) -> str:
    """`张三（0312）`, where it is read back as this person; else the number alone."""
    name, number = cadre.name, cadre.employee_number
    label = f"{name}（{number}）"
    words = typed_people([label])
    found = LABELLED.fullmatch(words[0]) if len(words) == 1 and len(words[0]) <= LENGTH else None
    return label if found is not None and found.groups() == (name, number) else number


def number_in(word: str) -> str:
    found = LABELLED.fullmatch(word)
    return found[2] if found else word


def people_of(words: list[str], *, near: Cadre, day: date) -> list[Cadre]:
    """The people whose 工号 or names these are; a name must be the only one among colleagues in service.

    Colleagues of `near`'s agency come first. Constant queries. Raises Unknown.
    """
    if len(words) > LIMIT:
        raise Unknown(f"一次最多填写 {LIMIT} 人，请分成几件上报。")
    if not words:
        return []
    longest = max(words, key=len)
    if len(longest) > LENGTH:
        raise Unknown(not_found(longest))
    serving = Exists(Posting.objects.filter(cadre=OuterRef("pk")).covering(day))
    wanted = Q(name__in=words)
    for word in words:
        wanted |= Q(employee_number__iexact=word) | Q(employee_number__iexact=number_in(word))
    found = list(Cadre.objects.filter(wanted, serving).order_by("employee_number"))
    agency = colleagues_of(near, day) if len({each.name for each in found}) < len(found) else set()
    people: dict[int, Cadre] = {}
    for word in words:
        each = one_of(word, found, agency)
        people[each.pk] = each
    return list(people.values())


def colleagues_of(cadre: Cadre, day: date) -> set[int]:
    """Ids of everybody in service in the person's agency; three queries."""
    place = place_of(cadre, day)
    if place is None:
        return set()
    tree = Tree.load()
    departments = tree.subtree(tree.agency(place.department))
    covering = Posting.objects.filter(department__in=departments).covering(day)
    return set(covering.values_list("cadre_id", flat=True))


def one_of(word: str, found: list[Cadre], agency: set[int]) -> Cadre:
    numbered = [each for each in found if each.employee_number.casefold() == word.casefold()]
    if not numbered and (label := LABELLED.fullmatch(word)):
        inside = (label[1], label[2].casefold())
        numbered = [each for each in found if (each.name, each.employee_number.casefold()) == inside]
    named = [each for each in found if each.name == word]
    near = [each for each in named if each.pk in agency]
    for candidates in (numbered, near):
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            numbers = "、".join(each.employee_number for each in candidates[:5])
            raise Unknown(f"叫“{word}”的有 {len(candidates)} 人，请改填工号：{numbers}。")
    if len(named) == 1:
        return named[0]
    if named:
        # Numbers are log-ins: those of other agencies are told to nobody who does not know them.
        raise Unknown(f"本单位没有叫“{word}”的，外单位有 {len(named)} 人，请向本人问明工号，改填工号。")
    raise Unknown(not_found(word))


def not_found(word: str) -> str:
    return f"没有找到在职的“{word[:30]}”，请核对姓名，或改填工号。"


@dataclass(frozen=True)
class Circle:
    """The people and places around somebody who fills in a form: (工号, shown name) and ids."""

    near: Sequence[tuple[str, str]]
    led: Sequence[tuple[str, str]]
    departments: Sequence[int]
    groups: Sequence[int]


NEAR_LIMIT = 60


def check_stands_in(by: Cadre, main: Cadre, day: date) -> None:
    """Only a liaison writes and hands in works for a colleague, of the own department and those below. NotAllowed."""
    if main.pk == by.pk:
        return
    place = place_of(by, day) if by.has_role(Role.LIAISON) else None
    below = Tree.load().subtree(place.department) if place is not None else ()
    if not Posting.objects.filter(cadre=main, department__in=below).covering(day).exists():
        raise NotAllowed(f"只有{main.name}所在科室的联络员能代为上报，请由本人上报。")


def circle_of(cadre: Cadre, day: date) -> Circle:
    """`near`: same department or 党小组; `led`: whom a liaison may hand in for. Constant queries."""
    place = place_of(cadre, day)
    if place is None:
        return Circle((), (), (), ())
    tree = Tree.load()
    agency = tree.subtree(tree.agency(place.department))
    here = Posting.objects.filter(department=place.department).covering(day)
    group = PartyMembership.objects.filter(cadre=OuterRef("cadre")).covering(day)
    own = PartyMembership.objects.filter(cadre=cadre).covering(day)
    same = PartyMembership.objects.filter(party_group__in=own.values("party_group")).covering(day)
    near = Cadre.objects.filter(Q(pk__in=here.values("cadre")) | Q(pk__in=same.values("cadre")))
    led: Sequence[tuple[str, str]] = ()
    if cadre.has_role(Role.LIAISON):
        below = Posting.objects.filter(department__in=tree.subtree(place.department)).covering(day)
        led = shown(Cadre.objects.filter(pk__in=below.values("cadre")), cadre)
    in_agency = Posting.objects.filter(department__in=agency).covering(day).filter(Exists(group))
    groups = PartyMembership.objects.filter(cadre__in=in_agency.values("cadre")).covering(day)
    below_group = [key for key in agency if tree.nodes[key].kind != DepartmentKind.GROUP]
    return Circle(shown(near, cadre)[:NEAR_LIMIT], led, below_group, list(groups.values_list("party_group", flat=True)))


def shown(people: QuerySet[Cadre], without: Cadre) -> list[tuple[str, str]]:
    rows = people.exclude(pk=without.pk).filter(is_active=True).order_by("employee_number")
    return [(number, f"{name}（{number}）") for number, name in rows.values_list("employee_number", "name")]
