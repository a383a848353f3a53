"""Whom an activity concerns beside who changes it: told of another day, time or place, and of its end."""

from collections import defaultdict
from collections.abc import Collection

from activities.models import Activity, Registration, Speaker
from organization.models import Cadre


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
