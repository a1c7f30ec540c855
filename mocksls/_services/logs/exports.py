"""Export of events to S3.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3Export.html
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.errors import AwsError
from mocksls._kernel.paging import page
from mocksls._kernel.service import Task

from . import errors
from .groups import find_group
from .store import ExportTask, LogGroup, LogStream, Store
from .streams import living


class Exports:
    """Operations on export tasks."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_export_task(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Have a group's events written to a bucket; that is done when this call has answered.

        Raises:
            AwsError: ResourceNotFoundException, InvalidParameterException.
        """
        group = find_group(self._store, request)
        if request["from"] > request["to"]:
            raise errors.invalid("Invalid timestamp: the 'from' time is after the 'to' time.")
        try:
            call.request("s3", "HeadBucket", {"Bucket": request["destination"]}, internal=True)
        except AwsError:
            raise errors.no_bucket() from None
        task = ExportTask(
            task_id=self._cloud.ids.uuid(),
            name=request.get("taskName"),
            group=group.name,
            stream_prefix=request.get("logStreamNamePrefix"),
            since=request["from"],
            until=request["to"],
            bucket=request["destination"],
            given_prefix=request.get("destinationPrefix"),
            created=int(self._cloud.clock.time() * 1000),
        )
        self._store.exports[task.task_id] = task
        work = {"task": task.task_id}
        self._cloud.router.send(Task("logs", "export", call.account_id, call.region, work), call)
        return {"taskId": task.task_id}

    def describe_export_tasks(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Export tasks, one or those of a status."""
        wanted, status = request.get("taskId"), request.get("statusCode")
        found = [
            task
            for task in sorted(self._store.exports.values(), key=lambda task: task.task_id)
            if wanted in (None, task.task_id) and status in (None, task.status)
        ]
        shown, token = page(
            found, request.get("limit", 50), request.get("nextToken"), lambda task: task.task_id, errors.bad_token
        )
        return {"exportTasks": [_shown(task) for task in shown], "nextToken": token}

    def cancel_export_task(self, request: Mapping[str, Any], call: Call) -> None:
        """Cancel a task that has not ended.

        Raises:
            AwsError: ResourceNotFoundException, InvalidOperationException.
        """
        task = self._store.exports.get(request["taskId"])
        if task is None:
            raise errors.no_export()
        if task.status != "PENDING":
            raise AwsError("InvalidOperationException", "The specified export task has already finished")
        task.status = "CANCELLED"


class ExportTasks:
    """The task behind exports."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def export(self, payload: dict[str, Any], call: Call) -> None:
        """Write one object for each stream that has events in the span."""
        task = self._store.exports.get(payload["task"])
        if task is None or task.status != "PENDING":
            return
        group = self._store.groups.get(task.group)
        try:
            place = f"{task.given_prefix}/" if task.given_prefix else ""
            self._put(task, f"{place}aws-logs-write-test", b"Permission Check Successful", call)
            for stream in list(group.streams.values()) if group else []:
                if group and stream.name.startswith(task.stream_prefix or ""):
                    self._export_stream(task, group, stream, call)
        except AwsError as error:
            task.status, task.message = "FAILED", str(error)
        else:
            task.status, task.message = "COMPLETED", "Completed successfully"
        task.completed = int(self._cloud.clock.time() * 1000)

    def _export_stream(self, task: ExportTask, group: LogGroup, stream: LogStream, call: Call) -> None:
        lines = [
            f"{_stamp(event.timestamp)} {event.shown}\n"
            for event in living(group, stream, self._cloud)
            if task.since <= event.timestamp < task.until
        ]
        if lines:
            name = stream.name.replace("/", "-")
            body = gzip.compress("".join(lines).encode(), mtime=0)
            self._put(task, f"{task.prefix}/{task.task_id}/{name}/000000.gz", body, call)

    def _put(self, task: ExportTask, name: str, body: bytes, call: Call) -> None:
        params = {"Bucket": task.bucket, "Key": name, "Body": body}
        call.request("s3", "PutObject", params, internal=True)


def _stamp(at_ms: int) -> str:
    moment = datetime.fromtimestamp(at_ms / 1000, timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at_ms % 1000:03d}Z"


def _shown(task: ExportTask) -> dict[str, Any]:
    return {
        "taskId": task.task_id,
        "taskName": task.name,
        "logGroupName": task.group,
        "from": task.since,
        "to": task.until,
        "destination": task.bucket,
        "destinationPrefix": task.prefix,
        "status": {"code": task.status, "message": task.message},
        "executionInfo": {"creationTime": task.created, "completionTime": task.completed},
    }
