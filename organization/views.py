from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from organization.desk import signed_in
from organization.forms import LogInForm, PasswordForm
from organization.middleware import stamp
from organization.models import AccessAction, Cadre
from organization.services.audit import record_event
from organization.services.locks import record_failure
from organization.services.passwords import change_password
from organization.ways import asked_page


class LoginView(auth_views.LoginView):
    template_name = "login.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        with transaction.atomic():
            response = super().form_valid(form)
            record_event(action=AccessAction.LOG_IN, actor=form.get_user())
        stamp(self.request.session, timezone.now())
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        if isinstance(form, LogInForm) and form.was_tried:
            record_failure(request=self.request, typed=form.cleaned_data["username"])
        return super().form_invalid(form)

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """The checked `next`; never this page itself or the way out, which would lead in circles."""
        return asked_page(self.request, "login", "logout")


class LogoutView(auth_views.LogoutView):
    """Asks on GET, so that an address typed or a page gone back to ends nothing by itself."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return render(request, "logout.html") if request.user.is_authenticated else redirect("login")

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        with transaction.atomic():
            if isinstance(request.user, Cadre):
                record_event(action=AccessAction.LOG_OUT, actor=request.user)
            response = super().post(request, *args, **kwargs)
        messages.success(request, "已退出登录。")
        return response


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@never_cache
@login_required
def password(request: HttpRequest) -> HttpResponse:
    cadre, onward = signed_in(request), asked_page(request, "login", "logout", "password")
    form = PasswordForm(cadre, request.POST if request.method == "POST" else None)
    if form.is_valid():
        change_password(cadre=cadre, password=form.cleaned_data["new_password1"], now=timezone.now())
        update_session_auth_hash(request, cadre)
        messages.success(request, "密码已修改，下次登录请用新密码。")
        return redirect(onward or "home")
    context = {"form": form, "next": onward, "password_days": settings.PASSWORD_DAYS}
    return render(request, "password.html", context)
