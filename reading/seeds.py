"""What a reading room has from the first day; called by a migration and by tests."""

from typing import Any

AREAS = ("政治理论", "政策法规", "业务知识", "文学经典", "科技前沿")


def seed_reading_room(area_model: Any, policy_model: Any) -> None:
    """Adds the five subject areas where there is none yet, and the lending policy; running it again changes nothing."""
    if not area_model.objects.exists():
        area_model.objects.bulk_create(area_model(name=name, position=place) for place, name in enumerate(AREAS))
    policy_model.objects.get_or_create(pk=1)
