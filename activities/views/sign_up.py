"""Signing up for an activity and taking it back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from activities.models import Activity, Registration
from activities.services.signing_up import AlreadySignedUp, SignUpRefused, cancel_sign_up
from activities.services.signing_up import sign_up as enter
from activities.states import RegistrationState
from organization.desk import signed_in
from organization.services.lives import IllegalStep, Stale
from organization.services.roles import NotAllowed
from organization.ways import sent_from

REFUSED = (NotAllowed, SignUpRefused, IllegalStep, Stale)


@sent_from("activity", "activity_id")
@login_required
def sign_up(request: HttpRequest, activity_id: int) -> HttpResponse:
    """For oneself."""
    viewer = signed_in(request)
    activity = get_object_or_404(Activity.objects.in_sight_of(viewer), pk=activity_id)
    try:
        made = enter(activity=activity, cadre=viewer, by=viewer, now=timezone.now())
    except AlreadySignedUp as error:
        messages.info(request, str(error))
    except REFUSED as error:
        messages.error(request, str(error))
    else:
        waits = made.state == RegistrationState.WAITING
        messages.success(request, "名额已满，已登记候补，轮到您时通知您。" if waits else "已报名。")
    return redirect("activity", activity.pk)


@sent_from("activity", "activity_id")
@login_required
def sign_up_cancel(request: HttpRequest, activity_id: int) -> HttpResponse:
    """One's own; who moved up since the page was opened is asked once more."""
    viewer = signed_in(request)
    activity = get_object_or_404(Activity, pk=activity_id)
    own = Registration.objects.filter(cadre=viewer).select_related("activity", "cadre")
    registration = get_object_or_404(own, activity=activity)
    seen = request.POST.get("seen", "")
    if registration.state == RegistrationState.CANCELLED:
        messages.info(request, "您的报名已经取消。")
    elif seen == RegistrationState.WAITING and registration.state == RegistrationState.REGISTERED:
        messages.warning(request, "您刚刚递补成功，名额已为您保留。仍要取消的，请再按一次“取消报名”。")
    else:
        try:
            waited = registration.state == RegistrationState.WAITING
            cancel_sign_up(registration=registration, by=viewer, now=timezone.now())
            messages.success(request, "已取消候补。" if waited else "已取消报名。")
        except REFUSED as error:
            messages.error(request, str(error))
    in_sight = Activity.objects.in_sight_of(viewer).filter(pk=activity.pk).exists()
    return redirect("activity", activity.pk) if in_sight else redirect("activities")
