"""Functions as requests name them: a name, a partial ARN, an ARN, each with or without a qualifier."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call

from . import errors
from .store import Alias, Function, Store

LATEST = "$LATEST"
_NAMED = re.compile(
    r"^(?:arn:[a-z-]+:lambda:)?(?:(?P<region>[a-z]{2}(?:-[a-z]+)+-\d):)?(?:(?P<account>\d{12}):)?(?:function:)?"
    r"(?P<name>[a-zA-Z0-9_-]+)(?::(?P<qualifier>\$LATEST|[a-zA-Z0-9_-]+))?$"
)
_LONGEST_NAME = 64


class FunctionName(NamedTuple):
    """What a request's ``FunctionName`` says; ``account_id`` is the caller's where it names none."""

    name: str
    qualifier: str | None
    account_id: str


class Target(NamedTuple):
    """The function that a request means: its ``$LATEST``, which holds what is of the function as a whole, and the
    version, by its number or through an alias."""

    function: Function
    version: Function
    qualifier: str | None
    alias: Alias | None

    @property
    def arn(self) -> str:
        """The ARN by which it was named."""
        return f"{self.function.arn}:{self.qualifier}" if self.qualifier else self.function.arn


def parse_name(text: str, call: Call, qualifier: str | None = None) -> FunctionName:
    """Take a function's name apart; ``qualifier`` is the request's own member.

    Raises:
        AwsError: ResourceNotFoundException for another region's ARN, InvalidParameterValueException where the two
            qualifiers differ.
    """
    found = _NAMED.match(text)
    if found is None:
        raise errors.no_function(function_arn(text, call))
    region = found.group("region")
    if region is not None and region != call.region:
        raise errors.other_region(region, call.region)
    derived = found.group("qualifier")
    if derived and qualifier and derived != qualifier:
        raise errors.invalid("The derived qualifier from the function name does not match the specified qualifier.")
    return FunctionName(found.group("name"), qualifier or derived, found.group("account") or call.account_id)


def check_length(name: str) -> None:
    """A new function's name has 64 characters at most.

    Raises:
        AwsError: InvalidParameterValueException.
    """
    if len(name) > _LONGEST_NAME:
        raise errors.invalid(
            f"1 validation error detected: Value '{name}' at 'functionName' failed to satisfy constraint: "
            f"Member must have length less than or equal to {_LONGEST_NAME}"
        )


def function_named(store: Store, named: FunctionName, call: Call) -> Function | None:
    """The function of that name, in its own account, if there is one."""
    if named.account_id != call.account_id:
        other: dict[tuple[str, str], Any] = call.cloud.stores("lambda")
        theirs: Store | None = other.get((named.account_id, call.region))
        return theirs.functions.get(named.name) if theirs else None
    return store.functions.get(named.name)


def find_function(store: Store, text: str, call: Call) -> Function:
    """The function that a request names, where a version makes no difference.

    Raises:
        AwsError: ResourceNotFoundException.
    """
    named = parse_name(text, call)
    function = function_named(store, named, call)
    if function is None:
        raise errors.no_function(arn_of(named, call))
    return function


def find_unqualified(store: Store, text: str, call: Call, *, told: str = "") -> Function:
    """The function of an operation that knows no versions; ``told`` is what AWS puts behind an unknown one's ARN.

    Raises:
        AwsError: ResourceNotFoundException, InvalidParameterValueException.
    """
    named = parse_name(text, call)
    if named.qualifier is not None:
        raise errors.invalid(
            "This operation is permitted on Lambda functions only. Aliases and versions do not support this "
            "operation. Please specify either a function name or an unqualified function ARN."
        )
    function = function_named(store, named, call)
    if function is None:
        raise errors.no_function(arn_of(named, call) + told)
    return function


def find_target(store: Store, text: str, call: Call, qualifier: str | None = None) -> Target:
    """The version that a request names.

    Raises:
        AwsError: ResourceNotFoundException.
    """
    named = parse_name(text, call, qualifier)
    function = function_named(store, named, call)
    target = target_of(function, named.qualifier) if function else None
    if target is None:
        suffix = f":{named.qualifier}" if named.qualifier else ""
        raise errors.no_function(arn_of(named, call) + suffix)
    return target


def target_of(function: Function, qualifier: str | None) -> Target | None:
    """A version of a function by number, alias or ``$LATEST``; None if there is none."""
    if qualifier is None or qualifier == LATEST:
        return Target(function, function, qualifier, None)
    version = function.versions.get(qualifier)
    if version is not None:
        return Target(function, version, qualifier, None)
    alias = function.aliases.get(qualifier)
    if alias is None:
        return None
    named = function if alias.version == LATEST else function.versions.get(alias.version)
    return Target(function, named, qualifier, alias) if named else None


def function_arn(name: str, call: Call) -> str:
    """The unqualified ARN of a function in the call's account and region."""
    return make_arn("lambda", call.region, call.account_id, f"function:{name}")


def arn_of(named: FunctionName, call: Call) -> str:
    """The unqualified ARN of what a request names."""
    return make_arn("lambda", call.region, named.account_id, f"function:{named.name}")
