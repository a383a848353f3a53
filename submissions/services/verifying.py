"""What the attachments of works need in the storage."""

from collections.abc import Iterator

from organization.services.verifying import Vouched
from submissions.models import Attachment


def vouched() -> Iterator[Vouched]:
    for attachment in Attachment.objects.light().order_by("created_at").iterator(chunk_size=500):
        yield vouched_by(attachment)


def vouched_by(attachment: Attachment) -> Vouched:
    files: list[tuple[str, int | None, str]] = [(attachment.file.name or "", attachment.size, attachment.sha256)]
    faults = []
    if attachment.rendition:
        files.append((attachment.rendition.name or "", attachment.rendition_size, attachment.rendition_sha256))
    elif attachment.is_ready and attachment.role != Attachment.Role.DOCUMENT:
        faults.append("标为可用，但没有展示文件。")
    return Vouched(f"附件 {attachment.pk}", files, faults)
