"""Actions and resources of the operations, for authorisation.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
"""

from __future__ import annotations

ACTIONS: dict[str, tuple[str, str] | list[tuple[str, str]]] = {
    "CreateSchedule": [("scheduler:CreateSchedule", "schedule"), ("iam:PassRole", "passed role")],
    "CreateScheduleGroup": ("scheduler:CreateScheduleGroup", "group"),
    "DeleteSchedule": ("scheduler:DeleteSchedule", "schedule"),
    "DeleteScheduleGroup": ("scheduler:DeleteScheduleGroup", "group"),
    "GetSchedule": ("scheduler:GetSchedule", "schedule"),
    "GetScheduleGroup": ("scheduler:GetScheduleGroup", "group"),
    "ListScheduleGroups": ("scheduler:ListScheduleGroups", "*"),
    "ListSchedules": ("scheduler:ListSchedules", "*"),
    "ListTagsForResource": ("scheduler:ListTagsForResource", "tagged"),
    "TagResource": ("scheduler:TagResource", "tagged"),
    "UntagResource": ("scheduler:UntagResource", "tagged"),
    "UpdateSchedule": [("scheduler:UpdateSchedule", "schedule"), ("iam:PassRole", "passed role")],
}
