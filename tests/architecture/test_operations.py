"""The rules of services: every public method of a resource class is one operation of AWS's model."""

from __future__ import annotations

import functools
from typing import Any

import boto3
import pytest
from botocore import xform_name
from botocore.session import Session

from mocksls._kernel.authorise import NO_PERMISSION, NO_SIGNATURE, entries_of
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.options import Options
from mocksls._kernel.service import Later, method_name, public_methods
from mocksls._services import SCOPE, is_mocked, load

MOCKED = [service for service in SCOPE if is_mocked(service)]


@functools.cache
def model(service: str) -> Any:
    """Botocore's model of a service."""
    return Session().get_service_model(service)


def methods(service: str) -> dict[str, Any]:
    """The operations of all resource classes, those that are imported later among them."""
    spec = load(service)
    things = spec.resources(spec.store(), Cloud(Options(), load))
    return public_methods([thing.make() if isinstance(thing, Later) else thing for thing in things])


@pytest.mark.parametrize("service", SCOPE)
def test_names_are_botocores(service: str) -> None:
    """The kernel writes each operation's name as botocore does, and no two collide."""
    names = model(service).operation_names
    assert {name: method_name(name) for name in names} == {name: xform_name(name) for name in names}
    assert len({method_name(name) for name in names}) == len(names)


@pytest.mark.parametrize("service", MOCKED)
def test_methods_are_operations(service: str) -> None:
    """The public methods of resource classes are operations of the model, each defined once."""
    found = Cloud(Options(), load).service(service, "123456789012", "us-east-1").operations
    known = {xform_name(name) for name in model(service).operation_names}
    assert set(found) - known == set()
    assert found


@pytest.mark.parametrize("service", MOCKED)
def test_methods_have_docstrings(service: str) -> None:
    """Each operation says what it does."""
    assert [name for name, method in methods(service).items() if not method.__doc__] == []


@pytest.mark.parametrize("service", MOCKED)
def test_what_is_imported_later_is_named_in_full(service: str) -> None:
    """Operations of resource classes that are imported later are those that the classes have."""
    found = Cloud(Options(), load).service(service, "123456789012", "us-east-1").operations
    assert set(methods(service)) == set(found)


@pytest.mark.parametrize("service", MOCKED)
def test_tasks_that_are_imported_later_are_named_in_full(service: str) -> None:
    """Methods of task classes that are imported later are those that the classes have."""
    spec, cloud = load(service), Cloud(Options(), load)
    things = spec.tasks(spec.store(), cloud) if spec.tasks else ()
    full = public_methods([thing.make() if isinstance(thing, Later) else thing for thing in things])
    assert set(full) == set(public_methods(things))


@pytest.mark.parametrize("service", MOCKED)
def test_actions_name_operations(service: str) -> None:
    """The table for authorisation speaks of operations of the model."""
    assert set(load(service).actions) - set(model(service).operation_names) == set()


@pytest.mark.parametrize("service", MOCKED)
def test_operations_have_actions(service: str) -> None:
    """No operation lacks its entry in the table for authorisation."""
    found = Cloud(Options(), load).service(service, "123456789012", "us-east-1").operations
    assert set(found) - {method_name(name) for name in load(service).actions} == set()


def sample(shape: Any) -> Any:
    """The least that a shape takes: required members only."""
    if shape.type_name == "structure":
        return {name: sample(shape.members[name]) for name in shape.required_members}
    if shape.type_name == "list":
        return [sample(shape.member)]
    if shape.type_name == "map":
        return {"key-name": sample(shape.value)}
    if shape.type_name == "string":
        return shape.enum[0] if shape.enum else "name".ljust(shape.metadata.get("min", 1), "x")
    return {"blob": b"x", "boolean": True}.get(shape.type_name, 1)


@pytest.mark.parametrize("service", MOCKED)
def test_needs_can_be_told(service: str) -> None:
    """What a call needs can be told for every operation, of a request with nothing but what is required."""
    spec, cloud = load(service), Cloud(Options(), load)
    caller = cloud.principals.test_user
    for operation, entry in spec.actions.items():
        shape = model(service).operation_model(operation).input_shape
        request = sample(shape) if shape else {}
        call = Call(cloud, service, operation, caller.account_id, "us-east-1", "id", caller)
        store = cloud.service(service, caller.account_id, "us-east-1").store
        for pair in entries_of(entry):
            if pair[1] not in (NO_PERMISSION, NO_SIGNATURE):
                assert spec.needs is not None, f"{service} does not say what its calls need"
                found = list(spec.needs(pair, request, call, store))
                assert all(":" in need.action and need.resource for need in found), operation
                keys = [key for need in found if need.keys for key in dict(need.keys())]
                assert keys == [key.lower() for key in keys]


@pytest.mark.parametrize("service", MOCKED)
def test_scope_and_name(service: str) -> None:
    """A service's folder offers the service of that name."""
    assert load(service).name == service


def test_models_are_there() -> None:
    """Botocore knows every service in scope."""
    assert set(SCOPE) - set(boto3.Session().get_available_services()) == set()
