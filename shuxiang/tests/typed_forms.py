"""The forms of pages as their viewers have them: what each sends, and which of it is typed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.test import Client
from django.urls import resolve, reverse

from organization.models import Cadre
from organization.roles import Role
from organization.services.kept import WRITER
from reading.tests.factories import reader
from shuxiang.tests.addresses import Address, addresses, read_out
from shuxiang.tests.area_pages import AreaPage

TYPED = {"text", "textarea", "url", "number", "email", "tel"}
Visit = tuple[Cadre, str]


@dataclass
class Form:
    """Of one page, as its viewer has it: where it is sent (`query` too), what it sends, and which of it is typed."""

    viewer: Cadre
    page: str
    address: str
    query: str = ""
    values: dict[str, str] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        return resolve(self.address).view_name

    @property
    def is_kept(self) -> bool:
        return WRITER in self.values and re.fullmatch(settings.KEPT_FORMS, self.address) is not None


class Forms(HTMLParser):
    """The forms of a page that are sent by POST."""

    def __init__(self, viewer: Cadre, page: str, html: str) -> None:
        super().__init__()
        self.viewer, self.page = viewer, page
        self.found: list[Form] = []
        self.is_inside = False
        self.elsewhere: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.is_inside = (given.get("method") or "get").lower() == "post"
            if self.is_inside:
                sent = urlsplit(urljoin(self.page, given.get("action") or ""))
                self.found.append(Form(self.viewer, self.page, sent.path, sent.query))
        elif tag == "button" and self.is_inside and given.get("formaction"):
            self.elsewhere.add(urlsplit(urljoin(self.page, given["formaction"])).path)
        elif tag in ("input", "textarea") and self.is_inside and given.get("name"):
            kind = "textarea" if tag == "textarea" else given.get("type") or "text"
            if kind in TYPED:
                self.found[-1].typed.add(given["name"])
            elif kind == "hidden":
                self.found[-1].values[given["name"]] = given.get("value") or ""

    def handle_endtag(self, tag):
        """A button may send the same fields elsewhere."""
        if tag == "form" and self.is_inside:
            form = self.found[-1]
            addresses = self.elsewhere - {form.address}
            self.found += [replace(form, address=each, query="") for each in sorted(addresses)]
            self.elsewhere.clear()
        if tag == "form":
            self.is_inside = False


def visits_to(pages: dict[str, AreaPage]) -> Iterator[Visit]:
    """Every page of a matrix, by who does most there."""
    for name, page in pages.items():
        if page.method == "get":
            viewer = reader(next(role for role in (Role.OFFICE, Role.CADRE, Role.LEADER) if role in page.readers))
            yield viewer, reverse(name, kwargs=page.arguments(viewer))


def forms_on(client: Client, visits: Iterable[Visit]) -> list[Form]:
    found = []
    for viewer, page in visits:
        client.force_login(viewer)
        response = client.get(page)
        read_out(response)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            found += Forms(viewer, page, response.content.decode()).found
    return found


def taking_forms(client: Client, names: Iterable[str]) -> set[str]:
    """The method is judged before the row is looked for."""
    known = {address.name: address for address in addresses()}
    return {name for name in names if "POST" in client.options(some_address(known[name])).headers.get("Allow", "")}


def some_address(address: Address) -> str:
    return next(address.garbage()) if address.arguments else reverse(address.name)
