"""Anomaly detectors of log groups: kept, trained by the clock, paused; they find nothing.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/LogsAnomalyDetection.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import errors
from .filter_patterns import compile_filter
from .groups import find_group
from .store import Store

_TRAINED_MS = 24 * 3_600_000
_MINUTES = {"ONE_MIN": 1, "FIVE_MIN": 5, "TEN_MIN": 10, "FIFTEEN_MIN": 15, "THIRTY_MIN": 30, "ONE_HOUR": 60}
_LISTED = 50


class LogAnomalies:
    """Operations on anomaly detectors and on what they found."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_log_anomaly_detector(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Have a group watched.

        Raises:
            AwsError: InvalidParameterException, ResourceNotFoundException.
        """
        groups = request["logGroupArnList"]
        if len(groups) != 1:
            raise errors.invalid("You can specify only one log group ARN.")
        group = find_group(self._store, {"logGroupIdentifier": groups[0]})
        compile_filter(request.get("filterPattern", ""))
        now_ms, detector_id = int(self._cloud.clock.time() * 1000), self._cloud.ids.uuid()
        arn = make_arn("logs", call.region, call.account_id, f"anomaly-detector:{detector_id}")
        self._store.anomaly_detectors[arn] = {
            "anomalyDetectorArn": arn,
            "detectorName": request.get("detectorName"),
            "logGroupArnList": [group.arn],
            "evaluationFrequency": request.get("evaluationFrequency", "FIFTEEN_MIN"),
            "filterPattern": request.get("filterPattern"),
            "kmsKeyId": request.get("kmsKeyId"),
            "creationTimeStamp": now_ms,
            "lastModifiedTimeStamp": now_ms,
            "anomalyVisibilityTime": request.get("anomalyVisibilityTime", 21),
        }
        self._store.tags[arn] = dict(request.get("tags", {}))
        return {"anomalyDetectorArn": arn}

    def update_log_anomaly_detector(self, request: Mapping[str, Any], call: Call) -> None:
        """Change a detector, pause it, or let it go on.

        Raises:
            AwsError: InvalidParameterException, ResourceNotFoundException.
        """
        detector = self._required(request)
        compile_filter(request.get("filterPattern", ""))
        members = ("evaluationFrequency", "filterPattern", "anomalyVisibilityTime")
        self._store.anomaly_detectors[request["anomalyDetectorArn"]] = {
            **detector,
            **{name: request[name] for name in members if name in request},
            "paused": not request["enabled"],
            "lastModifiedTimeStamp": int(self._cloud.clock.time() * 1000),
        }

    def get_log_anomaly_detector(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A detector.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        shown = self._shown(self._required(request))
        return {name: value for name, value in shown.items() if name != "anomalyDetectorArn"}

    def list_log_anomaly_detectors(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The detectors, all or those of a group.

        Raises:
            AwsError: InvalidParameterException.
        """
        group = request.get("filterLogGroupArn")
        found = [
            self._shown(detector)
            for _, detector in sorted(self._store.anomaly_detectors.items())
            if group is None or group.removesuffix(":*") in detector["logGroupArnList"]
        ]
        limit, given = request.get("limit", _LISTED), request.get("nextToken")
        shown, token = page(found, limit, given, lambda each: str(each["anomalyDetectorArn"]), errors.bad_token)
        return {"anomalyDetectors": shown, "nextToken": token}

    def delete_log_anomaly_detector(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a detector.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        self._required(request)
        del self._store.anomaly_detectors[request["anomalyDetectorArn"]]
        self._store.tags.pop(request["anomalyDetectorArn"], None)

    def list_anomalies(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """What detectors found: nothing.

        Raises:
            AwsError: ResourceNotFoundException: there is no such detector.
        """
        if "anomalyDetectorArn" in request:
            self._required(request)
        if "nextToken" in request:
            raise errors.bad_token()
        return {"anomalies": []}

    def update_anomaly(self, request: Mapping[str, Any], call: Call) -> None:
        """Suppress an anomaly or a pattern, of which there is none.

        Raises:
            AwsError: InvalidParameterException, ResourceNotFoundException.
        """
        self._required(request)
        if ("anomalyId" in request) == ("patternId" in request):
            raise errors.invalid("You must specify either anomalyId or patternId, but not both.")
        if request.get("suppressionType") == "LIMITED" and "suppressionPeriod" not in request:
            raise errors.invalid("If you specify LIMITED, you must also specify a suppressionPeriod.")
        raise errors.not_found("The specified anomaly does not exist.")

    def _required(self, request: Mapping[str, Any]) -> dict[str, Any]:
        found = self._store.anomaly_detectors.get(request["anomalyDetectorArn"])
        if found is None:
            raise errors.not_found("The specified anomaly detector does not exist.")
        return found

    def _shown(self, detector: Mapping[str, Any]) -> dict[str, Any]:
        age_ms = self._cloud.clock.time() * 1000 - detector["creationTimeStamp"]
        status = "TRAINING" if age_ms < _TRAINED_MS else "ANALYZING"
        if age_ms < _MINUTES[detector["evaluationFrequency"]] * 60_000:
            status = "INITIALIZING"
        if detector.get("paused"):
            status = "PAUSED"
        shown = {name: value for name, value in detector.items() if name != "paused"}
        return {**shown, "anomalyDetectorStatus": status}
