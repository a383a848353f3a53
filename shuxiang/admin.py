from django.contrib.admin import AdminSite


class PortalAdminSite(AdminSite):
    """The office's desk. Logging in and changing the password are the portal's own pages."""

    site_header = "书香机关 · 工作台"
    site_title = "书香机关"
    index_title = "工作台"
    site_url = "/"
    empty_value_display = "—"
