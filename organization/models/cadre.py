from datetime import date, timedelta
from functools import cached_property
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group
from django.core.management.base import CommandError
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Upper
from django.utils import timezone
from django.utils.crypto import salted_hmac

from organization.models.membership import Posting
from organization.models.scope import scope_of
from organization.roles import ADMINISTRATORS, DESK_ROLES, Role
from shuxiang.tracking import Tracked


class CadreQuerySet(models.QuerySet["Cadre"]):
    def visible_to(self, viewer: "Cadre") -> Self:
        """The people whom `viewer` may see, by role and place in the tree.

        Administrators' accounts are the security administrator's business alone.
        """
        scope = scope_of(viewer)
        if scope.everybody and viewer.has_role(Role.SECURITY):
            return self
        staff = ~Exists(Cadre.groups.through.objects.filter(cadre=OuterRef("pk"), group__name__in=ADMINISTRATORS))
        own = Q(pk=viewer.pk)
        if scope.everybody:
            return self.filter(own | Q(staff))
        return self.with_place(scope.day).filter(own | Q(staff, place__in=scope.departments))

    def with_place(self, day: date) -> Self:
        """Adds `place`: the department of the day's posting, else of the last one begun, else of the first to come."""
        own = Posting.objects.filter(cadre=OuterRef("pk"))
        begun = own.filter(since__lte=day).order_by("-since").values("department")[:1]
        to_come = own.filter(since__gt=day).order_by("since").values("department")[:1]
        return self.annotate(place=Coalesce(Subquery(begun), Subquery(to_come)))

    def without_password(self) -> Self:
        """Active people who never had a password: they need a slip to log in."""
        return self.filter(is_active=True, password__startswith="!")


class CadreManager(BaseUserManager.from_queryset(CadreQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> "Cadre":
        return self.get(employee_number__iexact=(username or "").strip())

    def create_superuser(self, **fields: object) -> None:
        """There is none: three separate administrators share its powers (`create_administrator`)."""
        raise CommandError("本系统没有超级用户，请用 manage.py create_administrator 建立管理员。")


class Cadre(AbstractBaseUser, Tracked):
    """A member of staff and at once the portal's user; logs in by 工号, compared without case."""

    employee_number = models.CharField(
        "工号", max_length=32, unique=True, error_messages={"unique": "已有相同工号的干部，请核对工号。"}
    )
    name = models.CharField("姓名", max_length=50)
    title = models.CharField("职务", max_length=50, blank=True)
    phone = models.CharField("手机号", max_length=30, blank=True)
    is_active = models.BooleanField("账号启用", default=True, help_text="离岗人员停用账号，不删除。")
    groups = models.ManyToManyField(Group, verbose_name="角色", blank=True, related_name="cadres")
    must_change_password = models.BooleanField("须修改密码", default=False)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True)
    # Hashes, the latest first, one per line: they stay in this table, like the password itself.
    former_passwords = models.TextField("用过的密码", blank=True, editable=False, default="", db_default="")
    # Goes up when the account is closed: sessions of before never come back.
    session_generation = models.PositiveIntegerField("会话代次", editable=False, default=0, db_default=0)

    objects: ClassVar[CadreManager] = CadreManager()

    USERNAME_FIELD = "employee_number"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = verbose_name_plural = "干部"
        constraints = [
            models.UniqueConstraint(
                Upper("employee_number"),
                name="cadre_employee_number_unique",
                violation_error_message="已有相同工号的干部（不分大小写），请核对工号。",
            ),
            models.CheckConstraint(
                condition=~Q(employee_number="") & ~Q(name=""), name="cadre_number_and_name_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.employee_number}）"

    def get_short_name(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must carry: it ends when the password changes or the account is closed."""
        state = f"{self.password}|{self.session_generation}"
        return salted_hmac("organization.Cadre.session", state, secret=secret, algorithm="sha256").hexdigest()

    @property
    def password_expired(self) -> bool:
        """Whether the password is older than the rule allows; 0 days means that none ever is."""
        if not settings.PASSWORD_DAYS:
            return False
        since = self.password_changed_at or self.created_at
        return timezone.now() - since >= timedelta(days=settings.PASSWORD_DAYS)

    @property
    def password_due(self) -> bool:
        """Whether the person must choose a new password before anything else."""
        return self.must_change_password or self.password_expired

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(self.groups.values_list("name", flat=True))

    def has_role(self, *roles: Role) -> bool:
        return self.is_active and not self.roles.isdisjoint(roles)

    def in_service(self, day: date) -> bool:
        return Posting.objects.filter(cadre=self).covering(day).exists()

    @property
    def is_staff(self) -> bool:
        """Whether the admin opens at all; what it shows is decided page by page."""
        return self.has_role(*DESK_ROLES)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Rights follow from roles, page by page (`organization.desk`); no permission rows exist."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff
