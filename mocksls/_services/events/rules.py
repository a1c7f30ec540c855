"""Rules: put, described, listed, switched on and off, deleted.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel import tags
from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.paging import page
from mocksls._kernel.schedules import parse_schedule

from . import errors, matching, timetable
from .names import DEFAULT, find_bus, find_rule
from .store import Bus, Rule, Store

_MEMBERS = ("Description", "RoleArn", "ScheduleExpression", "EventPattern")


class Rules:
    """Operations on rules."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def put_rule(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make a rule, or replace one that is there; its targets stay, and its tags.

        Raises:
            AwsError: ResourceNotFoundException, InvalidEventPatternException, ValidationException,
                ManagedRuleException.
        """
        bus = find_bus(self._store, call, request.get("EventBusName"))
        settings = {name: request[name] for name in _MEMBERS if request.get(name)}
        _check(settings, bus)
        pattern = matching.compiled(settings["EventPattern"]) if "EventPattern" in settings else None
        rule = bus.rules.get(request["Name"])
        if rule is None:
            rule = self._made(request["Name"], bus, call)
            rule.tags = tags.from_list(request.get("Tags"))
        elif rule.managed_by:
            raise errors.managed(rule.name)
        before = rule.settings.get("ScheduleExpression") if rule.state == "ENABLED" else None
        rule.settings, rule.pattern, rule.state = settings, pattern, request.get("State", "ENABLED")
        bus.by_source = None
        if before != settings.get("ScheduleExpression") or rule.state == "DISABLED":
            timetable.plan(self._cloud, rule, call)
        return {"RuleArn": rule.arn}

    def _made(self, name: str, bus: Bus, call: Call) -> Rule:
        path = name if bus.name == DEFAULT else f"{bus.name}/{name}"
        arn = make_arn("events", call.region, call.account_id, f"rule/{path}")
        rule = bus.rules[name] = Rule(name, bus.name, arn, call.principal.account_id or call.account_id)
        return rule

    def describe_rule(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """A rule.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        _, rule = find_rule(self._store, call, request)
        return {**_shown(rule), "CreatedBy": rule.created_by}

    def list_rules(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The rules of a bus by prefix.

        Raises:
            AwsError: ResourceNotFoundException, ValidationException.
        """
        bus, prefix = find_bus(self._store, call, request.get("EventBusName")), request.get("NamePrefix", "")
        found = [rule for name, rule in sorted(bus.rules.items()) if name.startswith(prefix)]
        shown, token = page(
            found, request.get("Limit", 100), request.get("NextToken"), lambda rule: rule.name, errors.bad_token
        )
        return {"Rules": [_shown(rule) for rule in shown], "NextToken": token}

    def list_rule_names_by_target(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The names of a bus's rules that have a target.

        Raises:
            AwsError: ResourceNotFoundException, ValidationException.
        """
        bus, wanted = find_bus(self._store, call, request.get("EventBusName")), request["TargetArn"]
        found = [
            name
            for name, rule in sorted(bus.rules.items())
            if any(target["Arn"] == wanted for target in rule.targets.values())
        ]
        names, token = page(found, request.get("Limit", 100), request.get("NextToken"), str, errors.bad_token)
        return {"RuleNames": names, "NextToken": token}

    def enable_rule(self, request: Mapping[str, Any], call: Call) -> None:
        """Switch a rule on.

        Raises:
            AwsError: ResourceNotFoundException, ManagedRuleException.
        """
        self._switch(request, call, "ENABLED")

    def disable_rule(self, request: Mapping[str, Any], call: Call) -> None:
        """Switch a rule off: it hears nothing, and its schedule stands.

        Raises:
            AwsError: ResourceNotFoundException, ManagedRuleException.
        """
        self._switch(request, call, "DISABLED")

    def _switch(self, request: Mapping[str, Any], call: Call, state: str) -> None:
        bus, rule = find_rule(self._store, call, request)
        if rule.managed_by:
            raise errors.managed(rule.name)
        if (rule.state == "DISABLED") != (state == "DISABLED"):
            rule.state = state
            bus.by_source = None
            timetable.plan(self._cloud, rule, call)

    def delete_rule(self, request: Mapping[str, Any], call: Call) -> None:
        """Delete a rule without targets; one that is not there is no error.

        Raises:
            AwsError: ResourceNotFoundException: there is no such bus; ValidationException, ManagedRuleException.
        """
        bus = find_bus(self._store, call, request.get("EventBusName"))
        rule = bus.rules.get(request["Name"])
        if rule is None:
            return
        if rule.managed_by and not request.get("Force"):
            raise errors.managed(rule.name)
        if rule.targets:
            raise errors.invalid("Rule can't be deleted since it has targets.")
        timetable.drop(self._cloud, rule)
        del bus.rules[rule.name]
        bus.by_source = None


def _check(settings: Mapping[str, Any], bus: Bus) -> None:
    expression = settings.get("ScheduleExpression")
    if expression is None and "EventPattern" not in settings:
        raise errors.invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.")
    if expression is not None:
        if bus.name != DEFAULT:
            raise errors.invalid("ScheduleExpression is supported only on the default event bus.")
        parse_schedule(expression, "events")


def _shown(rule: Rule) -> dict[str, Any]:
    return {
        "Name": rule.name,
        "Arn": rule.arn,
        **rule.settings,
        "State": rule.state,
        "ManagedBy": rule.managed_by,
        "EventBusName": rule.bus,
    }
