"""What a call to Lambda must be allowed: functions and their policies, layers, mappings, roles passed on.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from mocksls._kernel.arn import Arn, make_arn
from mocksls._kernel.authorise import ActionEntry, Need
from mocksls._kernel.call import Call
from mocksls._kernel.errors import AwsError
from mocksls._kernel.templates import Context

from .names import arn_of, function_arn, function_named, parse_name
from .permissions import policy_of
from .store import Store


def needs(entry: ActionEntry, request: Mapping[str, Any], call: Call, store: Store) -> Iterator[Need]:
    """What one action of an operation needs. A name that is none is for the operation to refuse."""
    action, word = entry
    if word == "passed role":
        if "Role" in request:
            yield Need(action, request["Role"], keys=lambda: {"iam:passedtoservice": "lambda.amazonaws.com"})
    elif word == "function":
        yield from _on_function(action, request, call, store)
    elif word == "eventSourceMapping":
        arn = make_arn("lambda", call.region, call.account_id, f"event-source-mapping:{request.get('UUID', '*')}")
        yield Need(action, arn, keys=partial(_mapping_keys, request, call))
    elif word == "code signing config":
        yield Need(action, request.get("CodeSigningConfigArn", "*"))
    elif word.startswith("layer"):
        yield Need(action, _layer_arn(word, request, call))
    else:
        yield Need(action, keys=partial(_mapping_keys, request, call))


def _layer_arn(word: str, request: Mapping[str, Any], call: Call) -> str:
    if "Arn" in request:
        return str(request["Arn"])
    name = request["LayerName"].rsplit(":", 1)[-1]
    version = f":{request['VersionNumber']}" if word == "layer version" else ""
    return make_arn("lambda", call.region, call.account_id, f"layer:{name}{version}")


def _on_function(action: str, request: Mapping[str, Any], call: Call, store: Store) -> Iterator[Need]:
    given = request.get("FunctionName") or request.get("Resource") or request.get("ResourceArn") or ""
    parsed = Arn.parse(given)
    if parsed is not None and not parsed.resource.startswith("function:"):
        yield Need(action, given)
        return
    try:
        named = parse_name(given, call, request.get("Qualifier"))
    except AwsError:
        return
    function = function_named(store, named, call)
    suffix = f":{named.qualifier}" if named.qualifier else ""
    policy = policy_of(function, named.qualifier) if function else None
    keys = partial(_function_keys, request, function.tags if function else {})
    text = json.dumps(policy) if policy else None
    yield Need(action, arn_of(named, call) + suffix, text, named.account_id, keys)


def _function_keys(request: Mapping[str, Any], tags: Mapping[str, str]) -> Context:
    keys = {f"aws:resourcetag/{name.lower()}": value for name, value in tags.items()}
    if "Principal" in request:
        keys["lambda:principal"] = request["Principal"]
    if "FunctionUrlAuthType" in request or "AuthType" in request:
        keys["lambda:functionurlauthtype"] = str(request.get("AuthType") or request.get("FunctionUrlAuthType"))
    if "CodeSigningConfigArn" in request:
        keys["lambda:codesigningconfigarn"] = request["CodeSigningConfigArn"]
    return keys


def _mapping_keys(request: Mapping[str, Any], call: Call) -> Context:
    if "FunctionName" not in request:
        return {}
    try:
        named = parse_name(request["FunctionName"], call)
    except AwsError:
        return {}
    return {"lambda:functionarn": function_arn(named.name, call)}
