from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from activities.models import Call
from organization.models import Cadre, Department, PartyGroup, Posting, Scope, work_scope_of
from shuxiang.periods import Quarter, parse_quarter
from shuxiang.tracking import Tracked
from shuxiang.typography import quoted
from submissions.kinds import Grade, Kind
from submissions.states import State


def cloth_of(work: int) -> int:
    """The book cloth of the work with this id, 1 to 10, the same on every page for life."""
    return work % 10 + 1


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, viewer: Cadre) -> Self:
        """Own works, and those that name somebody who was in the viewer's scope on the credit date.

        A draft is seen by its main author and by who entered it. Who declined opens a work to nobody else.
        """
        return self.in_sight(viewer, work_scope_of(viewer))

    def in_sight(self, viewer: Cadre, scope: Scope) -> Self:
        """`visible_to`, where the viewer's scope is known already."""
        named = Contributor.objects.filter(submission=OuterRef("pk"))
        handed_in = ~Q(state=State.DRAFT)
        own = Q(entered_by=viewer) | Q(Exists(named.filter(cadre=viewer, position=0)))
        own |= handed_in & Q(Exists(named.filter(cadre=viewer)))
        if scope.everybody:
            return self.filter(own | handed_in)
        if not scope.departments:
            return self.filter(own)
        posted = Posting.objects.filter(cadre=OuterRef("cadre"), department__in=scope.departments)
        there = named.exclude(state=Contributor.State.DECLINED)
        in_scope = there.filter(Exists(posted.covering(OuterRef("submission__credit_date"))))
        return self.filter(own | (handed_in & Exists(in_scope)))

    def handed_in(self) -> Self:
        return self.exclude(state=State.DRAFT)

    def edited_by(self, cadre: Cadre) -> Self:
        """Works whose text is the person's to change: as main author, or as who handed them in."""
        main = Contributor.objects.filter(submission=OuterRef("pk"), cadre=cadre, position=0)
        return self.filter(Q(entered_by=cadre) | Q(Exists(main)))

    def named(self, cadre: Cadre) -> Self:
        """Works that name the person, who did not decline."""
        rows = Contributor.objects.filter(submission=OuterRef("pk"), cadre=cadre)
        return self.filter(Exists(rows.exclude(state=Contributor.State.DECLINED)))

    def without_own(self, cadre: Cadre) -> Self:
        """Works that the person neither is named on nor entered, so may decide about."""
        named = Contributor.objects.filter(submission=OuterRef("pk"), cadre=cadre)
        return self.exclude(entered_by=cadre).filter(~Exists(named))

    def search(self, text: str) -> Self:
        """Works by number, title, or the name or 工号 of somebody named on them."""
        person = Q(cadre__name__icontains=text) | Q(cadre__employee_number__icontains=text)
        named = Contributor.objects.filter(person, submission=OuterRef("pk"))
        return self.filter(Q(reference__icontains=text) | Q(title__icontains=text) | Q(Exists(named)))

    def showcased(self) -> Self:
        """What everybody signed in may see: approved, and the authors agreed."""
        return self.filter(state=State.APPROVED, show_in_showcase=True)

    def counted(self) -> Self:
        """Works that can earn: approved, an idea adopted."""
        return self.filter(state=State.APPROVED)


