"""Who is meant by what somebody typed: a name or a 工号."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from organization.models import Cadre, Posting, Tree
from organization.services.places import place_of

# As a person is shown where it can be typed over: `张三（0312）`, here in half width.
LABELLED = re.compile(r"(.+)\((.+)\)")
LENGTH = 80


class NoPerson(ValueError):
    """Nobody can be told from what was typed; str() says what to do."""


@dataclass(frozen=True, slots=True)
class Candidate:
    cadre: Cadre
    department: str

    @property
    def label(self) -> str:
        return f"{self.cadre.name}，{self.department}，工号 {self.cadre.employee_number}"


def candidates_for(words: str, *, near: Cadre, day: date, not_oneself: str = "") -> list[Candidate]:
    """Everybody in service who may be meant: by 工号 one, by name perhaps several of the agency of `near`, who typed
    it. `not_oneself` is the sentence for who must not name the own person.

    Numbers are log-ins: those of namesakes elsewhere are told to nobody. Constant queries. Raises NoPerson.
    """
    word = "".join(unicodedata.normalize("NFKC", words).split()).replace("\x00", "")
    if len(word) > LENGTH:
        raise NoPerson(not_found(word))
    label = LABELLED.fullmatch(word)
    name, number = label.groups() if label else (word, word)
    serving = Exists(Posting.objects.filter(cadre=OuterRef("pk")).covering(day))
    wanted = Q(name=name) | Q(employee_number__iexact=number)
    found = list(Cadre.objects.filter(wanted, serving, is_active=True).order_by("employee_number"))
    numbered = [each for each in found if each.employee_number.casefold() == number.casefold()]
    if numbered and (label is None or numbered[0].name == name):
        found = numbered
    elif len(found) > 1:
        found = among_colleagues(found, near, day) or found
    if not found:
        raise NoPerson(not_found(word))
    if not_oneself:
        found = [each for each in found if each.pk != near.pk]
        if not found:
            raise NoPerson(not_oneself)
    places = departments_of((each.pk for each in found), day)
    if len(found) > 1 and not among_colleagues(found, near, day):
        raise NoPerson(f"本单位没有叫“{name}”的，外单位有 {len(found)} 人，请向本人问明工号，改填工号。")
    return [Candidate(each, places.get(each.pk, "")) for each in found]


def among_colleagues(people: list[Cadre], near: Cadre, day: date) -> list[Cadre]:
    """Those of the agency of `near`."""
    place = place_of(near, day)
    if place is None:
        return []
    tree = Tree.load()
    here = Posting.objects.filter(department__in=tree.subtree(tree.agency(place.department))).covering(day)
    colleagues = set(here.filter(cadre__in=people).values_list("cadre_id", flat=True))
    return [each for each in people if each.pk in colleagues]


def departments_of(people: Iterable[int], day: date) -> dict[int, str]:
    """The departments' names by the person's id; one query."""
    rows = Posting.objects.filter(cadre__in=list(people)).covering(day)
    return dict(rows.values_list("cadre_id", "department__name"))


def not_found(word: str) -> str:
    return f"没有找到在职的“{word[:30]}”，请核对姓名，或改填工号。"


def labelled(cadre: Cadre) -> str:
    return f"{cadre.name}（{cadre.employee_number}）"
