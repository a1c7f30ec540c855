"""ARNs of topics, subscriptions, platform applications and their endpoints, as AWS takes them apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call

from . import errors
from .store import Application, Endpoint, Store, Subscription, Topic


def parts(text: str, parameter: str) -> list[str]:
    """The elements of an ARN.

    Raises:
        AwsError: InvalidParameter.
    """
    found = text.split(":", 5)
    if len(found) < 6:
        raise errors.bad_arn(parameter, len(found))
    return found


def check_topic_arn(text: str, call: Call, parameter: str = "TopicArn") -> None:
    """Whether a text is the ARN of a topic of the call's region.

    Raises:
        AwsError: InvalidParameter.
    """
    found = parts(text, parameter)
    if found[2] != "sns" or found[3] != call.region or not found[5]:
        raise errors.invalid(parameter)


def store_of(store: Store, arn: str, call: Call) -> Store:
    """The state that an ARN's resource is in: the caller's own, or another account's."""
    owner = arn.split(":")[4]
    if owner == call.account_id:
        return store
    found: Store = call.cloud.stores("sns").get((owner, call.region), Store())
    return found


def find_topic(store: Store, request: Mapping[str, Any], call: Call, parameter: str = "TopicArn") -> Topic:
    """The topic that a request names.

    Raises:
        AwsError: InvalidParameter, NotFound.
    """
    arn = request[parameter]
    check_topic_arn(arn, call, parameter)
    topic = store_of(store, arn, call).topics.get(arn)
    if topic is None:
        raise errors.no_topic()
    return topic


def check_subscription_arn(arn: str) -> None:
    """Whether a text is the ARN of a subscription.

    Raises:
        AwsError: InvalidParameter.
    """
    if not arn:
        raise errors.invalid("SubscriptionArn Reason: no value for required parameter")
    found = parts(arn, "SubscriptionArn")
    if found[5].count(":") != 1:
        raise errors.invalid("SubscriptionId")


def find_subscription(store: Store, arn: str, call: Call) -> Subscription | None:
    """A subscription, if it is there.

    Raises:
        AwsError: InvalidParameter.
    """
    check_subscription_arn(arn)
    return store_of(store, arn, call).subscriptions.get(arn)


def find_application(store: Store, arn: str) -> Application:
    """A platform application.

    Raises:
        AwsError: InvalidParameter, NotFound.
    """
    parts(arn, "PlatformApplicationArn")
    application = store.applications.get(arn)
    if application is None:
        raise errors.no_application()
    return application


def find_endpoint(store: Store, arn: str) -> tuple[Application, Endpoint] | None:
    """A device with its platform application, if it is there."""
    for application in store.applications.values():
        if arn in application.endpoints:
            return application, application.endpoints[arn]
    return None
