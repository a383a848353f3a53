from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = "活动"

    def ready(self) -> None:
        from activities.services.register_kind import ATTENDANCE_KIND
        from organization.services.register_kinds import install

        install(ATTENDANCE_KIND)