class Submission(Tracked):
    """One handed-in work; its content lives in versions, its people in contributors.

    `credit_date` is the Shanghai date of the first submission and never changes when the work is
    returned and handed in again; `quarter` is the quarter it belongs to, which is the one before the
    credit date's where that was named within the grace days (assessment rules, section 3).
    """

    reference = models.CharField("编号", max_length=40, unique=True)
    kind = models.CharField("类型", max_length=20, choices=Kind.choices)
    title = models.CharField("题目", max_length=200)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    grade = models.CharField("评级", max_length=10, choices=Grade.choices, blank=True)
    graded_version = models.ForeignKey(
        "submissions.Version",
        verbose_name="评级所依据的版本",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    credit_date = models.DateField("上报日期", null=True, blank=True)
    quarter = models.CharField("考核期", max_length=6, blank=True)
    entered_by = models.ForeignKey(
        Cadre,
        verbose_name="登记人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="entered_submissions",
    )
    owner_department = models.ForeignKey(
        Department, verbose_name="集体作品所属科室", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner_party_group = models.ForeignKey(
        PartyGroup, verbose_name="集体作品所属党小组", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Of the person's choosing; it changes neither quota nor points.
    call = models.ForeignKey(
        Call, verbose_name="应征", null=True, blank=True, on_delete=models.PROTECT, related_name="submissions"
    )
    show_in_showcase = models.BooleanField("同意在书香展示", default=False)
    show_outside = models.BooleanField("同意对外推送", default=False)
    revision = models.PositiveIntegerField("修订号", default=1)
    # Of the form that began the draft: sent twice, it still makes one work.
    token = models.UUIDField(null=True, blank=True, editable=False)

    # What the showcase searches in (submissions.services.search).
    search_text = models.TextField(blank=True, editable=False, default="", db_default="")

    objects: ClassVar[models.Manager["Submission"]] = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "作品"
        ordering = ["-credit_date", "reference"]
        indexes = [
            models.Index(fields=["quarter", "state", "kind"], name="submission_quarter_state"),
            models.Index(
                # All that the showcase counts by, so that SQLite need not look at the rows themselves.
                fields=["state", "-credit_date", "-id", "show_in_showcase", "kind", "grade"],
                condition=Q(show_in_showcase=True),
                name="submission_shown",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="submission_kind_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="submission_state_known"),
            models.CheckConstraint(
                condition=Q(grade="", graded_version__isnull=True)
                | Q(grade__in=Grade.values, graded_version__isnull=False),
                name="submission_grade_binds_to_version",
            ),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT) | (Q(credit_date__isnull=False) & ~Q(quarter="")),
                name="submission_dated_once_handed_in",
            ),
            models.CheckConstraint(
                condition=Q(owner_department__isnull=True) | Q(owner_party_group__isnull=True),
                name="submission_one_owner",
            ),
            models.UniqueConstraint(fields=["entered_by", "token"], name="submission_once_per_form"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def cloth(self) -> int:
        return cloth_of(self.pk)

    @property
    def quoted(self) -> str:
        return quoted(self.title)

    @property
    def quarter_label(self) -> str:
        return parse_quarter(self.quarter).heading if self.quarter else ""

    @property
    def main_author(self) -> Cadre:
        return self.contributors.select_related("cadre").get(position=0).cadre

    @property
    def is_late(self) -> bool:
        """补报: named for the quarter before that of its credit date."""
        return self.credit_date is not None and self.quarter != str(Quarter.of(self.credit_date))


class ContributorQuerySet(models.QuerySet["Contributor"]):
    def counted(self) -> Self:
        """Confirmed people of works that can earn."""
        return self.filter(state=Contributor.State.CONFIRMED, submission__state=State.APPROVED)


class Contributor(Tracked):
    """Somebody named on a work; position 0 is the main author. Counts once confirmed."""

    ON_BEHALF = "代为上报"

    class State(models.TextChoices):
        NAMED = "named", "待确认"
        CONFIRMED = "confirmed", "已确认"
        DECLINED = "declined", "已谢绝"

    submission = models.ForeignKey(
        Submission, verbose_name="作品", on_delete=models.PROTECT, related_name="contributors"
    )
    cadre = models.ForeignKey(Cadre, verbose_name="干部", on_delete=models.PROTECT, related_name="contributions")
    position = models.PositiveSmallIntegerField("次序", default=0)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.NAMED)
    confirmed_by = models.ForeignKey(
        Cadre, verbose_name="确认人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField("代为确认的理由", max_length=200, blank=True)
    asked_at = models.DateTimeField("请求确认的时间", null=True, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    objects: ClassVar[models.Manager["Contributor"]] = ContributorQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "作者"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "cadre"],
                name="contributor_named_once",
                violation_error_message="同一人在一件作品上只能署名一次。",
            ),
            models.UniqueConstraint(fields=["submission", "position"], name="contributor_position_unique"),
            models.CheckConstraint(
                condition=Q(state__in=["named", "confirmed", "declined"]), name="contributor_state_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.cadre)

    @property
    def stood_in(self) -> str:
        """Who confirmed in the person's place and why, `许望舒代为上报` of who handed in; empty where nobody did."""
        if self.confirmed_by is None or self.confirmed_by_id == self.cadre_id:
            return ""
        if self.reason == self.ON_BEHALF:
            return f"{self.confirmed_by.name}{self.ON_BEHALF}"
        return f"{self.confirmed_by.name}代为确认" + (f"：{self.reason}" if self.reason else "")
