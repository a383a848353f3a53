from django.contrib import admin
from django.urls import path

from organization import views as organization_views
from shuxiang import views
from submissions import views as submissions_views

urlpatterns = [
    path("", views.home, name="home"),
    path("login/", organization_views.LoginView.as_view(), name="login"),
    path("logout/", organization_views.LogoutView.as_view(), name="logout"),
    path("password/", organization_views.password, name="password"),
    path("media/<uuid:attachment_id>/", submissions_views.media, name="media"),
    path("admin/", admin.site.urls),
]
