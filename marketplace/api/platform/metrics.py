"""Numbers for Prometheus: how many requests, how long they took, how they ended."""

from collections.abc import Callable, Iterator, Mapping
from time import perf_counter

import structlog
from flask import Blueprint, Flask, Response, current_app, request, request_finished, request_started
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.gc_collector import GCCollector
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from typing_extensions import override

EXTENSION = "marketplace.metrics"
LABELS = ("endpoint", "method", "status")
BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_STARTED = "marketplace.started"

log = structlog.get_logger()
blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Answer this process's numbers in Prometheus's text format."""
    registry: CollectorRegistry = current_app.extensions[EXTENSION]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def observe(app: Flask) -> CollectorRegistry:
    """Count and time every request; answers the registry, which takes further collectors."""
    disable_created_metrics()  # type: ignore[no-untyped-call] # the library left it without annotations
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    requests = Counter("http_requests", "Requests answered.", LABELS, registry=registry)
    durations = Histogram(
        "http_request_duration_seconds",
        "From the arrival of a request to its answer.",
        LABELS,
        buckets=BUCKETS_S,
        registry=registry,
    )

    def start(_: Flask, **_extra: object) -> None:
        request.environ[_STARTED] = perf_counter()

    def finish(_: Flask, *, response: Response, **_extra: object) -> None:
        if _is_websocket():
            return
        labels = (request.endpoint or "unmatched", _method(), str(response.status_code))
        requests.labels(*labels).inc()
        durations.labels(*labels).observe(perf_counter() - request.environ[_STARTED])

    # Signals and not request hooks: they come before the first hook and after the last, in whatever order
    # the application was put together.
    request_started.connect(start, app, weak=False)
    request_finished.connect(finish, app, weak=False)
    app.extensions[EXTENSION] = registry
    return registry


class OutboxGauge(Collector):
    """How many deliveries of facts are open, asked of the database when Prometheus asks."""

    def __init__(self, backlog: Callable[[], Mapping[str, int]]) -> None:
        """Show the counts that `backlog` answers, each under its own state."""
        self._backlog = backlog

    @override
    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            counts = self._backlog()
        except SQLAlchemyError as error:
            # The other numbers matter most when the database is away: this one is left out, not made up.
            log.warning("outbox_not_counted", error=type(error).__name__)
            return
        family = GaugeMetricFamily("outbox_deliveries", "Deliveries of facts not done yet.", labels=["state"])
        for state, count in counts.items():
            family.add_metric([state], count)
        yield family


def _is_websocket() -> bool:
    """Whether this connection lasts for hours, which would say nothing about how long requests take."""
    return request.headers.get("Upgrade", "").lower() == "websocket"


def _method() -> str:
    """The method as a label: a stranger's invention must not become a time series."""
    return request.method if request.method in METHODS else "other"
