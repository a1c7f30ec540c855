"""Tags of buses and rules.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TagResource.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel import tags
from mocksls._kernel.arn import Arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .names import DEFAULT, known_bus
from .store import Bus, Rule, Store


class Tagging:
    """Operations on tags."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def tag_resource(self, request: Mapping[str, Any], call: Call) -> None:
        """Set tags.

        Raises:
            AwsError: ResourceNotFoundException, ValidationException.
        """
        tagged = find_tagged(self._store, request["ResourceARN"], call)
        tagged.tags = {**tagged.tags, **tags.from_list(request["Tags"])}

    def untag_resource(self, request: Mapping[str, Any], call: Call) -> None:
        """Take tags away.

        Raises:
            AwsError: ResourceNotFoundException, ValidationException.
        """
        tagged = find_tagged(self._store, request["ResourceARN"], call)
        tagged.tags = {name: value for name, value in tagged.tags.items() if name not in request["TagKeys"]}

    def list_tags_for_resource(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The tags of a bus or rule.

        Raises:
            AwsError: ResourceNotFoundException, ValidationException.
        """
        return {"Tags": tags.to_list(find_tagged(self._store, request["ResourceARN"], call).tags)}


def find_tagged(store: Store, text: str, call: Call) -> Bus | Rule:
    """The bus or rule of an ARN.

    Raises:
        AwsError: ResourceNotFoundException, ValidationException.
    """
    parsed = Arn.parse(text)
    kind, _, path = parsed.resource.partition("/") if parsed else ("", "", "")
    if kind not in ("rule", "event-bus") or parsed is None or parsed.service != "events":
        raise errors.invalid_parameter("ResourceARN", "Provided Arn is not in correct format.")
    named, _, name = path.rpartition("/") if kind == "rule" else (path, "", "")
    bus = known_bus(store, call.cloud, call.account_id, call.region, named or DEFAULT)
    if bus is None:
        raise errors.no_rule(name, named) if kind == "rule" else errors.no_bus(named)
    if kind == "event-bus":
        return bus
    if name not in bus.rules:
        raise errors.no_rule(name, bus.name)
    return bus.rules[name]
