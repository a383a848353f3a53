"""A person's own works, as 我的书香 shows them."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, Subquery

from organization.models import Cadre
from submissions.models import Contributor, Decision
from submissions.models.submission import ContributorQuerySet
from submissions.states import NEEDS_REASON, State


def own_works(cadre: Cadre) -> list[Contributor]:
    """The person's places on works, oldest first, in one query; somebody else's draft is nobody's business.

    `shared` tells whether others are named too; `word` and `word_at` are the office's last reason and its time.
    """
    return list(
        told(Contributor.objects.filter(cadre=cadre)).exclude(
            ~Q(submission__entered_by=cadre) & Q(submission__state=State.DRAFT, position__gt=0)
        )
    )


def handed_in_by(people: Iterable[Cadre]) -> dict[int, list[Contributor]]:
    """The same for many, by person, in one query; drafts are their writers' own business."""
    places = told(Contributor.objects.filter(cadre__in=people)).exclude(submission__state=State.DRAFT)
    found: dict[int, list[Contributor]] = {}
    for place in places:
        found.setdefault(place.cadre_id, []).append(place)
    return found


def told(places: ContributorQuerySet) -> ContributorQuerySet:
    others = Contributor.objects.filter(submission=OuterRef("submission")).exclude(pk=OuterRef("pk"))
    words = Decision.objects.filter(submission=OuterRef("submission"), action__in=NEEDS_REASON).order_by("-id")
    return (
        places.select_related("submission")
        .annotate(
            shared=Exists(others.exclude(state=Contributor.State.DECLINED)),
            word=Subquery(words.values("reason")[:1]),
            word_at=Subquery(words.values("created_at")[:1]),
        )
        .order_by("submission__credit_date", "submission_id")
    )
