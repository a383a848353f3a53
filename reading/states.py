"""The lives of copies, stocktakes, suggestions, donations and plans as tables: (state, action) -> state. Anything not
listed is refused. Holds have their states here and move in services/queue.py and services/holding.py."""

from django.db import models


class CopyState(models.TextChoices):
    AVAILABLE = "available", "在架"
    ON_LOAN = "on_loan", "借出"
    SET_ASIDE = "set_aside", "待取"
    REPAIR = "repair", "修补"
    LOST = "lost", "丢失"
    WITHDRAWN = "withdrawn", "剔除"


# What belongs to the stock: it counts for the renewal gauge and can come back to its shelf.
IN_STOCK = (CopyState.AVAILABLE, CopyState.ON_LOAN, CopyState.SET_ASIDE, CopyState.REPAIR)


class CopyAction(models.TextChoices):
    REGISTER = "register", "入藏"
    LEND = "lend", "借出"
    RETURN = "return", "归还"
    SET_ASIDE = "set_aside", "留待预约人"
    RELEASE = "release", "放回架上"
    MOVE = "move", "移动"
    REPAIR = "repair", "送修"
    REPAIRED = "repaired", "修好"
    LOSE = "lose", "登记丢失"
    FIND = "find", "找回"
    WITHDRAW = "withdraw", "剔除"
    RESTORE = "restore", "恢复"
    CORRECT = "correct", "更正入藏日期"


COPY_TRANSITIONS: dict[tuple[CopyState, CopyAction], CopyState] = {
    (CopyState.AVAILABLE, CopyAction.LEND): CopyState.ON_LOAN,
    (CopyState.SET_ASIDE, CopyAction.LEND): CopyState.ON_LOAN,
    (CopyState.ON_LOAN, CopyAction.RETURN): CopyState.AVAILABLE,
    (CopyState.ON_LOAN, CopyAction.LOSE): CopyState.LOST,
    (CopyState.AVAILABLE, CopyAction.SET_ASIDE): CopyState.SET_ASIDE,
    (CopyState.SET_ASIDE, CopyAction.RELEASE): CopyState.AVAILABLE,
    (CopyState.AVAILABLE, CopyAction.REPAIR): CopyState.REPAIR,
    (CopyState.REPAIR, CopyAction.REPAIRED): CopyState.AVAILABLE,
    (CopyState.AVAILABLE, CopyAction.LOSE): CopyState.LOST,
    (CopyState.REPAIR, CopyAction.LOSE): CopyState.LOST,
    (CopyState.LOST, CopyAction.FIND): CopyState.AVAILABLE,
    (CopyState.AVAILABLE, CopyAction.WITHDRAW): CopyState.WITHDRAWN,
    (CopyState.REPAIR, CopyAction.WITHDRAW): CopyState.WITHDRAWN,
    (CopyState.LOST, CopyAction.WITHDRAW): CopyState.WITHDRAWN,
    (CopyState.WITHDRAWN, CopyAction.RESTORE): CopyState.AVAILABLE,
}


class HoldState(models.TextChoices):
    WAITING = "waiting", "排队中"
    READY = "ready", "可取书"
    FULFILLED = "fulfilled", "已借走"
    CANCELLED = "cancelled", "已取消"
    EXPIRED = "expired", "逾期未取"


OPEN_HOLDS = (HoldState.WAITING, HoldState.READY)


class StocktakeState(models.TextChoices):
    COUNTING = "counting", "清点中"
    COMPARED = "compared", "核对差异"
    FINISHED = "finished", "已完成"


class StocktakeAction(models.TextChoices):
    START = "start", "开始清点"
    COMPARE = "compare", "核对差异"
    COUNT_AGAIN = "count_again", "回到清点"
    FINISH = "finish", "完成盘点"
    # A resolution of a difference that holds no longer, with its words.
    TAKE_BACK = "take_back", "撤销处理"
    OVERTAKE = "overtake", "差异有变"


STOCKTAKE_TRANSITIONS: dict[tuple[StocktakeState, StocktakeAction], StocktakeState] = {
    (StocktakeState.COUNTING, StocktakeAction.COMPARE): StocktakeState.COMPARED,
    (StocktakeState.COMPARED, StocktakeAction.COUNT_AGAIN): StocktakeState.COUNTING,
    (StocktakeState.COMPARED, StocktakeAction.FINISH): StocktakeState.FINISHED,
}


