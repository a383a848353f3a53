"""Templates of questionnaires that the office copies and changes; called by a migration and by tests."""

from typing import Any

SINGLE, MULTIPLE, SCALE, TEXT, MATRIX = "single", "multiple", "scale", "text", "matrix"
AGREE = ["很不同意", "不太同意", "一般", "比较同意", "非常同意"]

BASELINE_INTRO = (
    "了解大家现在的阅读情况，用来安排今后的活动和购书，并与以后各年比较。没有对错之分，照实填写即可，约需 5 分钟。"
)
BASELINE: tuple[dict[str, Any], ...] = (
    {"kind": SINGLE, "text": "您的年龄段", "is_required": True,
     "options": ["35 岁及以下", "36—45 岁", "46—55 岁", "56 岁及以上"]},
    {"kind": SINGLE, "text": "过去 12 个月，您大约读完了几本书（不含工作文件和教材）", "is_required": True,
     "options": ["没有", "1—2 本", "3—5 本", "6—10 本", "10 本以上"]},
    {"kind": SINGLE, "text": "平均每个工作日，您用来读书的时间", "is_required": True,
     "options": ["几乎没有", "半小时以内", "半小时到一小时", "一小时以上"]},
    {"kind": MULTIPLE, "text": "您平时用哪些方式阅读",
     "options": ["纸质书", "电子书、手机阅读", "听书", "报刊杂志", "几乎不读"]},
    {"kind": MULTIPLE, "text": "您最想读哪些方面的书",
     "options": ["党史与理论", "法律法规", "业务专业", "历史", "文学", "科技", "经济管理", "生活与健康"]},
    {"kind": MULTIPLE, "text": "影响您读书的主要困难",
     "options": ["没有时间", "不知道读什么", "找不到想读的书", "没有合适的地方", "读了记不住、用不上", "没有困难"]},
    {"kind": SINGLE, "text": "过去 12 个月，您从单位借书或使用单位数字资源的次数",
     "options": ["没有", "1—2 次", "3—5 次", "6 次以上"]},
    {"kind": MATRIX, "text": "您是否同意下面的说法", "options": AGREE,
     "lines": ["单位有读书的氛围", "单位的书能满足我的需要", "借书方便", "读书活动对我有帮助"]},
    {"kind": SCALE, "text": "您给单位现在的读书环境打几分", "is_required": True, "most": 5},
    {"kind": SCALE, "text": "读书对您做好本职工作的帮助有多大", "most": 5},
    {"kind": MULTIPLE, "text": "您愿意参加哪些读书活动",
     "options": ["读书分享会", "专题讲座", "诵读", "线上共读", "参观书店或图书馆", "暂时不想参加"]},
    {"kind": TEXT, "text": "您对单位的图书和读书活动有什么建议"},
)  # fmt: skip
FEEDBACK_INTRO = "感谢参加这次活动。请用一两分钟说说您的看法，帮助我们把下一次办得更好。"
FEEDBACK: tuple[dict[str, Any], ...] = (
    {"kind": SCALE, "text": "您对这次活动总体打几分", "is_required": True, "most": 5},
    {"kind": MATRIX, "text": "您对下面各项是否满意",
     "options": ["不满意", "不太满意", "一般", "满意", "很满意"],
     "lines": ["主题和内容", "主讲或领读", "时间安排", "地点和设备"]},
    {"kind": SINGLE, "text": "这次活动的时长", "options": ["太短", "合适", "太长"]},
    {"kind": SINGLE, "text": "活动内容对工作或学习的帮助",
     "options": ["没有帮助", "有一点帮助", "很有帮助", "还说不好"]},
    {"kind": SINGLE, "text": "下次再办同类活动，您愿意参加吗", "options": ["愿意", "看时间", "不愿意"]},
    {"kind": TEXT, "text": "最有收获的一点，或者最想改进的一点"},
)  # fmt: skip
BASELINE_TITLE, FEEDBACK_TITLE = "阅读现状基线调查", "活动后反馈"
TEMPLATES = ((BASELINE_TITLE, BASELINE_INTRO, BASELINE), (FEEDBACK_TITLE, FEEDBACK_INTRO, FEEDBACK))


def seed_questionnaires(questionnaire_model: Any, question_model: Any) -> None:
    """Adds the templates where there are none yet; running it again changes nothing."""
    if questionnaire_model.objects.filter(is_template=True).exists():
        return
    for title, intro, questions in TEMPLATES:
        made = questionnaire_model.objects.create(title=title, intro=intro, is_template=True)
        question_model.objects.bulk_create(
            question_model(questionnaire=made, position=place, **columns)
            for place, columns in enumerate(questions, start=1)
        )
