"""Counters and gauges for GET /metrics; labels are channels and outcomes, never people."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.inbound = Counter(
            "kanal_inbound_total", "Messages taken in", ["channel", "outcome"], registry=self.registry
        )
        self.ignored = Counter(
            "kanal_ignored_total", "Updates of a kind we do not handle", ["channel"], registry=self.registry
        )
        self.refused = Counter(
            "kanal_refused_total", "Requests that failed their proof", ["channel"], registry=self.registry
        )
        self.sent = Counter(
            "kanal_sent_total", "Attempts to send", ["channel", "outcome"], registry=self.registry
        )
        self.reports = Counter(
            "kanal_delivery_reports_total", "Delivery reports", ["channel", "state"], registry=self.registry
        )
        self.sms_parts = Counter("kanal_sms_parts_total", "SMS parts sent", registry=self.registry)
        self.files = Counter(
            "kanal_files_total", "Attempts to fetch a file", ["outcome"], registry=self.registry
        )
        self.job_runs = Counter(
            "kanal_job_runs_total", "Runs of the clock's jobs", ["job", "outcome"], registry=self.registry
        )
        self.job_items = Counter(
            "kanal_job_items_total", "What the clock's jobs did", ["job"], registry=self.registry
        )
        self.waiting = Gauge(
            "kanal_outbox_open", "Messages waiting to be sent", ["channel"], registry=self.registry
        )
        self.seat = Gauge(
            "kanal_active", "1: this process does it, 0: it stands by", ["role"], registry=self.registry
        )
        self.failures = Gauge("kanal_inbound_failures", "Messages kept for a retry", registry=self.registry)
        self.reply_seconds = Histogram(
            "kanal_reply_seconds",
            "From queueing a direct reply to the provider's taking it",
            buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 30, 300),
            registry=self.registry,
        )
