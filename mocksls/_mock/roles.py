"""Roles that are made up where a test does not care about them."""

from __future__ import annotations

import json

from mocksls._kernel.call import Principal
from mocksls._kernel.cloud import Cloud

_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com", "AWS": "*"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)
_ADMINISTRATOR = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
)


def make_role(cloud: Cloud, account_id: str, path_and_name: str) -> str:
    """Make an administrator's role; ``path_and_name`` starts with a slash. Its ARN."""
    path, _, name = path_and_name.rpartition("/")
    by = Principal("root", f"arn:aws:iam::{account_id}:root", account_id, account_id, administrator=True)
    role = cloud.caller.call(
        "iam",
        "CreateRole",
        {"RoleName": name, "Path": f"{path}/", "AssumeRolePolicyDocument": _TRUST},
        principal=by,
        internal=True,
    )["Role"]
    cloud.caller.call(
        "iam",
        "PutRolePolicy",
        {"RoleName": name, "PolicyName": "administrator", "PolicyDocument": _ADMINISTRATOR},
        principal=by,
        internal=True,
    )
    arn: str = role["Arn"]
    cloud.identities.identities[arn].administrator = True
    return arn


def function_role(cloud: Cloud) -> str:
    """The role of functions for which the test named none."""
    arn = f"arn:aws:iam::{cloud.options.account_id}:role/mocksls-function"
    if cloud.identities.role(arn) is None:
        make_role(cloud, cloud.options.account_id, "/mocksls-function")
    return arn
