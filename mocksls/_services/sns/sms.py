"""Text messages: settings, opt-outs, the sandbox; what is sent lies in the outbox.

https://docs.aws.amazon.com/sns/latest/dg/sns-mobile-phone-number-as-subscriber.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud
from mocksls._kernel.outbox import Message
from mocksls._kernel.paging import page

from . import errors
from .store import SandboxNumber, Store

_E164 = re.compile(r"\+?[0-9]{5,15}\Z")
_SENDER = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9]{1,11}\Z")
_ATTRIBUTES = (
    *("MonthlySpendLimit", "DeliveryStatusIAMRole", "DeliveryStatusSuccessSamplingRate", "DefaultSenderID"),
    *("DefaultSMSType", "UsageReportS3Bucket"),
)
_TYPES = ("Promotional", "Transactional")
_PAGE = 100
_OPTED_OUT_IN_MOTO = ("+447420500600", "+447420505401", "+447632960543", "+447632960028")


class Sms:
    """Operations on the account's settings for text messages."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud
        if cloud.options.compat == "moto":
            cloud.outbox.opted_out.update(_OPTED_OUT_IN_MOTO)

    def set_sms_attributes(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Change settings.

        Raises:
            AwsError: InvalidParameter.
        """
        given = request["attributes"]
        for name, value in given.items():
            _check_attribute(name, value)
        self._store.sms_attributes.update(given)
        return {}

    def get_sms_attributes(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """All settings, or those that are named; a spend limit is always there."""
        found = {"MonthlySpendLimit": "1", **self._store.sms_attributes}
        names = request.get("attributes")
        return {"attributes": {name: value for name, value in found.items() if not names or name in names}}

    def check_if_phone_number_is_opted_out(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Whether a number's owner wants no messages.

        Raises:
            AwsError: InvalidParameter.

        Differs: nobody answers STOP here: a test adds numbers to ``aws.outbox.opted_out``. Under ``compat="moto"``
        numbers that end in 99 have opted out, as moto has it.
        """
        number = request["phoneNumber"]
        _check_formatted(number)
        return {"isOptedOut": self._opted_out(number)}

    def _opted_out(self, number: str) -> bool:
        return number in self._cloud.outbox.opted_out or (
            self._cloud.options.compat == "moto" and number.endswith("99")
        )

    def list_phone_numbers_opted_out(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The numbers whose owners want no messages.

        Raises:
            AwsError: InvalidParameter.
        """
        numbers, token = page(
            sorted(self._cloud.outbox.opted_out),
            _PAGE,
            request.get("nextToken"),
            str,
            lambda: errors.invalid("nextToken"),
        )
        return {"phoneNumbers": numbers, "nextToken": token}

    def opt_in_phone_number(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Have a number take messages again; one that always did is fine.

        Raises:
            AwsError: InvalidParameter.
        """
        _check_formatted(request["phoneNumber"])
        self._cloud.outbox.opted_out.discard(request["phoneNumber"])
        return {}

    def list_origination_numbers(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The numbers that the account sends from: it has bought none, there is no call to do so."""
        return {"PhoneNumbers": []}

    # -- the sandbox ---------------------------------------------------------------------------------------------

    def get_sms_sandbox_account_status(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Whether the account may only send to verified numbers: it is out of the sandbox, as grown accounts are."""
        return {"IsInSandbox": False}

    def create_sms_sandbox_phone_number(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Send a code to a number, to be given back by VerifySMSSandboxPhoneNumber.

        Raises:
            AwsError: InvalidParameter, OptedOut.
        """
        number = request["PhoneNumber"]
        check_number(number)
        if self._opted_out(number):
            raise errors.opted_out(number)
        code = self._cloud.ids.digits(6)
        self._store.sandbox[number] = SandboxNumber(number, code)
        self._cloud.outbox.append(Message(number, "sms", None, f"Your verification code is {code}.", code=code))
        return {}

    def verify_sms_sandbox_phone_number(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Verify a number by the code that was sent to it.

        Raises:
            AwsError: ResourceNotFound, VerificationException.
        """
        found = self._sandboxed(request)
        if request["OneTimePassword"] != found.code:
            raise errors.wrong_code()
        found.verified = True
        return {}

    def delete_sms_sandbox_phone_number(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """Take a number out of the sandbox.

        Raises:
            AwsError: ResourceNotFound.
        """
        del self._store.sandbox[self._sandboxed(request).number]
        return {}

    def list_sms_sandbox_phone_numbers(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The sandbox's numbers, and which are verified.

        Raises:
            AwsError: InvalidParameter.
        """
        found, token = page(
            sorted(self._store.sandbox),
            request.get("MaxResults", _PAGE),
            request.get("NextToken"),
            str,
            lambda: errors.invalid("NextToken"),
        )
        shown = [
            {"PhoneNumber": number, "Status": "Verified" if self._store.sandbox[number].verified else "Pending"}
            for number in found
        ]
        return {"PhoneNumbers": shown, "NextToken": token}

    def _sandboxed(self, request: Mapping[str, Any]) -> SandboxNumber:
        found = self._store.sandbox.get(request["PhoneNumber"])
        if found is None:
            raise errors.no_sandbox_number()
        return found


def _check_attribute(name: str, value: str) -> None:
    if name not in _ATTRIBUTES:
        raise errors.invalid_plain(f"{name} is not a valid attribute")
    if name == "DefaultSenderID" and not _SENDER.match(value):
        raise errors.invalid_plain("DefaultSendID is not a valid attribute")  # AWS's own spelling
    if name == "DefaultSMSType" and value not in _TYPES:
        raise errors.invalid_plain("DefaultSMSType is invalid")
    if name == "DeliveryStatusSuccessSamplingRate" and not (value.isascii() and value.isdigit() and int(value) <= 100):
        raise errors.invalid_plain("DeliveryStatusSuccessSamplingRate is invalid")
    if name == "MonthlySpendLimit" and not (value.isascii() and value.isdigit()):
        raise errors.invalid_plain("MonthlySpendLimit is invalid")


def _check_formatted(number: str) -> None:
    if not _E164.match(number):
        raise errors.invalid("PhoneNumber Reason: input incorrectly formatted")


def check_number(number: str) -> None:
    """Whether a text may be sent to a number.

    Raises:
        AwsError: InvalidParameter.
    """
    if not _E164.match(number):
        raise errors.invalid(f"PhoneNumber Reason: {number} is not valid to publish to")


def text_number(cloud: Cloud, number: str, text: str, call: Call) -> None:
    """Send a text, unless its receiver wants none."""
    if number in cloud.outbox.opted_out:
        cloud.note("skipped", "sns", "SMS", f"{number} has opted out", parent=call.trace_id)
        return
    cloud.outbox.append(Message(number, "sms", None, text))
