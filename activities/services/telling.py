"""Whom an activity concerns beside who changes it: told of another day, time or place, and of its end."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.urls import reverse

from activities.models import Activity, Registration, Speaker
from notices.services import Letter
from organization.models import Cadre
from shuxiang.typography import shorten

TITLE = 60
# So many activities are named in a letter about several.
NAMED = 12


@dataclass(frozen=True)
class News:
    """What is told of an activity: what it is called now, and what became of it."""

    title: str
    body: str


def letters_about(news: Mapping[Activity, News], *, by: Cadre | None, what: str) -> list[Letter]:
    """One letter to each whom any of the activities concerns, however many there are; `what` ends its subject
    (`取消了`). They are named by date; the letter leads to the first of them."""
    people, theirs = concerned(news, by=by), defaultdict[Cadre, list[Activity]](list)
    for activity in sorted(news, key=lambda each: (each.date, each.pk)):
        for person in people.get(activity.pk, ()):
            theirs[person].append(activity)
    alike = defaultdict[tuple[Activity, ...], list[Cadre]](list)
    for person, activities in theirs.items():
        alike[tuple(activities)].append(person)
    return [letter_about(activities, news, what, recipients) for activities, recipients in alike.items()]


def letter_about(
    activities: Collection[Activity], news: Mapping[Activity, News], what: str, recipients: Collection[Cadre]
) -> Letter:
    first, *others = activities
    address, title = reverse("activity", args=[first.pk]), shorten(news[first].title, TITLE)
    if not others:
        return Letter(recipients, f"活动“{title}”{what}", news[first].body, address)
    told = [news[activity] for activity in activities]
    lines = [f"{shorten(each.title, TITLE)}：{'；'.join(each.body.splitlines())}" for each in told[:NAMED]]
    if len(told) > NAMED:
        lines.append(f"另有 {len(told) - NAMED} 次。")
    return Letter(recipients, f"“{title}”等 {len(told)} 次活动{what}", "\n".join(lines), address)


def concerned(activities: Collection[Activity], *, by: Cadre | None) -> dict[int, list[Cadre]]:
    """By activity who signed up or waits, speaks as one of the staff, or organises it; once each, and never `by`.

    As stored now; a constant number of queries.
    """
    found: dict[int, dict[int, Cadre]] = defaultdict(dict)
    for registration in Registration.objects.standing().filter(activity__in=activities).select_related("cadre"):
        found[registration.activity_id][registration.cadre_id] = registration.cadre
    for speaker in Speaker.objects.filter(activity__in=activities, cadre__isnull=False).select_related("cadre"):
        assert speaker.cadre is not None
        found[speaker.activity_id][speaker.cadre.pk] = speaker.cadre
    numbers = [activity.pk for activity in activities]
    for activity in Activity.objects.filter(pk__in=numbers, organiser__isnull=False).select_related("organiser"):
        assert activity.organiser is not None
        found[activity.pk][activity.organiser.pk] = activity.organiser
    if by is not None:
        for people in found.values():
            people.pop(by.pk, None)
    return {number: list(people.values()) for number, people in found.items()}