class SuggestionState(models.TextChoices):
    OPEN = "open", "待定"
    CHOSEN = "chosen", "拟购"
    BOUGHT = "bought", "已入藏"
    DECLINED = "declined", "不采购"


class SuggestionAction(models.TextChoices):
    SUGGEST = "suggest", "荐购"
    CHOOSE = "choose", "列入选购"
    BUY = "buy", "入藏"
    DECLINE = "decline", "不采购"
    REOPEN = "reopen", "重新考虑"


SUGGESTION_TRANSITIONS: dict[tuple[SuggestionState, SuggestionAction], SuggestionState] = {
    (SuggestionState.OPEN, SuggestionAction.CHOOSE): SuggestionState.CHOSEN,
    (SuggestionState.OPEN, SuggestionAction.BUY): SuggestionState.BOUGHT,
    (SuggestionState.CHOSEN, SuggestionAction.BUY): SuggestionState.BOUGHT,
    (SuggestionState.OPEN, SuggestionAction.DECLINE): SuggestionState.DECLINED,
    (SuggestionState.CHOSEN, SuggestionAction.DECLINE): SuggestionState.DECLINED,
    (SuggestionState.CHOSEN, SuggestionAction.REOPEN): SuggestionState.OPEN,
    (SuggestionState.DECLINED, SuggestionAction.REOPEN): SuggestionState.OPEN,
}


class DonationState(models.TextChoices):
    OFFERED = "offered", "待验收"
    INSPECTED = "inspected", "已验收"
    ACCEPTED = "accepted", "已入藏"
    DECLINED = "declined", "未接收"
    CANCELLED = "cancelled", "已取消"


class DonationAction(models.TextChoices):
    OFFER = "offer", "登记捐赠"
    INSPECT = "inspect", "验收"
    ACCEPT = "accept", "入藏"
    DECLINE = "decline", "不接收"
    CANCEL = "cancel", "取消"
    REOPEN = "reopen", "重新验收"


DONATION_TRANSITIONS: dict[tuple[DonationState, DonationAction], DonationState] = {
    (DonationState.OFFERED, DonationAction.INSPECT): DonationState.INSPECTED,
    (DonationState.OFFERED, DonationAction.CANCEL): DonationState.CANCELLED,
    (DonationState.INSPECTED, DonationAction.ACCEPT): DonationState.ACCEPTED,
    (DonationState.INSPECTED, DonationAction.DECLINE): DonationState.DECLINED,
    (DonationState.INSPECTED, DonationAction.REOPEN): DonationState.OFFERED,
    (DonationState.DECLINED, DonationAction.REOPEN): DonationState.OFFERED,
}


class PlanState(models.TextChoices):
    OPEN = "open", "进行中"
    COMPLETED = "completed", "待确认"
    CONFIRMED = "confirmed", "已完成"
    DROPPED = "dropped", "已放弃"


class PlanAction(models.TextChoices):
    BEGIN = "begin", "制定"
    COMPLETE = "complete", "报告完成"
    CONFIRM = "confirm", "确认完成"
    SEND_BACK = "send_back", "请再补充"
    TAKE_BACK = "take_back", "撤回完成"
    DROP = "drop", "放弃"
    RESUME = "resume", "重新开始"
    REVOKE = "revoke", "撤销确认"


PLAN_TRANSITIONS: dict[tuple[PlanState, PlanAction], PlanState] = {
    (PlanState.OPEN, PlanAction.COMPLETE): PlanState.COMPLETED,
    (PlanState.COMPLETED, PlanAction.TAKE_BACK): PlanState.OPEN,
    (PlanState.COMPLETED, PlanAction.SEND_BACK): PlanState.OPEN,
    (PlanState.COMPLETED, PlanAction.CONFIRM): PlanState.CONFIRMED,
    (PlanState.CONFIRMED, PlanAction.REVOKE): PlanState.COMPLETED,
    (PlanState.OPEN, PlanAction.DROP): PlanState.DROPPED,
    (PlanState.DROPPED, PlanAction.RESUME): PlanState.OPEN,
}

# What only the plan's owner does; the rest is decided by the mentor or the office.
PLAN_OWNERS_ACTIONS = frozenset({PlanAction.COMPLETE, PlanAction.TAKE_BACK, PlanAction.DROP, PlanAction.RESUME})
# Decisions that the owner must be able to understand.
PLAN_NEEDS_REASON = frozenset({PlanAction.SEND_BACK, PlanAction.REVOKE})
