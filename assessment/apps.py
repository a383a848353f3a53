from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "assessment"
    verbose_name = "考核"

    def ready(self) -> None:
        from assessment.services.windows import scheme_windows
        from assessment.tasks import wake_for_changed_facts
        from shuxiang.workbooks.importing import after_import
        from submissions import windows

        windows.install(scheme_windows)
        after_import(wake_for_changed_facts)
