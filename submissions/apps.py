from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "submissions"
    verbose_name = "作品"

    def ready(self) -> None:
        from organization.services.register_kinds import install
        from submissions.services.register_kind import SUBMISSIONS_KIND

        install(SUBMISSIONS_KIND)
