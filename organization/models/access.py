from typing import ClassVar

from django.db import models

from organization.models.cadre import Cadre


class AccessAction(models.TextChoices):
    LOG_IN = "log_in", "登录"
    LOG_IN_FAILED = "log_in_failed", "登录失败"
    LOCK = "lock", "锁定"
    UNLOCK = "unlock", "解锁"
    LOG_OUT = "log_out", "退出"
    PASSWORD = "password", "修改密码"
    FIRST_PASSWORD = "first_password", "发放密码"
    ACCOUNT = "account", "账号变动"
    ROLES = "roles", "角色变动"
    SETTING = "setting", "设置变动"
    DECISION = "decision", "作品办理"
    PLAN = "plan", "计划办理"
    READING = "reading", "阅览室办理"
    FEEDBACK = "feedback", "意见和问题办理"
    IMPORT = "import", "导入"
    EXPORT = "export", "导出"


class AccessEvent(models.Model):
    """Who came, went, decided, took data out or changed rights.

    Written once, by `organization.services.audit` only; the database refuses to change or delete one. The label
    keeps the person as named at the time.
    """

    created_at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    action = models.CharField("事项", max_length=20, choices=AccessAction.choices)
    actor = models.ForeignKey(
        Cadre, verbose_name="操作人账号", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_label = models.CharField("操作人", max_length=100)
    about = models.CharField("对象", max_length=200, blank=True)
    detail = models.TextField("内容", blank=True)
    address = models.GenericIPAddressField("来源地址", null=True, blank=True)

    objects: ClassVar[models.Manager["AccessEvent"]] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "访问记录"
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.actor_label} {self.get_action_display()}"
