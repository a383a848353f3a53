"""What the clock wakes; the service and its log hold the rules."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from notices.channels import channels_of
from notices.services.digest import send_digests


@shared_task(name="notices.digest")
def digest() -> None:
    """Once a day per channel and person; asked often, so that a killed worker's rest follows soon."""
    channels = channels_of(settings.NOTICE_DIGEST_URLS)
    if channels:
        send_digests(
            channels=channels,
            hour=settings.NOTICE_DIGEST_HOUR,
            portal=settings.PORTAL_ADDRESS,
            now=timezone.now(),
        )
