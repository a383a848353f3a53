"""What the auditor reads in 访问记录 of the reading room's decisions, and never of whose a loan was."""

from decimal import Decimal

import pytest
from django.urls import reverse

from organization.models import AccessEvent, Cadre
from organization.roles import Role
from organization.services.audit import acting_from
from reading.models import Copy, Project
from reading.services.catalogue import add_copies, tend_copy
from reading.services.comparing import compare
from reading.services.copies import StaleCopy
from reading.services.donating import cancel, decline, reopen
from reading.services.leading import LeadContent, clear_lead, set_lead
from reading.services.losing import lose_on_loan, return_damaged
from reading.services.moving import move_copies
from reading.services.places import PlaceFacts, change_place
from reading.services.projects import Money, ProjectFacts, add_project, change_project
from reading.services.resolving import take_back
from reading.services.stocktakes import finish_stocktake
from reading.services.suggesting import decide
from reading.states import CopyAction, PlanAction, SuggestionAction
from reading.tests import acquisitions, plan_making
from reading.tests.factories import BookFactory, CopyFactory, PlaceFactory, reader
from reading.tests.rooms import NOW, room
from reading.tests.stocktaking import Count, at

__all__ = ["room"]
pytestmark = pytest.mark.django_db


def told(action: str = "reading") -> list[tuple[str, str]]:
    return list(AccessEvent.objects.filter(action=action).order_by("pk").values_list("about", "detail"))


def test_what_becomes_of_a_copy_is_told_with_actor_and_address(room):
    with acting_from("10.0.0.7"):
        for action in (CopyAction.LOSE, CopyAction.FIND, CopyAction.WITHDRAW, CopyAction.RESTORE):
            copy = Copy.objects.get(pk=room.copy.pk)
            tend_copy(copy=copy, action=action, by=room.librarian, now=room.later(minutes=1), reason=" 清点 ")
    about = f"{room.copy.barcode} 论语译注"
    assert told() == [(about, f"{action}：清点") for action in ("登记丢失", "找回", "剔除", "恢复")]
    assert set(AccessEvent.objects.values_list("actor", "address")) == {(room.librarian.pk, "10.0.0.7")}


def test_mending_lending_and_what_is_refused_leave_nothing(room):
    stale = Copy.objects.get(pk=room.copy.pk)
    room.lend()
    room.hold(room.b)
    room.give_back()
    with pytest.raises(StaleCopy):
        tend_copy(copy=stale, action=CopyAction.WITHDRAW, by=room.librarian, now=room.now, reason="旧")
    other = CopyFactory()
    room.renew(room.lend(other))
    return_damaged(loan=other.loans.get(), by=room.librarian, now=room.now)
    other.refresh_from_db()
    tend_copy(copy=other, action=CopyAction.REPAIRED, by=room.librarian, now=room.now)
    assert room.state(other) == "available"
    assert list(AccessEvent.objects.all()) == []


def test_a_loss_on_loan_tells_not_whose_it_was(room):
    Cadre.objects.filter(pk=room.a.pk).update(name="司徒望舒")
    loan = room.lend()
    lose_on_loan(loan=loan, by=room.librarian, now=room.now, reason="司徒望舒出差时遗失")
    assert told() == [(f"{room.copy.barcode} 论语译注", "登记丢失")]


def test_many_that_move_are_one_line():
    librarian, home = reader(Role.LIBRARIAN), PlaceFactory(name="二楼")
    copies = CopyFactory.create_batch(22, home=PlaceFactory())
    own = Copy.objects.filter(pk__in=[copy.pk for copy in copies])
    assert move_copies(copies=own, to=home, by=librarian, now=NOW) == 22
    assert move_copies(copies=own, to=home, by=librarian, now=NOW) == 0
    named = "、".join(copy.barcode for copy in copies[:20])
    assert told() == [("地点 二楼", f"移动 22 册：{named}等")]


def test_a_stocktake_tells_its_losses_and_its_end():
    count = Count()
    copy = count.copy(book__title="论语")
    count.compare()
    count.resolve(copy, "lost")
    take_back(difference=count.of(copy), by=count.librarian, now=at(80))
    count.resolve(copy, "lost", minutes=90)
    finish_stocktake(stocktake=count.stocktake, by=count.librarian, now=at(100))
    mark, about = f"第 {count.stocktake.pk} 号盘点", f"{copy.barcode} 论语"
    lost = (about, f"登记丢失：{mark}：各处找过")
    back = (about, f"找回：{mark}：撤销处理")
    assert told() == [lost, back, lost, (f"盘点 {count.stocktake.pk} 阅览室", "完成盘点")]


def test_a_stocktake_that_only_counts_tells_nothing():
    count = Count()
    compare(stocktake=count.stocktake, by=count.librarian, now=at(5))
    assert told() == []


def test_a_donation_tells_what_others_than_the_donor_decide():
    librarian, donor = reader(Role.LIBRARIAN), reader()
    donation = acquisitions.inspected(acquisitions.a_donation(donor), librarian)
    decline(donation=donation, reason="破损", by=librarian, now=NOW)
    donation.refresh_from_db()
    reopen(donation=donation, by=librarian, now=NOW)
    donation.refresh_from_db()
    cancel(donation=donation, by=donor, now=NOW)
    about = f"捐赠 {donation.pk} {donor.name}"
    assert told() == [(about, "验收"), (about, "不接收：破损"), (about, "重新验收")]


def test_a_donor_who_wishes_no_name_gets_none_here():
    donation = acquisitions.accepted(is_named=False)
    about = f"捐赠 {donation.pk} 一位不愿署名的捐赠人"
    assert told() == [(about, "验收"), (about, "入藏")]


