"""Anomaly detectors: stored; their models are never trained.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutAnomalyDetector.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page

from . import errors
from .data import dimensions_of
from .store import Store

_OF_METRIC = ("Namespace", "MetricName", "Dimensions", "Stat")


class AnomalyDetectors:
    """Operations on anomaly detectors."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_anomaly_detector(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make or replace the detector of a metric, or of metric maths.

        Raises:
            AwsError: InvalidParameterCombination, MissingParameter.
        """
        subject = _subject(request, call)
        known = next((each for each in self._store.detectors if _same(each, subject)), None)
        detector = {
            **subject,
            "AnomalyDetectorId": known["AnomalyDetectorId"] if known else self._cloud.ids.uuid(),
            "Configuration": {"ExcludedTimeRanges": [], **request.get("Configuration", {})},
            "MetricCharacteristics": request.get("MetricCharacteristics"),
            "StateValue": "PENDING_TRAINING",
        }
        self._store.detectors = [each for each in self._store.detectors if each is not known] + [detector]
        return {"AnomalyDetectorId": detector["AnomalyDetectorId"]}

    def describe_anomaly_detectors(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The detectors by metric and type; those of single metrics only unless others are asked for.

        Raises:
            AwsError: InvalidNextToken.
        """
        types, ids = request.get("AnomalyDetectorTypes") or ["SINGLE_METRIC"], request.get("AnomalyDetectorIds")
        found = [
            each
            for each in self._store.detectors
            if ("METRIC_MATH" if "MetricMathAnomalyDetector" in each else "SINGLE_METRIC") in types
            and (ids is None or each["AnomalyDetectorId"] in ids)
            and all(each.get(name) == request[name] for name in ("Namespace", "MetricName") if name in request)
            and (
                "Dimensions" not in request
                or dimensions_of(each.get("Dimensions", ())) == dimensions_of(request["Dimensions"])
            )
        ]
        numbered = list(enumerate(found))
        shown, token = page(
            numbered,
            request.get("MaxResults", 100),
            request.get("NextToken"),
            lambda pair: f"{pair[0]:08d}",
            errors.invalid_next_token,
        )
        return {"AnomalyDetectors": [each for _, each in shown], "NextToken": token}

    def delete_anomaly_detector(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a detector.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        named = request.get("AnomalyDetectorId")
        subject = {} if named else _subject(request, call)
        kept = [
            each
            for each in self._store.detectors
            if not (each["AnomalyDetectorId"] == named if named else _same(each, subject))
        ]
        if len(kept) == len(self._store.detectors):
            raise errors.no_resource("The anomaly detector does not exist.")
        self._store.detectors = kept


def _subject(request: Mapping[str, Any], call: Call) -> dict[str, Any]:
    """What a detector looks at, as it is shown."""
    single, maths = request.get("SingleMetricAnomalyDetector"), request.get("MetricMathAnomalyDetector")
    flat = {name: request[name] for name in _OF_METRIC if name in request}
    if sum(bool(each) for each in (single, maths, flat)) > 1:
        raise errors.combination("The parameters that name a metric are mutually exclusive.")
    if maths:
        return {"MetricMathAnomalyDetector": maths}
    metric = {"Dimensions": [], **(single or flat)}
    for name in ("Namespace", "MetricName", "Stat"):
        if name not in metric:
            raise errors.missing(name)
    shown = {name: metric[name] for name in _OF_METRIC}
    return {**shown, "SingleMetricAnomalyDetector": {"AccountId": call.account_id, **shown}}


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if "MetricMathAnomalyDetector" in other:
        return bool(one.get("MetricMathAnomalyDetector") == other["MetricMathAnomalyDetector"])
    return all(one.get(name) == other.get(name) for name in ("Namespace", "MetricName", "Stat")) and dimensions_of(
        one.get("Dimensions", ())
    ) == dimensions_of(other.get("Dimensions", ()))
