"""State to look for: IAM users, the cheapest thing to make."""

from __future__ import annotations

import boto3


def make(name: str) -> None:
    """Make a user."""
    boto3.client("iam").create_user(UserName=name)


def names() -> list[str]:
    """The users that there are."""
    return [user["UserName"] for user in boto3.client("iam").list_users()["Users"]]
