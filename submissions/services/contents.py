"""What a form holds of a work, and what is still missing before it can be handed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from organization.models import Cadre
from shuxiang.typography import quoted, unquoted
from submissions.kinds import Kind
from submissions.models import Attachment, Submission, Version

UNTITLED = "未命名草稿"
# The texts of a version that a new version takes over, and that a form may fill.
TEXTS = ("title", "author", "source", "book_title", "isbn", "publisher", "body", "reason", "summary")
# By kind the files of its form: field -> role.
FILES: dict[Kind, dict[str, Attachment.Role]] = {
    Kind.RECITATION: {"script_file": Attachment.Role.DOCUMENT, "audio": Attachment.Role.AUDIO},
    Kind.ESSAY: {"document": Attachment.Role.DOCUMENT},
    Kind.RECOMMENDATION: {"cover": Attachment.Role.COVER},
    Kind.CREATION: {"picture": Attachment.Role.PICTURE},
    Kind.IDEA: {},
}
# By kind what must be there: field, its alternative file, what to say.
NEEDED: dict[Kind, Sequence[tuple[str, Attachment.Role | None, str, str]]] = {
    Kind.RECITATION: (
        ("title", None, "篇名", "请填写篇名。"),
        ("script", Attachment.Role.DOCUMENT, "诵读文本", "请填写诵读全文，或上传 docx、txt 文本。"),
        ("audio", Attachment.Role.AUDIO, "录音", "请在本页录音，或上传录音文件。"),
    ),
    Kind.ESSAY: (
        ("title", None, "题目", "请填写题目。"),
        ("body", Attachment.Role.DOCUMENT, "正文", "请填写正文，或上传 docx 文档。"),
    ),
    Kind.RECOMMENDATION: (
        ("book_title", None, "书名", "请填写书名。"),
        ("reason", None, "推荐理由", "请写明为什么推荐这本书。"),
    ),
    Kind.CREATION: (
        ("title", None, "题目", "请填写题目。"),
        ("body", Attachment.Role.PICTURE, "作品内容", "请填写正文，或上传作品图片。"),
    ),
    Kind.IDEA: (
        ("title", None, "题目", "请填写题目。"),
        ("body", None, "建议内容", "请写明建议的内容。"),
    ),
}
# What else of a version a new version takes over, and a form may fill; neither alone makes a draft of a purchase wish.
LINKS = ("source_work", "book", "wants_purchase")
COLUMNS = {"script": "body"}


class Incomplete(ValueError):
    """What keeps the work from being handed in, by field of its form."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("；".join(errors.values()))
        self.errors = errors


@dataclass(frozen=True)
class Content:
    """Columns of the version and of the work; what is absent stays as it is.

    `members` are the people named beside the main author, in their order; None leaves them.
    """

    version: Mapping[str, Any] = field(default_factory=dict)
    work: Mapping[str, Any] = field(default_factory=dict)
    members: tuple[Cadre, ...] | None = None
    main_author: Cadre | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nothing of a work is said yet; whose it will be and who may see it is nothing of it."""
        owners = (self.work.get(name) for name in ("owner_department", "owner_party_group"))
        said = (value for name, value in self.version.items() if name != "wants_purchase")
        return not any([*said, *owners, self.members])

    def title(self, kind: Kind) -> str | None:
        """The work's own title, None where the content has none; a recommendation is called by its book."""
        name = "book_title" if kind == Kind.RECOMMENDATION else "title"
        if name not in self.version:
            return None
        text = str(self.version[name]).strip()
        if not text:
            return UNTITLED
        return quoted(unquoted(text)[:198]) if kind == Kind.RECOMMENDATION else text


def missing_from(submission: Submission, version: Version) -> dict[str, tuple[str, str]]:
    """By form field a short word and what to do about it; empty where the work can be handed in."""
    usable = version.attachments.exclude(state=Attachment.State.FAILED)
    roles = set(usable.values_list("role", flat=True))
    found = {}
    for name, role, word, told in NEEDED[Kind(submission.kind)]:
        text: str = getattr(version, COLUMNS.get(name, name), "")
        if not text.strip() and (role is None or role not in roles):
            found[name] = (word, told)
    if is_collective(submission) and submission.contributors.count() < 2:
        found["members"] = ("成员", "集体作品请至少填写一名成员；个人作品请不要选择科室或党小组。")
    return found


def is_collective(submission: Submission) -> bool:
    return submission.owner_department_id is not None or submission.owner_party_group_id is not None
