"""Reason templates to begin with; the office edits them at its desk. Called by a migration and by tests."""

from typing import Any

TEMPLATES = (
    ("return", "请写自己的话", "大部分是书的介绍或摘抄。请写一件自己经手的事：遇到了什么，书里哪一句帮上了忙。"),
    ("return", "篇幅不够", "内容偏短，读后的想法没有展开。请补充一个具体的例子，再上报一次。"),
    ("return", "录音听不清", "录音有杂音或音量太小。请换一个安静的房间，离话筒一拳远，重新录一遍。"),
    ("return", "文本与录音不一致", "上传的文本与录音内容不一致，请核对后重新上传。"),
    ("return", "引文请注明出处", "文中有较长的引用，请注明书名和篇目，并说明引用的用意。"),
    ("reject", "与以前的作品重复", "与以前上报的作品内容重复，不再计分。如有出入请联系办公室。"),
    ("reject", "不属于读书作品", "内容与读书活动无关，不列入本类作品。可以改用合适的类型另行上报。"),
    ("reopen", "评级有误", "原来的评级有误，重新审阅。"),
)


def seed_reason_templates(model: Any) -> None:
    """Adds those of which the table has none by this name; an edited one stays."""
    for position, (action, name, text) in enumerate(TEMPLATES):
        model.objects.get_or_create(action=action, name=name, defaults={"text": text, "position": position})