def test_a_librarian_who_registers_a_donor_from_outside_is_told_of():
    donation = acquisitions.a_donation(reader(Role.LIBRARIAN), donor_name="王老先生")
    assert told() == [(f"捐赠 {donation.pk} 王老先生", "登记捐赠")]


def test_decisions_on_suggestions_are_told_and_votes_are_not():
    librarian, suggestion = reader(Role.LIBRARIAN), acquisitions.a_suggestion(title="史记")
    for action, reason in (
        (SuggestionAction.CHOOSE, ""),
        (SuggestionAction.DECLINE, "绝版"),
        (SuggestionAction.REOPEN, ""),
    ):
        decide(suggestion=suggestion, action=action, by=librarian, now=NOW, reason=reason)
    decide(suggestion=suggestion, action=SuggestionAction.BUY, by=librarian, now=NOW, book=BookFactory())
    said = ["列入选购", "不采购：绝版", "重新考虑", "入藏"]
    assert told() == [("荐购 史记", each) for each in said]


def test_what_was_wanted_and_comes_in_is_told_once():
    librarian, book = reader(Role.LIBRARIAN), BookFactory(isbn="9787101003048")
    acquisitions.a_suggestion(title="史记", isbn=book.isbn)
    add_copies(book=book, count=2, home=PlaceFactory(), acquired_on=NOW.date(), by=librarian, now=NOW)
    assert told() == [("荐购 1 条", "随馆藏入藏：史记")]


def test_of_a_project_only_amounts_are_told():
    librarian = reader(Role.LIBRARIAN)
    lines = [Money("灯", Decimal(50)), Money("书架", Decimal(100))]
    project = add_project(facts=ProjectFacts("改造", None, "planned"), lines=lines, by=librarian)
    paid = [lines[0], Money("书架", Decimal(100), Decimal(90), "记-1")]
    for state, money in (("running", lines), ("done", paid)):
        project = Project.objects.get(pk=project.pk)
        facts = ProjectFacts("改造", None, state)
        change_project(project=project, seen=project.changed_at, facts=facts, lines=money, by=librarian, now=NOW)
    lamp, shelf = "灯 预算 50.00 支出 0.00 凭证 无", "书架 预算 100.00 支出 0.00 凭证 无"
    about = f"项目 {project.pk} 改造"
    assert told() == [
        (about, f"金额变动：无 → {lamp}；{shelf}"),
        (about, f"金额变动：{shelf} → 书架 预算 100.00 支出 90.00 凭证 记-1"),
    ]


def test_a_place_that_closes_or_opens_is_told():
    librarian, place = reader(Role.LIBRARIAN), PlaceFactory(code="J1", name="角落")
    for is_closed in (False, True, True, False):
        place.refresh_from_db()
        facts = PlaceFacts(place.code, place.name, place.kind, description="新", is_closed=is_closed)
        change_place(place=place, seen=place.changed_at, facts=facts, by=librarian, now=NOW)
    assert told() == [("地点 J1 角落", "停用"), ("地点 J1 角落", "启用")]


def test_the_desk_tells_the_same_of_projects_and_places(client):
    client.force_login(reader(Role.LIBRARIAN))
    place = PlaceFactory(code="J1", name="角落")
    page = reverse("admin:reading_place_change", args=[place.pk])
    typed = {
        "code": "J1",
        "name": "角落",
        "kind": place.kind,
        "position": 0,
        "is_closed": "on",
        "seen": seen(client, page),
    }
    furniture = {"furniture-TOTAL_FORMS": 0, "furniture-INITIAL_FORMS": 0}
    assert client.post(page, typed | furniture).status_code == 302
    lines = {"budget_lines-TOTAL_FORMS": 1, "budget_lines-INITIAL_FORMS": 0, "budget_lines-0-item": "灯",
             "budget_lines-0-planned": "50", "budget_lines-0-spent": "0"}  # fmt: skip
    assert (
        client.post(reverse("admin:reading_project_add"), {"title": "改造", "state": "done"} | lines).status_code == 302
    )
    project = Project.objects.get()
    assert told() == [
        ("地点 J1 角落", "停用"),
        (f"项目 {project.pk} 改造", "金额变动：无 → 灯 预算 50.00 支出 0.00 凭证 无"),
    ]


def seen(client, page: str) -> str:
    return client.get(page).context["adminform"].form["seen"].value()


def test_plans_and_leads_stand_apart_from_works():
    owner, office = reader(), reader(Role.OFFICE)
    plan = plan_making.confirmed(plan_making.begun(owner), office)
    plan_making.step(plan, PlanAction.REVOKE, office, reason="书没读完")
    assert told("plan") == [(plan.reference, "阅读计划确认完成"), (plan.reference, "阅读计划撤销确认")]
    leader = reader(Role.LEADER)
    month = set_lead(
        leader=leader, month=NOW.date().replace(day=1), seen=None, content=LeadContent("论语"), by=leader, now=NOW
    )
    clear_lead(lead=month, seen=month.changed_at, by=leader, now=NOW)
    assert told("plan")[2:] == [(str(month), "取消领读安排：论语")]
    assert told("decision") == []


def test_the_auditor_filters_by_them(client):
    acquisitions.a_donation(reader(Role.LIBRARIAN), donor_name="王老先生")
    client.force_login(reader(Role.AUDIT))
    page = client.get("/admin/organization/accessevent/?action__exact=reading").content.decode()
    others = client.get("/admin/organization/accessevent/?action__exact=plan").content.decode()
    assert ("王老先生" in page, "王老先生" in others) == (True, False)
    assert ("阅览室办理" in page, "计划办理" in page) == (True, True)
