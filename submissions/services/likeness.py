"""Earlier works that share long passages with one under review; a person decides what that means.

A recited text is not the reciter's own: recitations are compared with the same people's recitations only.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from organization.models import Cadre
from submissions.kinds import Kind
from submissions.models import Attachment, Contributor, Fingerprint, Submission, Version
from submissions.models.version import VersionQuerySet
from submissions.passages import LONG, Piece, Text, fingerprints, pieces, shared_spans
from submissions.states import State

LOOKED_AT, CANDIDATES, SHOWN = 200, 20, 5
BATCH = 200


@dataclass(frozen=True)
class Likeness:
    """Another work beside the one under review, each cut into what is shared and what is not."""

    version: Version
    authors: str
    is_own: bool
    shared: int
    percent: int
    here: Sequence[Piece]
    there: Sequence[Piece]


def text_of(version: Version) -> str:
    """Everything that the version says: typed, and in its documents."""
    documents = [file.text for file in version.attachments.all() if file.role == Attachment.Role.DOCUMENT]
    return "\n\n".join(filter(None, [version.body, version.reason, version.summary, *documents]))


def unprinted() -> VersionQuerySet:
    """Handed-in versions without fingerprints whose documents are read, the oldest first."""
    unread = Attachment.objects.waiting().filter(version=OuterRef("pk"), role=Attachment.Role.DOCUMENT)
    found = Version.objects.handed_in().filter(is_printed=False).filter(~Exists(unread))
    return found.prefetch_related("attachments").order_by("pk")


def print_versions(versions: VersionQuerySet) -> int:
    """Stores the fingerprints of those that have none yet; gives their number. Twice at once does no harm."""
    count = 0
    while batch := list(versions[:BATCH]):
        rows = [
            Fingerprint(value=value, version=version)
            for version in batch
            for value in sorted(fingerprints(Text.of(text_of(version)).letters))
        ]
        with transaction.atomic():
            Fingerprint.objects.bulk_create(rows, batch_size=5000, ignore_conflicts=True)
            Version.objects.filter(pk__in=[version.pk for version in batch]).update(is_printed=True)
        count += len(batch)
    return count


def likenesses(version: Version, viewer: Cadre) -> list[Likeness]:
    """The works that share most, at most SHOWN of those that the viewer may see; the number of queries is constant."""
    text = Text.of(text_of(version))
    people = set(Contributor.objects.filter(submission=version.submission_id).values_list("cadre", flat=True))
    found = []
    for other in candidates(version, fingerprints(text.letters), viewer):
        theirs = {person.cadre_id for person in other.submission.contributors.all()}
        own = bool(theirs & people)
        if version.submission.kind == Kind.RECITATION and not own:
            continue
        beside = Text.of(text_of(other))
        here, there = shared_spans(text.letters, beside.letters)
        shared = sum(end - begin for begin, end in here)
        if shared >= LONG:
            names = "、".join(person.cadre.name for person in other.submission.contributors.all())
            percent = round(shared * 100 / len(text.letters))
            found.append(Likeness(other, names, own, shared, percent, pieces(text, here), pieces(beside, there)))
    return sorted(found, key=lambda each: -each.shared)[:SHOWN]


def handed_in_before(version: Version) -> VersionQuerySet:
    """By the time of handing in, since a draft may have been begun long before; registers know the day alone."""
    same = Q(submitted_at=version.submitted_at, pk__lt=version.pk)
    if version.submitted_at is None:
        return Version.objects.filter(same)
    return Version.objects.filter(same | Q(submitted_at=None) | Q(submitted_at__lt=version.submitted_at))


def candidates(version: Version, values: set[int], viewer: Cadre) -> list[Version]:
    """Of other works each the version, handed in before this one, with the most fingerprints in common.

    Counted first and looked at afterwards: in one query SQLite begins with every work there is.
    """
    others = Fingerprint.objects.filter(value__in=values).exclude(version=version.pk).order_by().values("version")
    counted = others.annotate(count=Count("value")).order_by("-count", "-version").values_list("version", flat=True)
    liked = list(counted[:LOOKED_AT])
    seen = Submission.objects.visible_to(viewer).exclude(pk=version.submission_id).exclude(state=State.DRAFT)
    recited = Q(kind=Kind.RECITATION)
    seen = seen.filter(recited if version.submission.kind == Kind.RECITATION else ~recited)
    earlier = handed_in_before(version).filter(pk__in=liked, submission__in=seen)
    works = dict(earlier.values_list("pk", "submission"))
    best: dict[int, int] = {}
    for each in liked:
        if each in works:
            best.setdefault(works[each], each)
    people = Contributor.objects.exclude(state=Contributor.State.DECLINED).select_related("cadre")
    chosen = list(best.values())[:CANDIDATES]
    return list(
        Version.objects.filter(pk__in=chosen)
        .select_related("submission")
        .prefetch_related("attachments", Prefetch("submission__contributors", people))
    )
