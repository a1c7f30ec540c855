"""Buses, permissions, rules, targets, connections, endpoints and tags as they are stored."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import ACCOUNT, MakeRule, arn_of, make_queue

BUS = f"arn:aws:events:us-east-1:{ACCOUNT}:event-bus"


def error_of(call: Any, **params: Any) -> tuple[str, str]:
    """Code and message of the error that a call ends in."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_bus_lives(events: Any) -> None:
    """A bus is made, described, changed and deleted."""
    events.create_event_bus(Name="bus", Description="one")
    events.update_event_bus(Name="bus", Description="two")
    found = events.describe_event_bus(Name="bus")
    assert (found["Arn"], found["Description"]) == (f"{BUS}/bus", "two")
    assert [bus["Name"] for bus in events.list_event_buses()["EventBuses"]] == ["bus", "default"]
    events.delete_event_bus(Name="bus")
    assert error_of(events.describe_event_bus, Name="bus")[1] == "Event bus bus does not exist."


def test_default_bus_stays(events: Any) -> None:
    """The default bus is not deleted."""
    assert error_of(events.delete_event_bus, Name="default")[1] == "Cannot delete event bus default."


def test_buses_come_in_pages(events: Any) -> None:
    """A list that is cut goes on where it ended."""
    for number in range(3):
        events.create_event_bus(Name=f"bus-{number}")
    first = events.list_event_buses(NamePrefix="bus", Limit=2)
    second = events.list_event_buses(NamePrefix="bus", Limit=2, NextToken=first["NextToken"])
    assert [bus["Name"] for page in (first, second) for bus in page["EventBuses"]] == ["bus-0", "bus-1", "bus-2"]
    assert "NextToken" not in second
    assert error_of(events.list_event_buses, NextToken="nonsense")[0] == "ValidationException"


def test_permissions(events: Any) -> None:
    """Statements are added, replaced by their id and taken back; the last one takes the policy with it."""
    events.put_permission(Action="events:PutEvents", Principal="111111111111", StatementId="one")
    events.put_permission(Action="events:PutEvents", Principal="*", StatementId="two")
    statements = json.loads(events.describe_event_bus()["Policy"])["Statement"]
    assert [statement["Principal"] for statement in statements] == [{"AWS": "arn:aws:iam::111111111111:root"}, "*"]
    for name in ("one", "two"):
        events.remove_permission(StatementId=name)
    assert "Policy" not in events.describe_event_bus()
    assert error_of(events.remove_permission, StatementId="one")[0] == "ResourceNotFoundException"


def test_rule_is_described(events: Any) -> None:
    """A rule of a bus of its own is told as AWS tells it, without what was not given."""
    events.create_event_bus(Name="bus")
    events.put_rule(Name="rule", EventBusName="bus", EventPattern='{"source": ["x"]}')
    found = events.describe_rule(Name="rule", EventBusName=f"{BUS}/bus")
    del found["ResponseMetadata"]
    assert found == {
        "Name": "rule",
        "Arn": f"arn:aws:events:us-east-1:{ACCOUNT}:rule/bus/rule",
        "EventPattern": '{"source": ["x"]}',
        "State": "ENABLED",
        "EventBusName": "bus",
        "CreatedBy": ACCOUNT,
    }


def test_rules_are_listed_by_target(events: Any, make_rule: MakeRule) -> None:
    """The rules of a target are found."""
    make_rule(make_queue("q"), "a")
    make_rule(arn_of("q"), "b")
    make_rule(arn_of("other"), "c")
    assert events.list_rule_names_by_target(TargetArn=arn_of("q"))["RuleNames"] == ["a", "b"]


def test_rule_with_targets_stays(events: Any, make_rule: MakeRule) -> None:
    """A rule is deleted after its targets only."""
    make_rule(arn_of("q"))
    assert error_of(events.delete_rule, Name="rule")[1] == "Rule can't be deleted since it has targets."


def test_sixth_target_is_refused(events: Any, make_rule: MakeRule) -> None:
    """A rule has at most five targets; a call that asks for more changes nothing."""
    make_rule(arn_of("q"))
    targets = [{"Id": str(number), "Arn": arn_of("q")} for number in range(5)]
    assert error_of(events.put_targets, Rule="rule", Targets=targets)[0] == "LimitExceededException"
    assert len(events.list_targets_by_rule(Rule="rule")["Targets"]) == 1


def test_unknown_rules(events: Any) -> None:
    """What is not there is told, but for deletion."""
    message = "Rule none does not exist on EventBus default."
    assert error_of(events.describe_rule, Name="none") == ("ResourceNotFoundException", message)
    assert error_of(events.remove_targets, Rule="none", Ids=["x"]) == ("ResourceNotFoundException", message)
    events.delete_rule(Name="none")


def test_removing_unknown_targets_is_told(events: Any, make_rule: MakeRule) -> None:
    """A target that is not there is an entry of the answer."""
    make_rule(arn_of("q"))
    answer = events.remove_targets(Rule="rule", Ids=["one", "none"])
    assert [entry["TargetId"] for entry in answer["FailedEntries"]] == ["none"]
    assert events.list_targets_by_rule(Rule="rule")["Targets"] == []


