"""Which links of digital resources still answer: all of them once a week, one of them when a librarian asks."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from organization.models import Cadre
from reading.kinds import LinkState
from reading.models import DigitalResource
from reading.services.authority import check_librarian
from reading.services.links import Answer, ask

logger = logging.getLogger(__name__)
AT_ONCE = 8
# A page waits for the answer.
PATIENCE, WHOLE_PATIENCE = 5.0, 12.0


def check_links(*, now: datetime) -> int:
    """Asks all and writes down what they answered; gives how many are dead.

    Where none of them can be reached, there is no network: then nothing is said of any.
    """
    links = list(DigitalResource.objects.linked().order_by("pk").values_list("pk", "link"))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(ask, [link for _, link in links]))
    if not any(answer.reached for answer in answers):
        if links:
            logger.info("所有网址都连不上，视为没有网络，这次不作记录")
        return 0
    for (key, link), answer in zip(links, answers, strict=True):
        write(key, link, answer, now)
    return sum(not answer.is_alive for answer in answers)


def check_one(*, resource: DigitalResource, by: Cadre, now: datetime) -> Answer:
    """Raises NotAllowed."""
    check_librarian(by)
    answer = ask(resource.link, PATIENCE, WHOLE_PATIENCE)
    write(resource.pk, resource.link, answer, now)
    return answer


def write(key: int, link: str, answer: Answer, now: datetime) -> None:
    """Of another link that was noted meanwhile this answer says nothing."""
    DigitalResource.objects.filter(pk=key, link=link).update(
        link_state=LinkState.ALIVE if answer.is_alive else LinkState.DEAD,
        link_checked_at=now,
        link_message=answer.message,
    )
