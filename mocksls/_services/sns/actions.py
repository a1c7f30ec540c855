"""Actions and resources of the operations, for authorisation.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
"""

from __future__ import annotations

_ON_TOPICS = (
    *("AddPermission", "DeleteTopic", "GetTopicAttributes", "ListSubscriptionsByTopic", "RemovePermission"),
    *("SetTopicAttributes", "Subscribe"),
)
_ON_RESOURCES = (
    *("GetDataProtectionPolicy", "PutDataProtectionPolicy", "ListTagsForResource", "TagResource", "UntagResource"),
)
_ON_ALL = (
    *("CheckIfPhoneNumberIsOptedOut", "CreatePlatformApplication", "CreatePlatformEndpoint", "ListTopics"),
    *("CreateSMSSandboxPhoneNumber", "DeleteEndpoint", "DeletePlatformApplication", "DeleteSMSSandboxPhoneNumber"),
    *("GetEndpointAttributes", "GetPlatformApplicationAttributes", "GetSMSAttributes", "GetSMSSandboxAccountStatus"),
    *("ListEndpointsByPlatformApplication", "ListOriginationNumbers", "ListPhoneNumbersOptedOut"),
    *("ListPlatformApplications", "ListSMSSandboxPhoneNumbers", "ListSubscriptions", "OptInPhoneNumber"),
    *("SetEndpointAttributes", "SetPlatformApplicationAttributes", "SetSMSAttributes"),
    "VerifySMSSandboxPhoneNumber",
)

ACTIONS: dict[str, tuple[str, str]] = {
    **{name: (f"SNS:{name}", "topic") for name in _ON_TOPICS},
    **{name: (f"SNS:{name}", "resource") for name in _ON_RESOURCES},
    **{name: (f"SNS:{name}", "*") for name in _ON_ALL},
    "CreateTopic": ("SNS:CreateTopic", "new topic"),
    "Publish": ("SNS:Publish", "target"),
    "PublishBatch": ("SNS:Publish", "target"),
    "ConfirmSubscription": ("SNS:ConfirmSubscription", "confirmed"),
    "GetSubscriptionAttributes": ("SNS:GetSubscriptionAttributes", "subscription"),
    "SetSubscriptionAttributes": ("SNS:SetSubscriptionAttributes", "subscription"),
    "Unsubscribe": ("SNS:Unsubscribe", "confirmed"),
}
