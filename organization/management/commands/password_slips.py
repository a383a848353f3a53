import os
import unicodedata
from argparse import ArgumentParser
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.loader import render_to_string
from django.utils import timezone

from organization.models import Cadre, Tree
from organization.services.passwords import FirstPassword, StalePassword, draw_first_passwords, store_first_passwords
from organization.services.places import Place, places_on


@dataclass(frozen=True)
class Slip:
    unit: str
    department: str
    name: str
    number: str
    password: str = field(repr=False)


class Command(BaseCommand):
    help = "给还没有密码的人发首次登录密码，写成可以打印、裁开的密码条（HTML）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("out", type=Path, metavar="OUT.html", help="密码条写入这个文件，不能是已有的文件")
        who = parser.add_mutually_exclusive_group()
        who.add_argument("--department", metavar="PATH", help="只发这个科室及其下级，写花名册里的科室路径")
        who.add_argument("--cadre", nargs="+", metavar="工号", help="只发这些人；已有密码的也换发新的")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["out"].exists():
            raise CommandError(f"{options['out']} 已存在，可能是还没打印的密码条。请另取文件名，或先删除它。")
        now = timezone.now()
        tree, places = Tree.load(), places_on(timezone.localdate(now))
        path, numbers = options["department"], options["cadre"]
        cadres = named(numbers) if numbers else without_password(tree, places, path)
        if not cadres:
            self.stdout.write("没有需要发密码的人，未写文件。要给已有密码的人换发，请用 --cadre 工号。")
            return
        drawn = draw_first_passwords(cadres=in_sheet_order(cadres, tree, places))
        slips = [slip(each, tree, places.get(each.cadre.pk)) for each in drawn]
        write_once(options["out"], render_to_string("organization/password_slips.html", {"slips": slips}))
        # Only now: a password that is valid can be read from the file, whatever happens next.
        try:
            store_first_passwords(drawn=drawn, now=now)
        except StalePassword as error:
            options["out"].unlink()
            raise CommandError(str(error)) from error
        self.stdout.write(f"密码条 {len(slips)} 张已写入 {options['out']}。打印、裁开、交给本人之后，请删除这个文件。")


def named(numbers: Sequence[str]) -> list[Cadre]:
    """The people of these 工号, whether they have a password or not."""
    found: dict[int, Cadre] = {}
    for number in numbers:
        try:
            cadre = Cadre.objects.get_by_natural_key(unicodedata.normalize("NFKC", number))
        except Cadre.DoesNotExist as error:
            raise CommandError(f"没有工号 {number}，请核对；没有发放任何密码。") from error
        if not cadre.is_active:
            raise CommandError(f"{cadre} 的账号已停用，请先启用账号，或去掉这个工号；没有发放任何密码。")
        found[cadre.pk] = cadre
    return list(found.values())


def without_password(tree: Tree, places: Mapping[int, Place], path: str | None) -> list[Cadre]:
    """Active people who never had a password; of one department's subtree where a path is given."""
    cadres = list(Cadre.objects.without_password())
    if path is None:
        return cadres
    by_path = {known: id for id, known in tree.paths.items()}
    if tree.root is not None:
        by_path["/"] = tree.root.id
    if path.strip() not in by_path:
        raise CommandError(f"没有科室“{path}”，请写完整路径，例如 {next(reversed(by_path), '办公室')}。")
    within = set(tree.subtree(by_path[path.strip()]))
    return [cadre for cadre in cadres if cadre.pk in places and places[cadre.pk].department in within]


def in_sheet_order(cadres: Iterable[Cadre], tree: Tree, places: Mapping[int, Place]) -> list[Cadre]:
    """Departments in tree order, then 工号; people without a posting last."""
    order = {node.id: position for position, node in enumerate(tree.ordered)}

    def key(cadre: Cadre) -> tuple[int, str]:
        place = places.get(cadre.pk)
        return len(order) if place is None else order[place.department], cadre.employee_number

    return sorted(cadres, key=key)


def slip(given: FirstPassword, tree: Tree, place: Place | None) -> Slip:
    root = tree.root.name if tree.root else ""
    unit, department = (root, "") if place is None else (place.unit, place.within)
    return Slip(unit or "—", department or "—", given.cadre.name, given.cadre.employee_number, given.password)


def write_once(path: Path, text: str) -> None:
    """A new file that only its owner may read; on disk when this returns, and not there when it raises."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CommandError(f"{path} 不能新建：{error.strerror}。请换一个文件夹或文件名；没有发放任何密码。") from error
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
    except OSError as error:
        path.unlink()
        raise CommandError(f"{path} 没有写成：{error.strerror}。没有发放任何密码。") from error
