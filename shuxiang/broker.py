"""The file broker, as a full disk may leave it: rows hold the queue, so a message cut short is no loss."""

import logging
from typing import Any

from kombu.transport import filesystem

logger = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        """The next whole message; one cut short went to the read ones, and would end the worker."""
        while True:
            try:
                found = super()._get(queue)
            except ValueError:
                found = None
            if isinstance(found, dict):
                return found
            logger.warning("消息队列里有一条不完整的消息，已跳过；任务由后台进程按时自行开始")

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        """A list of queues cut short is written anew."""
        try:
            super()._queue_bind(exchange, routing_key, pattern, queue)
        except ValueError:
            self._exchange_file(exchange).unlink(missing_ok=True)
            super()._queue_bind(exchange, routing_key, pattern, queue)


class Transport(filesystem.Transport):
    Channel = Channel
