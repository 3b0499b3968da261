"""What is counted and measured, by name. No label may take a value that grows with use: no ids, no names of people or
files, no addresses."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.metrics_core import Metric

REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0)
STEP_BUCKETS = (0.05, 0.25, 1.0, 5.0, 15.0, 60.0, 300.0, 1800.0, 7200.0)


class Traffic:
    """Counted by the server itself."""

    def __init__(self, registry: CollectorRegistry) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # one more series for each, that nobody reads
        self.requests = Histogram(
            "dubline_http_request_seconds",
            "Time from the first byte of a request to the last of its reply, by route as written in the code.",
            ("method", "route", "status"),
            buckets=REQUEST_BUCKETS,
            registry=registry,
        )
        self.calls = Histogram(
            "dubline_grpc_call_seconds",
            "Time of a call over gRPC, by method; of a stream, the time it was open.",
            ("method", "status"),
            buckets=REQUEST_BUCKETS,
            registry=registry,
        )
        self.deliveries = Counter(
            "dubline_webhook_deliveries",
            "Tries to deliver a webhook, by whether it was taken.",
            ("outcome",),
            registry=registry,
        )


class Work:
    """Counted by workers, which are processes of their own, and summed up in a table."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.tasks = Counter(
            "dubline_tasks",
            "Tasks that ended, by their kind and how they ended.",
            ("kind", "outcome"),
            registry=self.registry,
        )
        self.task_seconds = Histogram(
            "dubline_task_seconds",
            "Time a worker spent on a task.",
            ("kind",),
            buckets=STEP_BUCKETS,
            registry=self.registry,
        )
        self.stage_seconds = Histogram(
            "dubline_stage_seconds",
            "Time a step took that had to be done, by stage.",
            ("stage",),
            buckets=STEP_BUCKETS,
            registry=self.registry,
        )
        self.steps = Counter(
            "dubline_steps",
            "Steps of jobs, by stage and whether they were done or found finished.",
            ("stage", "found"),
            registry=self.registry,
        )
        self.model_loads = Counter(
            "dubline_model_loads", "Models loaded into the memory of workers.", registry=self.registry
        )
        self.engine_calls = Counter(
            "dubline_engine_calls",
            "Calls of engines, by how each try ended.",
            ("engine", "outcome"),
            registry=self.registry,
        )

    def samples(self) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
        """Everything counted so far in this process, sample by sample."""
        return {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for metric in self.registry.collect()
            for sample in metric.samples
            if not sample.name.endswith("_created")
        }

    def families(self) -> Iterator[Metric]:
        """What there is to count, without any counts."""
        for metric in self.registry.collect():
            yield Metric(metric.name, metric.documentation, metric.type)
