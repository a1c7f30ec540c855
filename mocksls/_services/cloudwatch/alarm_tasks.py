"""The tasks behind alarms: they look at their data, and tell of their changes."""

from __future__ import annotations

from typing import Any

from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call, Principal
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError, UnmockedServiceError
from mocksls._kernel.service import Task

from . import collecting, log_alarms, notices, suppression, watching, windows
from .evaluation import evaluate
from .log_alarms import LogResults
from .store import Alarm, Store
from .transitions import change, remember


class AlarmTasks:
    """What the clock and the router run for alarms."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud
        self._log_results = LogResults(store, cloud)

    def evaluate_alarm(self, payload: dict[str, Any], call: Call) -> None:
        """Look at an alarm's data of the full periods before now, and again in a minute while there are any."""
        alarm = self._store.alarms.get(payload["alarm"])
        if alarm is None or alarm.planned is None:
            return
        alarm.planned = None
        collecting.collect(self._store, call)
        period = watching.period_of(alarm.settings)
        verdict = evaluate(self._store, alarm, payload["at"])
        if watching.warms_up(alarm, payload["at"], verdict.full):
            pass
        elif verdict.state is not None and verdict.state != alarm.state:
            change(self._cloud, self._store, alarm, verdict.state, verdict.reason, verdict.data, call)
        elif verdict.state == "ALARM":
            self._scale_again(alarm, call)
        if verdict.sees or self._expects(alarm, windows.end_of(alarm.settings, period, payload["at"])):
            watching.plan(self._cloud, alarm, call)

    def evaluate_log_alarm(self, payload: dict[str, Any], call: Call) -> None:
        """Look at what a run of an alarm's scheduled query has found; without a query's id the run failed."""
        alarms = self._store.alarms.values()
        found = (each for each in alarms if each.kind == "LogAlarm" and log_alarms.query_of(each) == payload["query"])
        alarm = next(found, None)
        if alarm is None:
            return
        verdict = self._log_results.results_of(alarm, payload, call)
        if verdict.state not in (None, alarm.state) and not watching.warms_up(alarm, payload["at"], verdict.full):
            change(self._cloud, self._store, alarm, str(verdict.state), verdict.reason, verdict.data, call)

    def release_actions(self, payload: dict[str, Any], call: Call) -> None:
        """What held an alarm's actions back may be over."""
        alarm = self._store.alarms.get(payload["alarm"])
        if alarm is not None:
            suppression.look_again(self._cloud, self._store, alarm, call)

    def collect_measures(self, payload: dict[str, Any], call: Call) -> None:
        """Take what services measured, and have the alarms over it look."""
        collecting.collect(self._store, call)

    def _scale_again(self, alarm: Alarm, call: Call) -> None:
        """Scaling policies act as long as their alarm stands."""
        for action in alarm.settings.get("AlarmActions", ()) if alarm.settings.get("ActionsEnabled", True) else ():
            arn = Arn.parse(action)
            if arn is not None and arn.service == "autoscaling":
                scaling = {"policy": action, "alarm": alarm.name}
                task = Task("application-autoscaling", "apply_policy", call.account_id, arn.region, scaling)
                self._cloud.router.send(task, call)

    def _expects(self, alarm: Alarm, now: float) -> bool:
        """Whether data lie ahead: in the period that is not full yet, or in the future."""
        for (namespace, name), alarms in self._store.watched.items():
            if alarm.name in alarms:
                for metric in self._store.metrics.values():
                    if (metric.namespace, metric.name) == (namespace, name) and metric.last >= now:
                        return True
        return False

    def tell_change(self, work: dict[str, Any], call: Call) -> None:
        """Tell one target of an alarm's change: the event bus, a topic, a function, a scaling policy."""
        alarm = self._store.alarms.get(work["alarm"])
        if alarm is None:
            return
        target = work["target"]
        if target == "event":
            entry = notices.for_bus(self._cloud, alarm, work)
            call.request("events", "PutEvents", {"Entries": [entry]}, internal=True)
            return
        try:
            told = self._act(alarm, target, work, call)
        except (AwsError, UnmockedServiceError) as error:
            self._cloud.note("refusal", "cloudwatch", alarm.name, f"action {target}: {error}", parent=call.trace_id)
            told = f"Failed to execute action {target}"
        data = {"actionState": "Failed" if told.startswith("Failed") else "Succeeded", "notificationResource": target}
        remember(self._store, alarm, self._cloud.clock.time(), "Action", told[:255], data)

    def _act(self, alarm: Alarm, target: str, work: dict[str, Any], call: Call) -> str:
        arn = Arn.parse(target)
        service = arn.service if arn else ""
        region = (arn.region if arn else "") or call.region
        if service == "sns":
            by = Principal.service("cloudwatch.amazonaws.com", call.account_id, alarm.arn)
            params = {
                "TopicArn": target,
                "Subject": notices.subject(alarm, work["after"]["stateValue"], call.region),
                "Message": notices.for_topic(alarm, work, call.account_id, call.region),
            }
            call.request("sns", "Publish", params, principal=by, region=region)
        elif service == "lambda":
            by = Principal.service("lambda.alarms.cloudwatch.amazonaws.com", call.account_id, alarm.arn)
            text = notices.for_function(self._cloud, alarm, work, call.account_id, call.region)
            event = {"FunctionName": target, "InvocationType": "Event", "Payload": text.encode()}
            call.request("lambda", "Invoke", event, principal=by, region=region)
        elif service == "autoscaling":
            scaling = {"policy": target, "alarm": alarm.name}
            task = Task("application-autoscaling", "apply_policy", call.account_id, region, scaling)
            self._cloud.router.send(task, call)
        else:
            text = f"mocksls does not take actions of {service or target}"
            raise AwsError("NotImplemented", text, status=501)
        return f"Successfully executed action {target}"
