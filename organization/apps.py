from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    name = "organization"
    verbose_name = "机构与人员"

    def ready(self) -> None:
        from organization.services.register_kinds import install
        from organization.services.roster_kind import ROSTER_KIND

        install(ROSTER_KIND)
