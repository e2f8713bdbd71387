"""Jobs: hints to the workers through Redis. The outbox in PostgreSQL holds what must be done."""

from collections.abc import Callable

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue

from marketplace.kernel.settings import Settings

QUEUE = "default"
JOB_TIMEOUT_S = 35
RESULT_TTL_S = 300


class Jobs:
    """The queue that workers read."""

    def __init__(self) -> None:
        """Start unconfigured."""
        self._redis: Redis | None = None

    def configure(self, settings: Settings) -> None:
        """Connect lazily to `REDIS_URL`."""
        if settings.redis_url is None:
            message = "REDIS_URL is not set: `flask up` sets it, or name your own Redis."
            raise RuntimeError(message)
        self._redis = Redis.from_url(
            settings.redis_url,
            socket_connect_timeout=2,
            socket_timeout=5,
            health_check_interval=30,
            # whoever hints has a person waiting: the outbox repeats, not the client
            retry=Retry(NoBackoff(), 1),
        )

    @property
    def redis(self) -> Redis:
        """The Redis of queues, presence and limits."""
        if self._redis is None:
            message = "Redis is not configured: create the application first."
            raise RuntimeError(message)
        return self._redis

    @property
    def queue(self) -> Queue:
        """The one queue of this application."""
        return Queue(QUEUE, connection=self.redis, default_timeout=JOB_TIMEOUT_S)


jobs = Jobs()


def enqueue(function: Callable[[], object]) -> None:
    """Let a worker call `function`; refuses with a `RedisError` when Redis is away."""
    jobs.queue.enqueue(function, result_ttl=RESULT_TTL_S, failure_ttl=RESULT_TTL_S)
