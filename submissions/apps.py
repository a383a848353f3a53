from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "submissions"
    verbose_name = "作品"

    def ready(self) -> None:
        from organization.services.register_kinds import install
        from organization.services.verifying import vouch
        from reading.services.candidates import add_source
        from submissions.services.recommended import recommended_books
        from submissions.services.register_kind import SUBMISSIONS_KIND
        from submissions.services.verifying import vouched

        install(SUBMISSIONS_KIND)
        vouch(vouched)
        add_source(recommended_books)
