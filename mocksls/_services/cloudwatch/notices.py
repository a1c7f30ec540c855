"""The messages about an alarm: SNS's, Lambda's and EventBridge's.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.cloud import Cloud

from . import alarm_tags
from .evaluation import moment
from .store import Alarm

_REGIONS = {
    "us-east-1": "US East (N. Virginia)",
    "us-east-2": "US East (Ohio)",
    "us-west-1": "US West (N. California)",
    "us-west-2": "US West (Oregon)",
    "ca-central-1": "Canada (Central)",
    "eu-west-1": "EU (Ireland)",
    "eu-west-2": "EU (London)",
    "eu-west-3": "EU (Paris)",
    "eu-central-1": "EU (Frankfurt)",
    "eu-north-1": "EU (Stockholm)",
    "eu-south-1": "EU (Milan)",
    "ap-south-1": "Asia Pacific (Mumbai)",
    "ap-northeast-1": "Asia Pacific (Tokyo)",
    "ap-northeast-2": "Asia Pacific (Seoul)",
    "ap-northeast-3": "Asia Pacific (Osaka)",
    "ap-southeast-1": "Asia Pacific (Singapore)",
    "ap-southeast-2": "Asia Pacific (Sydney)",
    "sa-east-1": "South America (Sao Paulo)",
}
_LOG_TRIGGER = (
    *("ScheduledQueryConfiguration", "QueryResultsToEvaluate", "QueryResultsToAlarm"),
    *("ComparisonOperator", "Threshold", "TreatMissingData"),
)
_LISTS = ("OKActions", "AlarmActions", "InsufficientDataActions")


def subject(alarm: Alarm, state: str, region: str) -> str:
    """The subject of a message to a topic."""
    return f'{state}: "{alarm.name}" in {_REGIONS.get(region, region)}'[:100]


def for_topic(alarm: Alarm, work: Mapping[str, Any], account_id: str, region: str) -> str:
    """The message to a topic."""
    settings = alarm.settings
    told: dict[str, Any] = {
        "AlarmName": alarm.name,
        "AlarmDescription": settings.get("AlarmDescription"),
        "AWSAccountId": account_id,
        "AlarmConfigurationUpdatedTimestamp": moment(alarm.configured),
        "NewStateValue": work["after"]["stateValue"],
        "NewStateReason": work["after"]["stateReason"],
        "StateChangeTime": moment(work["at"]),
        "Region": _REGIONS.get(region, region),
        "AlarmArn": alarm.arn,
        "OldStateValue": work["before"]["stateValue"],
        **{name: settings.get(name, []) for name in _LISTS},
    }
    tags = alarm_tags.told(alarm)
    if tags is not None:
        told["AlarmTags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
        told["AlarmTagsStatus"] = "SUCCESS"
    told["ActionExecutedAfterMuteWindow"] = bool(work.get("muted"))
    if alarm.kind == "CompositeAlarm":
        told["AlarmRule"] = settings["AlarmRule"]
    elif alarm.kind == "LogAlarm":
        told["Trigger"] = {name: settings[name] for name in _LOG_TRIGGER if name in settings}
    else:
        told["Trigger"] = _trigger(settings)
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)


def _trigger(settings: Mapping[str, Any]) -> dict[str, Any]:
    trigger: dict[str, Any] = {}
    if "Metrics" in settings:
        trigger["Metrics"] = settings["Metrics"]
    else:
        plain = settings.get("Statistic")
        trigger |= {
            "MetricName": settings["MetricName"],
            "Namespace": settings["Namespace"],
            "StatisticType": "Statistic" if plain else "ExtendedStatistic",
            "Statistic": _upper(plain) if plain else None,
            "ExtendedStatistic": settings.get("ExtendedStatistic"),
            "Unit": settings.get("Unit"),
            "Dimensions": [{"value": each["Value"], "name": each["Name"]} for each in settings.get("Dimensions", ())],
        }
    trigger |= {
        "Period": settings.get("Period"),
        "EvaluationPeriods": settings["EvaluationPeriods"],
        "DatapointsToAlarm": settings.get("DatapointsToAlarm"),
        "ComparisonOperator": settings["ComparisonOperator"],
        "Threshold": settings.get("Threshold"),
        "TreatMissingData": settings.get("TreatMissingData", "missing"),
        "EvaluateLowSampleCountPercentile": settings.get("EvaluateLowSampleCountPercentile", ""),
    }
    return {name: value for name, value in trigger.items() if value is not None}


def _upper(statistic: str) -> str:
    return "SAMPLE_COUNT" if statistic == "SampleCount" else statistic.upper()


def for_function(cloud: Cloud, alarm: Alarm, work: Mapping[str, Any], account_id: str, region: str) -> str:
    """The event for a function."""
    told = {
        "source": "aws.cloudwatch",
        "alarmArn": alarm.arn,
        "accountId": account_id,
        "time": moment(work["at"]),
        "region": region,
        "alarmData": {
            "alarmName": alarm.name,
            "state": _state(work["after"], work["at"]),
            "previousState": _state(work["before"], work["previously"]),
            "configuration": _configuration(cloud, alarm),
            **_tags(alarm),
        },
    }
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)


def for_bus(cloud: Cloud, alarm: Alarm, work: Mapping[str, Any]) -> dict[str, Any]:
    """The entry for the default event bus."""
    detail = {
        "alarmName": alarm.name,
        "state": _state(work["after"], work["at"]),
        "previousState": _state(work["before"], work["previously"]),
        "configuration": _configuration(cloud, alarm),
        **_tags(alarm),
    }
    return {
        "Source": "aws.cloudwatch",
        "DetailType": "CloudWatch Alarm State Change",
        "Resources": [alarm.arn],
        "Detail": json.dumps(detail, separators=(",", ":"), ensure_ascii=False),
    }


def _tags(alarm: Alarm) -> dict[str, Any]:
    tags = alarm_tags.told(alarm)
    return {} if tags is None else {"alarmTags": tags, "alarmTagsStatus": "SUCCESS"}


def _state(state: Mapping[str, Any], at: float) -> dict[str, Any]:
    told = {"value": state["stateValue"], "reason": state["stateReason"], "timestamp": moment(at)}
    if "stateReasonData" in state:
        data = state["stateReasonData"]
        told["reasonData"] = data if isinstance(data, str) else json.dumps(data, separators=(",", ":"))
    return told


def _configuration(cloud: Cloud, alarm: Alarm) -> dict[str, Any]:
    settings = alarm.settings
    told: dict[str, Any] = {}
    if "AlarmDescription" in settings:
        told["description"] = settings["AlarmDescription"]
    if alarm.kind == "CompositeAlarm":
        return {**told, "alarmRule": settings["AlarmRule"]}
    if alarm.kind == "LogAlarm":
        return {**told, "scheduledQueryConfiguration": settings["ScheduledQueryConfiguration"]}
    if "Metrics" in settings:
        return {**told, "metrics": [_query(query) for query in settings["Metrics"]]}
    stat = {
        "metric": {
            "namespace": settings["Namespace"],
            "name": settings["MetricName"],
            "dimensions": {each["Name"]: each["Value"] for each in settings.get("Dimensions", ())},
        },
        "period": settings["Period"],
        "stat": settings.get("Statistic") or settings["ExtendedStatistic"],
        **({"unit": settings["Unit"]} if "Unit" in settings else {}),
    }
    return {**told, "metrics": [{"id": cloud.ids.uuid(), "metricStat": stat, "returnData": True}]}


def _query(query: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"id": query["Id"]}
    if "MetricStat" in query:
        stat = query["MetricStat"]
        metric = stat["Metric"]
        told["metricStat"] = {
            "metric": {
                "namespace": metric.get("Namespace"),
                "name": metric.get("MetricName"),
                "dimensions": {each["Name"]: each["Value"] for each in metric.get("Dimensions", ())},
            },
            "period": stat["Period"],
            "stat": stat["Stat"],
        }
    else:
        told["expression"] = query["Expression"]
    if "Label" in query:
        told["label"] = query["Label"]
    return {**told, "returnData": query.get("ReturnData", True)}
