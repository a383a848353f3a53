from collections.abc import Iterator

from django.apps import AppConfig


class ReadingConfig(AppConfig):
    name = "reading"
    verbose_name = "阅览室"

    def ready(self) -> None:
        from organization.services.register_kinds import install
        from organization.services.verifying import Vouched, vouch
        from reading.models import DigitalResource, Picture
        from reading.services.book_kinds import BOOKS_KIND, MARC_KIND

        install(BOOKS_KIND)
        install(MARC_KIND)

        def pictures() -> Iterator[Vouched]:
            for row in Picture.objects.order_by("pk").iterator(chunk_size=500):
                yield Vouched(f"照片 {row.pk}", [(str(row.file), row.size, row.sha256)])

        def digital_files() -> Iterator[Vouched]:
            for row in DigitalResource.objects.exclude(file="").order_by("pk").iterator(chunk_size=500):
                yield Vouched(f"数字资源 {row.pk}", [(str(row.file), row.size, row.sha256)])

        vouch(pictures)
        vouch(digital_files)
