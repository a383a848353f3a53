from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ShuxiangConfig(AppConfig):
    name = "shuxiang"
    verbose_name = "书香机关"


class PortalAdminConfig(AdminConfig):
    default_site = "shuxiang.admin.PortalAdminSite"
