from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from organization.forms import LogInForm, PasswordForm
from organization.services.passwords import change_password


class LoginView(auth_views.LoginView):
    template_name = "login.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """The checked `next`; never this page itself or the way out, which would lead in circles."""
        target = super().get_redirect_url()
        return "" if urlsplit(target).path in {reverse("login"), reverse("logout")} else target


class LogoutView(auth_views.LogoutView):
    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        messages.success(request, "已退出登录。")
        return response


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@never_cache
@login_required
def password(request: HttpRequest) -> HttpResponse:
    cadre = request.user
    assert cadre.is_authenticated
    form = PasswordForm(cadre, request.POST if request.method == "POST" else None)
    if form.is_valid():
        change_password(cadre=cadre, password=form.cleaned_data["new_password1"], now=timezone.now())
        update_session_auth_hash(request, cadre)
        messages.success(request, "密码已修改，下次登录请用新密码。")
        return redirect("home")
    return render(request, "password.html", {"form": form})
