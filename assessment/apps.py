from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "assessment"
    verbose_name = "考核"

    def ready(self) -> None:
        from assessment.services.windows import scheme_windows
        from submissions import windows

        windows.install(scheme_windows)
