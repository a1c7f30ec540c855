"""Roles that belong to a service: made for it, named by it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .arns import iam_arn
from .protected_roles import SERVICE_LINKED
from .roles import find_role, shown_role
from .store import Entity, Store

_NAMES = {
    "autoscaling": "AutoScaling",
    "batch": "Batch",
    "connect": "AmazonConnect",
    "custom-resource.application-autoscaling": "ApplicationAutoScaling_CustomResource",
    "dynamodb.application-autoscaling": "ApplicationAutoScaling_DynamoDBTable",
    "ec2.application-autoscaling": "ApplicationAutoScaling_EC2SpotFleetRequest",
    "ecs": "ECS",
    "ecs.application-autoscaling": "ApplicationAutoScaling_ECSService",
    "elasticache": "ElastiCache",
    "elasticbeanstalk": "ElasticBeanstalk",
    "elasticloadbalancing": "ElasticLoadBalancing",
    "email.cognito-idp": "AmazonCognitoIdpEmailService",
    "cognito-idp": "AmazonCognitoIdp",
    "events": "CloudWatchEvents",
    "lambda.application-autoscaling": "ApplicationAutoScaling_LambdaConcurrency",
    "lexv2": "LexV2Bots",
    "ops.apigateway": "APIGateway",
    "rds": "RDS",
    "rds.application-autoscaling": "ApplicationAutoScaling_RDSCluster",
    "replication.dynamodb": "DynamoDBReplication",
}
_WITH_SUFFIX = frozenset(("autoscaling", "connect", "lexv2"))
_KNOWN_WITHOUT = frozenset(_NAMES) - _WITH_SUFFIX


class ServiceLinkedRoles:
    """Operations on service-linked roles."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def create_service_linked_role(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Make the role of a service. ``Differs``: it has no policy, since the service needs none here.

        Raises:
            AwsError: InvalidInput.
        """
        service, suffix = request["AWSServiceName"], request.get("CustomSuffix")
        short = service.removesuffix(".cn").removesuffix(".amazonaws.com")
        if suffix and short in _KNOWN_WITHOUT:
            raise errors.no_suffix(service)
        name = f"AWSServiceRoleFor{_NAMES.get(short, short)}" + (f"_{suffix}" if suffix else "")
        if name in self._store.roles:
            raise errors.service_role_taken(name)
        statement = {"Action": ["sts:AssumeRole"], "Effect": "Allow", "Principal": {"Service": [service]}}
        path = f"/aws-service-role/{service}/"
        role = Entity(
            kind="role",
            name=name,
            arn=iam_arn(call, f"role{path}{name}"),
            unique_id=self._cloud.ids.unique_id("AROA"),
            path=path,
            created=self._cloud.clock.now().replace(microsecond=0),
            trust_policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
            description=request.get("Description"),
        )
        self._store.roles[name] = role
        self._store.publish(role, self._cloud)
        return {"Role": shown_role(role)}

    def delete_service_linked_role(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Delete the role of a service; how that went is asked by the answer's id.

        Raises:
            AwsError: NoSuchEntity.
        """
        role = find_role(self._store, request)
        if not role.path.startswith(SERVICE_LINKED):
            raise errors.no_such("service-linked role", role.name)
        del self._store.roles[role.name]
        self._cloud.identities.identities.pop(role.arn, None)
        task = f"task{role.path}{role.name}/{self._cloud.ids.uuid()}"
        self._store.deletions[task] = "SUCCEEDED"
        return {"DeletionTaskId": task}

    def get_service_linked_role_deletion_status(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """How a deletion went.

        Raises:
            AwsError: NoSuchEntity.
        """
        status = self._store.deletions.get(request["DeletionTaskId"])
        if status is None:
            raise errors.no_deletion(request["DeletionTaskId"])
        return {"Status": status}
