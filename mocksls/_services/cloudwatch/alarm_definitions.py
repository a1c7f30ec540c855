"""What a metric alarm may be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.errors import AwsError

from . import errors, windows
from .series import check_period

_EXTENDED = re.compile(r"p(\d{1,2}(\.\d{0,2})?|100)|(TM|WM|TC|TS|tm|wm|tc|ts)(\d{1,2}(\.\d+)?|\(.*\))|PR\(.*\)|IQM")
_TREATMENTS = ("breaching", "notBreaching", "ignore", "missing")
_BANDS = ("LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold")
_LONGEST_S = 86_400 * 7


def check_metric_alarm(request: Mapping[str, Any]) -> None:
    """Whether an alarm is sound.

    Raises:
        AwsError: ValidationError, InvalidParameterValue, InvalidParameterCombination, MissingParameter.
    """
    if "EvaluationCriteria" in request:
        text = "cloudwatch.PutMetricAlarm with EvaluationCriteria is not implemented by mocksls"
        raise AwsError("NotImplemented", text, status=501, sender=False)
    if "EvaluationInterval" in request:
        raise errors.validation("The parameter EvaluationInterval is for alarms with EvaluationCriteria only.")
    for name in ("EvaluationPeriods", "ComparisonOperator"):
        if name not in request:
            raise errors.missing(name)
    if "Metrics" in request:
        _check_metrics(request)
    else:
        _check_single(request)
    check_treatment(request)
    low = request.get("EvaluateLowSampleCountPercentile", "evaluate")
    if low not in ("evaluate", "ignore"):
        text = "Supported options for parameter EvaluateLowSampleCountPercentile are evaluate and ignore."
        raise errors.validation(f"Option {low} is not supported. {text}")
    if request.get("DatapointsToAlarm", 1) > request["EvaluationPeriods"]:
        raise errors.validation("The parameter DatapointsToAlarm must be less than or equal to EvaluationPeriods.")
    windows.check(request)
    if "ThresholdMetricId" not in request and "Threshold" not in request:
        raise errors.validation("The parameter Threshold must be provided.")
    if "ThresholdMetricId" not in request and request["ComparisonOperator"] in _BANDS:
        raise errors.validation("The comparison operator is for alarms based on anomaly detection models only.")


def check_treatment(request: Mapping[str, Any]) -> None:
    """Whether missing data are treated in a way that there is.

    Raises:
        AwsError: ValidationError.
    """
    treatment = request.get("TreatMissingData", "missing")
    if treatment not in _TREATMENTS:
        text = "Supported options for parameter TreatMissingData are breaching, notBreaching, ignore, and missing."
        raise errors.validation(f"Option {treatment} is not supported. {text}")


def _check_single(request: Mapping[str, Any]) -> None:
    for name in ("MetricName", "Namespace", "Period"):
        if name not in request:
            raise errors.validation(f"The parameter {name} must be provided, or the parameter Metrics.")
    if ("Statistic" in request) == ("ExtendedStatistic" in request):
        raise errors.combination("Must specify either Statistic or ExtendedStatistic")
    extended = request.get("ExtendedStatistic")
    if extended is not None and not _EXTENDED.fullmatch(extended):
        raise errors.invalid(f"The value {extended} for parameter ExtendedStatistic is not supported.")
    check_period(request["Period"])
    if request["Period"] * request["EvaluationPeriods"] > _LONGEST_S:
        raise errors.validation("Metrics cannot be checked across more than 7 days (EvaluationPeriods * Period).")


def _check_metrics(request: Mapping[str, Any]) -> None:
    for name in ("MetricName", "Namespace", "Period", "Statistic", "ExtendedStatistic", "Dimensions", "Unit"):
        if request.get(name):
            text = f"The parameters Metrics and {name} are mutually exclusive and you have specified both."
            raise errors.combination(text)
    queries = request["Metrics"]
    threshold = request.get("ThresholdMetricId")
    returned = [query["Id"] for query in queries if query.get("ReturnData", True) and query["Id"] != threshold]
    if len(returned) != 1:
        raise errors.validation("Exactly one element of the metrics list should return data.")
    if threshold is not None and all(query["Id"] != threshold for query in queries):
        raise errors.validation("The ThresholdMetricId must be the Id of one of the metrics.")
