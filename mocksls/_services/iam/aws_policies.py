"""AWS's own managed policies, those that serverless applications attach.

https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""

from __future__ import annotations

import json

from mocksls._kernel.cloud import Cloud

from . import errors
from .arns import check_arn, is_aws_policy
from .store import ManagedPolicy, PolicyVersion, Store

_LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
_DYNAMODB_STREAMS = [
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
]
_SQS = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]

_ACTIONS: dict[str, list[str]] = {
    "AdministratorAccess": ["*"],
    "AmazonAPIGatewayAdministrator": ["apigateway:*"],
    "AmazonAPIGatewayInvokeFullAccess": ["execute-api:Invoke", "execute-api:ManageConnections"],
    "AmazonCognitoPowerUser": ["cognito-identity:*", "cognito-idp:*", "cognito-sync:*"],
    "AmazonDynamoDBFullAccess": ["dynamodb:*", "dax:*"],
    "AmazonDynamoDBReadOnlyAccess": [
        "dynamodb:BatchGet*",
        "dynamodb:Describe*",
        "dynamodb:Get*",
        "dynamodb:List*",
        "dynamodb:PartiQLSelect",
        "dynamodb:Query",
        "dynamodb:Scan",
    ],
    "AmazonS3FullAccess": ["s3:*", "s3-object-lambda:*"],
    "AmazonS3ReadOnlyAccess": ["s3:Get*", "s3:List*", "s3:Describe*"],
    "AmazonSNSFullAccess": ["sns:*"],
    "AmazonSQSFullAccess": ["sqs:*"],
    "AWSLambda_FullAccess": ["lambda:*", "iam:PassRole", "logs:*"],
    "CloudWatchLogsFullAccess": ["logs:*"],
    "service-role/AWSLambdaBasicExecutionRole": _LOGS,
    "service-role/AWSLambdaDynamoDBExecutionRole": [*_DYNAMODB_STREAMS, *_LOGS],
    "service-role/AWSLambdaSQSQueueExecutionRole": [*_SQS, *_LOGS],
}


def find_policy(store: Store, arn: str, cloud: Cloud) -> ManagedPolicy | None:
    """A managed policy; one of AWS's own is brought in when it is first asked for."""
    known = store.policies.get(arn)
    if known is not None:
        return known
    document = aws_policy(arn)
    if document is None:
        return None
    path, _, name = arn.split(":policy", 1)[1].rpartition("/")
    created = cloud.clock.now().replace(microsecond=0)
    versions = [PolicyVersion(1, document, created)]
    policy = ManagedPolicy(name, arn, cloud.ids.unique_id("ANPA"), f"{path}/", created, versions)
    store.policies[arn] = policy
    cloud.identities.managed[arn] = document
    return policy


def existing_policy(store: Store, arn: str, cloud: Cloud) -> ManagedPolicy:
    """A managed policy that must be there.

    Raises:
        AwsError: ValidationError for what is no ARN, NoSuchEntity.
    """
    check_arn(arn)
    policy = find_policy(store, arn, cloud)
    if policy is None:
        raise errors.no_policy(arn)
    return policy


def check_boundary(store: Store, arn: str, cloud: Cloud) -> None:
    """A boundary is a managed policy that exists (``compat="moto"`` takes any ARN).

    Raises:
        AwsError: InvalidParameterValue for what is no ARN of a policy, NoSuchEntity.
    """
    if ":policy/" not in arn or not arn.startswith("arn:"):
        raise errors.bad_boundary(arn)
    if find_policy(store, arn, cloud) is None and cloud.options.compat != "moto":
        raise errors.no_boundary_policy(arn)


def aws_policy(arn: str) -> str | None:
    """The document of one of AWS's policies; ``None`` for those that are not kept here."""
    actions = _ACTIONS.get(arn.partition(":policy/")[2]) if is_aws_policy(arn) else None
    if actions is None:
        return None
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
