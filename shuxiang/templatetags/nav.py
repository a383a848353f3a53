"""The main navigation: a place is shown once it exists and only to those who may open it."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import reverse

from organization.models import Cadre
from organization.roles import DESK_ROLES, LIBRARIANS, Role

register = template.Library()


@dataclass(frozen=True, slots=True)
class Place:
    """`section` is the beginning of every address that belongs to it; no roles means everybody signed in."""

    label: str
    name: str
    section: str
    roles: frozenset[Role] = frozenset()


STAFF = frozenset({Role.CADRE, Role.LIAISON, Role.LIBRARIAN, Role.OFFICE, Role.LEADER, Role.RATER})
PLACES = (
    Place("我的书香", "me", "/me/"),
    Place("上报作品", "work_choice", "/works/new/", STAFF),
    Place("作品", "showcase", "/works/"),
    Place("活动", "activities", "/activities/"),
    Place("图书", "books", "/books/"),
    Place("阅读计划", "plans", "/plans/", STAFF),
    Place("本科室", "department", "/department/", frozenset({Role.LIAISON})),
    Place("看板", "board", "/board/", frozenset({Role.OFFICE, Role.LEADER})),
    Place("考核", "appraisal", "/appraisal/", frozenset({Role.OFFICE, Role.LEADER})),
    Place("工作台", "admin:index", "/admin/", DESK_ROLES),
)

# The pages of the reading room, as tabs below its heading. The first tells which place of the main navigation is open.
READING_ROOM: tuple[Place, ...] = (
    Place("目录", "books", "/books/"),
    Place("地点", "spaces", "/spaces/"),
    Place("数字资源", "digital", "/digital/"),
    Place("荐购", "suggestions", "/suggestions/"),
    Place("捐赠", "donations", "/donations/"),
    Place("我的借阅", "loans", "/loans/"),
    Place("借阅台", "counter", "/counter/", frozenset(LIBRARIANS)),
    Place("盘点", "stocktakes", "/stocktakes/", frozenset(LIBRARIANS)),
    Place("更新率", "renewal", "/renewal/", frozenset({*LIBRARIANS, Role.LEADER})),
)
# Pages of the reading room that no tab leads to.
BESIDE_THE_TABS = ("/labels/", "/copies/")
# The pages of the programme's activities, in the same way.
ACTIVITIES: tuple[Place, ...] = (
    Place("日历", "activities", "/activities/"),
    Place("主题阅读", "themes", "/themes/"),
    Place("征集令", "calls", "/calls/"),
    Place("问卷", "questionnaires", "/questionnaires/"),
    Place("意见箱", "feedback_list", "/feedback/"),
    Place("问题台账", "findings", "/findings/"),
    Place("系列", "series_list", "/series/", frozenset({Role.OFFICE})),
    Place("活动承诺", "commitments", "/commitments/", frozenset({Role.OFFICE, Role.LEADER})),
)
BESIDE_THE_ACTIVITIES = ("/meetings/", "/materials/")
ROOMS = ((READING_ROOM, BESIDE_THE_TABS), (ACTIVITIES, BESIDE_THE_ACTIVITIES))

# What people do with works of their own, whatever the address begins with.
OWN_PAGES = {"work_edit", "work_discard", "work_withdraw", "work_confirm", "work_members"}


def places_of(viewer: Cadre) -> list[Place]:
    return [place for place in PLACES if not place.roles or viewer.has_role(*place.roles)]


@register.inclusion_tag("nav.html", takes_context=True)
def main_nav(context: dict[str, Any]) -> dict[str, Any]:
    request: HttpRequest = context["request"]
    viewer = getattr(request, "user", None)  # absent where a request was refused before its person was known
    if not isinstance(viewer, Cadre) or viewer.password_due:
        return {"places": []}
    places = places_of(viewer)
    here = section_of(context, request, places)
    return {"places": [(place.label, reverse(place.name), place.section == here) for place in places]}


def section_of(context: dict[str, Any], request: HttpRequest, places: list[Place]) -> str:
    """The place of an open page. A work's page has that of its crumbs: the reader's own shelf, or the board."""
    if "from_board" in context:
        return "/board/" if context["from_board"] else "/me/"
    if request.resolver_match and request.resolver_match.url_name in OWN_PAGES:
        return "/me/"
    if request.path.startswith("/leads/"):
        return "/plans/"
    for tabs, beside in ROOMS:
        if request.path.startswith((*(tab.section for tab in tabs), *beside)):
            return tabs[0].section
    return max((place.section for place in places if request.path.startswith(place.section)), key=len, default="")


@register.inclusion_tag("tabs.html", takes_context=True)
def reading_tabs(context: dict[str, Any]) -> dict[str, Any]:
    """The reading room's own navigation, for who is signed in."""
    return {"room": "阅览室", "tabs": tabs_of(context["request"], READING_ROOM)}


@register.inclusion_tag("tabs.html", takes_context=True)
def activity_tabs(context: dict[str, Any]) -> dict[str, Any]:
    """The same for the activities."""
    return {"room": "活动", "tabs": tabs_of(context["request"], ACTIVITIES)}


def tabs_of(request: HttpRequest, places: tuple[Place, ...]) -> list[tuple[str, str, bool]]:
    viewer = request.user
    assert isinstance(viewer, Cadre)
    tabs = [place for place in places if not place.roles or viewer.has_role(*place.roles)]
    opened = [place.section for place in tabs if request.path.startswith(place.section)]
    here = max(opened, key=len, default="")
    return [(place.label, reverse(place.name), place.section == here) for place in tabs]