def test_connection_hides_its_secrets(events: Any) -> None:
    """A connection is described without passwords and secret values."""
    parameters = [{"Key": "k", "Value": "v", "IsValueSecret": True}, {"Key": "o", "Value": "w", "IsValueSecret": False}]
    auth = {
        "BasicAuthParameters": {"Username": "u", "Password": "p"},
        "InvocationHttpParameters": {"HeaderParameters": parameters},
    }
    events.create_connection(Name="c", AuthorizationType="BASIC", AuthParameters=auth)
    found = events.describe_connection(Name="c")
    assert found["ConnectionState"] == "AUTHORIZED"
    assert found["AuthParameters"] == {
        "BasicAuthParameters": {"Username": "u"},
        "InvocationHttpParameters": {
            "HeaderParameters": [
                {"Key": "k", "IsValueSecret": True},
                {"Key": "o", "Value": "w", "IsValueSecret": False},
            ]
        },
    }


KEY = {"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "v"}}


def test_a_connection_is_changed(events: Any) -> None:
    """What is given is changed, the rest stays; a new kind needs its own parameters."""
    events.create_connection(Name="c", AuthorizationType="API_KEY", AuthParameters=KEY)
    events.deauthorize_connection(Name="c")
    events.update_connection(
        Name="c", AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "other"}}, Description="d"
    )
    found = events.describe_connection(Name="c")
    assert (found["ConnectionState"], found["Description"]) == ("AUTHORIZED", "d")
    assert found["AuthParameters"] == {"ApiKeyAuthParameters": {"ApiKeyName": "other"}}

    text = "Parameter AuthParameters.BasicAuthParameters is required for authorization type BASIC."
    assert error_of(events.update_connection, Name="c", AuthorizationType="BASIC") == ("ValidationException", text)
    assert events.describe_connection(Name="c")["AuthorizationType"] == "API_KEY"


def test_connections_are_listed_and_deleted(events: Any) -> None:
    """Connections are listed by prefix and state; a name is taken once."""
    for name in ("a", "b"):
        events.create_connection(Name=name, AuthorizationType="API_KEY", AuthParameters=KEY)
    events.deauthorize_connection(Name="b")
    again = {"Name": "a", "AuthorizationType": "API_KEY", "AuthParameters": KEY}
    assert error_of(events.create_connection, **again)[0] == "ResourceAlreadyExistsException"
    assert [each["Name"] for each in events.list_connections(NamePrefix="a")["Connections"]] == ["a"]
    assert [each["Name"] for each in events.list_connections(ConnectionState="DEAUTHORIZED")["Connections"]] == ["b"]

    events.delete_connection(Name="a")
    assert error_of(events.delete_connection, Name="a")[1] == "Connection 'a' does not exist."


def test_destination_is_inactive_without_its_connection(events: Any) -> None:
    """A destination whose connection lost its authorisation is inactive."""
    auth = {"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "v"}}
    arn = events.create_connection(Name="c", AuthorizationType="API_KEY", AuthParameters=auth)["ConnectionArn"]
    events.create_api_destination(Name="d", ConnectionArn=arn, InvocationEndpoint="https://x.example", HttpMethod="GET")
    assert events.describe_api_destination(Name="d")["ApiDestinationState"] == "ACTIVE"
    events.deauthorize_connection(Name="c")
    assert events.list_api_destinations()["ApiDestinations"][0]["ApiDestinationState"] == "INACTIVE"


def test_endpoint_is_stored(events: Any) -> None:
    """A global endpoint is made, changed, listed and deleted."""
    routing = {
        "FailoverConfig": {
            "Primary": {"HealthCheck": "arn:aws:route53:::healthcheck/x"},
            "Secondary": {"Route": "us-west-2"},
        }
    }
    buses = [{"EventBusArn": f"arn:aws:events:{region}:{ACCOUNT}:event-bus/b"} for region in ("us-east-1", "us-west-2")]
    events.create_endpoint(Name="e", RoutingConfig=routing, EventBuses=buses)
    events.update_endpoint(Name="e", Description="more")
    assert events.list_endpoints()["Endpoints"][0]["Description"] == "more"
    events.delete_endpoint(Name="e")
    assert error_of(events.describe_endpoint, Name="e")[0] == "ResourceNotFoundException"


def test_tags(events: Any) -> None:
    """Rules and buses have tags."""
    arn = events.put_rule(Name="rule", EventPattern='{"source": ["x"]}', Tags=[{"Key": "a", "Value": "1"}])["RuleArn"]
    events.tag_resource(ResourceARN=arn, Tags=[{"Key": "b", "Value": "2"}])
    events.untag_resource(ResourceARN=arn, TagKeys=["a"])
    assert events.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "b", "Value": "2"}]
    assert error_of(events.list_tags_for_resource, ResourceARN=f"{BUS}/none")[1] == "Event bus none does not exist."
