from collections.abc import Iterator

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = "活动"

    def ready(self) -> None:
        from activities.models import Material, Photograph
        from activities.services.register_kind import ATTENDANCE_KIND
        from organization.services.register_kinds import install
        from organization.services.verifying import Vouched, vouch

        install(ATTENDANCE_KIND)

        def materials() -> Iterator[Vouched]:
            for row in Material.objects.order_by("pk").iterator(chunk_size=500):
                yield Vouched(f"活动材料 {row.pk}", [(str(row.file), row.size, row.sha256)])

        def photographs() -> Iterator[Vouched]:
            for row in Photograph.objects.order_by("pk").iterator(chunk_size=500):
                files = [(str(row.file), row.size, row.sha256)]
                if row.thumbnail:
                    files.append((str(row.thumbnail), row.thumbnail_size, row.thumbnail_sha256))
                yield Vouched(f"活动照片 {row.pk}", files)

        vouch(materials)
        vouch(photographs)
