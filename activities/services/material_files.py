"""What may be handed out with an activity, a theme or a call."""

import logging
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files import File

from organization.services.filing import Field, Kept, take_file
from shuxiang.media.office import SAID
from shuxiang.media.packages import Flaw
from shuxiang.media.runner import ChildDied, run
from shuxiang.uploads import Refused, megabytes

logger = logging.getLogger(__name__)
ACCEPTED = ".pdf,.docx,.xlsx,.pptx,.txt,image/*,.heic,.heif,.avif,audio/*,.mp3,.m4a,.wav,.ogg,.flac"


def office(path: Path, head: bytes, tail: bytes) -> str:
    try:
        found: str = run("check office", path)["format"]
    except ChildDied as death:
        logger.warning("文档检查中断：%s", death)
        raise Refused("文件过大或内部结构异常，无法检查。请导出为 PDF 后重新选择。") from death
    return found


FIELD = Field(
    archive=office,
    unknown=(
        "无法识别这个文件。可以上传 PDF、Word、Excel、PPT（.docx、.xlsx、.pptx）、图片、音频和文本文件；"
        "其他格式请导出为 PDF 后重新选择。"
    ),
    old=SAID[Flaw.LOCKED_OR_OLD],
    page="文件是网页或矢量图的源代码，不能作为材料。请打印或导出为 PDF 后重新选择。",
    film="这是视频，门户不存视频。请放到学习平台上，在活动的“纪要”里填写回放网址。",
    pictures=True,
)


def hint() -> str:
    """The limits, to be shown beside the field."""
    size, picture = megabytes(settings.MATERIAL_MAX_BYTES), megabytes(settings.IMAGE_MAX_BYTES)
    return (
        f"PDF、Word、Excel、PPT（.docx、.xlsx、.pptx）、音频或文本文件，不超过 {size}；"
        f"图片不超过 {picture}，会缩小保存。旧版 .doc、.xls、.ppt 请先导出为 PDF。"
    )


def take_material(*, upload: File, now: datetime) -> Kept:
    """Raises Refused; never within a transaction, since it takes seconds."""
    return take_file(upload=upload, field=FIELD, most=settings.MATERIAL_MAX_BYTES, now=now)
