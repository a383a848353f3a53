"""The lives of activities, sign-ups, calls, questionnaires, findings and feedback as tables: (state, action) -> state.
Anything not listed is refused."""

from django.db import models


class ActivityState(models.TextChoices):
    SCHEDULED = "scheduled", "已安排"
    HELD = "held", "已举办"
    CANCELLED = "cancelled", "已取消"


class ActivityAction(models.TextChoices):
    SCHEDULE = "schedule", "安排"
    EDIT = "edit", "修改"
    HOLD = "hold", "登记举办"
    REOPEN = "reopen", "改回已安排"
    CANCEL = "cancel", "取消"
    RESTORE = "restore", "恢复"


ACTIVITY_TRANSITIONS: dict[tuple[ActivityState, ActivityAction], ActivityState] = {
    (ActivityState.SCHEDULED, ActivityAction.EDIT): ActivityState.SCHEDULED,
    (ActivityState.HELD, ActivityAction.EDIT): ActivityState.HELD,
    (ActivityState.SCHEDULED, ActivityAction.HOLD): ActivityState.HELD,
    (ActivityState.HELD, ActivityAction.REOPEN): ActivityState.SCHEDULED,
    (ActivityState.SCHEDULED, ActivityAction.CANCEL): ActivityState.CANCELLED,
    (ActivityState.CANCELLED, ActivityAction.RESTORE): ActivityState.SCHEDULED,
}


class RegistrationState(models.TextChoices):
    REGISTERED = "registered", "已报名"
    WAITING = "waiting", "候补"
    CANCELLED = "cancelled", "已取消"


class RegistrationAction(models.TextChoices):
    SIGN_UP = "sign_up", "报名"
    WAIT = "wait", "候补"
    MOVE_UP = "move_up", "递补"
    CANCEL = "cancel", "取消报名"


REGISTRATION_TRANSITIONS: dict[tuple[RegistrationState, RegistrationAction], RegistrationState] = {
    (RegistrationState.CANCELLED, RegistrationAction.SIGN_UP): RegistrationState.REGISTERED,
    (RegistrationState.CANCELLED, RegistrationAction.WAIT): RegistrationState.WAITING,
    (RegistrationState.WAITING, RegistrationAction.MOVE_UP): RegistrationState.REGISTERED,
    (RegistrationState.WAITING, RegistrationAction.CANCEL): RegistrationState.CANCELLED,
    (RegistrationState.REGISTERED, RegistrationAction.CANCEL): RegistrationState.CANCELLED,
}


class CallState(models.TextChoices):
    DRAFT = "draft", "起草"
    OPEN = "open", "征集中"
    CLOSED = "closed", "已结束"
    CANCELLED = "cancelled", "已撤销"


class CallAction(models.TextChoices):
    DRAFT = "draft", "起草"
    EDIT = "edit", "修改"
    OPEN = "open", "发布"
    EXTEND = "extend", "延期"
    CLOSE = "close", "结束征集"
    REOPEN = "reopen", "继续征集"
    CANCEL = "cancel", "撤销"


CALL_TRANSITIONS: dict[tuple[CallState, CallAction], CallState] = {
    (CallState.DRAFT, CallAction.EDIT): CallState.DRAFT,
    (CallState.DRAFT, CallAction.OPEN): CallState.OPEN,
    (CallState.OPEN, CallAction.EXTEND): CallState.OPEN,
    (CallState.OPEN, CallAction.CLOSE): CallState.CLOSED,
    (CallState.CLOSED, CallAction.REOPEN): CallState.OPEN,
    (CallState.DRAFT, CallAction.CANCEL): CallState.CANCELLED,
    (CallState.OPEN, CallAction.CANCEL): CallState.CANCELLED,
}


class QuestionnaireState(models.TextChoices):
    DRAFT = "draft", "起草"
    OPEN = "open", "答卷中"
    CLOSED = "closed", "已结束"
    CANCELLED = "cancelled", "已撤销"


class QuestionnaireAction(models.TextChoices):
    OPEN = "open", "发放"
    EXTEND = "extend", "延期"
    CLOSE = "close", "结束"
    CANCEL = "cancel", "撤销"


QUESTIONNAIRE_TRANSITIONS: dict[tuple[QuestionnaireState, QuestionnaireAction], QuestionnaireState] = {
    (QuestionnaireState.DRAFT, QuestionnaireAction.OPEN): QuestionnaireState.OPEN,
    (QuestionnaireState.OPEN, QuestionnaireAction.EXTEND): QuestionnaireState.OPEN,
    (QuestionnaireState.OPEN, QuestionnaireAction.CLOSE): QuestionnaireState.CLOSED,
    (QuestionnaireState.DRAFT, QuestionnaireAction.CANCEL): QuestionnaireState.CANCELLED,
    (QuestionnaireState.OPEN, QuestionnaireAction.CANCEL): QuestionnaireState.CANCELLED,
}


class FindingState(models.TextChoices):
    OPEN = "open", "待整改"
    DONE = "done", "已整改"
    DROPPED = "dropped", "不再跟踪"


class FindingAction(models.TextChoices):
    RAISE = "raise", "提出"
    ASSIGN = "assign", "落实整改"
    REVIEW = "review", "通报进展"
    REPLY = "reply", "答复"
    SOLVE = "solve", "整改完成"
    DROP = "drop", "不再跟踪"
    REOPEN = "reopen", "重新整改"


FINDING_TRANSITIONS: dict[tuple[FindingState, FindingAction], FindingState] = {
    (FindingState.OPEN, FindingAction.ASSIGN): FindingState.OPEN,
    (FindingState.OPEN, FindingAction.REVIEW): FindingState.OPEN,
    (FindingState.OPEN, FindingAction.REPLY): FindingState.OPEN,
    (FindingState.DONE, FindingAction.REPLY): FindingState.DONE,
    (FindingState.DROPPED, FindingAction.REPLY): FindingState.DROPPED,
    (FindingState.OPEN, FindingAction.SOLVE): FindingState.DONE,
    (FindingState.OPEN, FindingAction.DROP): FindingState.DROPPED,
    (FindingState.DONE, FindingAction.REOPEN): FindingState.OPEN,
    (FindingState.DROPPED, FindingAction.REOPEN): FindingState.OPEN,
}


class FeedbackState(models.TextChoices):
    RECEIVED = "received", "已收到"
    ACCEPTED = "accepted", "办理中"
    REPLIED = "replied", "已答复"
    CLOSED = "closed", "已办结"


class FeedbackAction(models.TextChoices):
    SEND = "send", "提出"
    ACCEPT = "accept", "受理"
    REPLY = "reply", "答复"
    ASK = "ask", "追问"
    CLOSE = "close", "办结"
    REOPEN = "reopen", "重新办理"


FEEDBACK_TRANSITIONS: dict[tuple[FeedbackState, FeedbackAction], FeedbackState] = {
    (FeedbackState.RECEIVED, FeedbackAction.ACCEPT): FeedbackState.ACCEPTED,
    (FeedbackState.RECEIVED, FeedbackAction.REPLY): FeedbackState.REPLIED,
    (FeedbackState.ACCEPTED, FeedbackAction.REPLY): FeedbackState.REPLIED,
    (FeedbackState.REPLIED, FeedbackAction.ASK): FeedbackState.ACCEPTED,
    (FeedbackState.REPLIED, FeedbackAction.CLOSE): FeedbackState.CLOSED,
    (FeedbackState.CLOSED, FeedbackAction.REOPEN): FeedbackState.ACCEPTED,
}
