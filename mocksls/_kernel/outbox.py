"""Port: messages that AWS would have sent to people, written by SNS and Cognito and read by the handle."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

Channel = Literal["email", "sms", "push"]


class Message(NamedTuple):
    """One message to a person.

    Args:
        to: e-mail address, phone number, or for ``push`` the device's token.
        channel: how it goes: ``email``, ``sms`` or ``push``.
        subject: of an e-mail; ``None`` for the others.
        body: the text.
        code: the code or token that it asks its reader to give back, if it carries one.
        username: the user of a user pool that it is for, if it is.
    """

    to: str
    channel: Channel
    subject: str | None
    body: str
    code: str | None = None
    username: str | None = None


class Outbox(list[Message]):
    """Messages, oldest first.

    ``opted_out`` are the phone numbers whose owners want no messages: a test adds to it what AWS learns from an answer
    of STOP.
    """

    def __init__(self, messages: Iterable[Message] = (), opted_out: Iterable[str] = ()) -> None:
        super().__init__(messages)
        self.opted_out: set[str] = set(opted_out)

    def last(
        self, to: str | None = None, username: str | None = None, channel: Channel | None = None
    ) -> Message | None:
        """The newest message that agrees with everything given; ``None`` if there is none."""
        wanted = {"to": to, "username": username, "channel": channel}
        given = {name: value for name, value in wanted.items() if value is not None}
        for message in reversed(self):
            if all(getattr(message, name) == value for name, value in given.items()):
                return message
        return None
