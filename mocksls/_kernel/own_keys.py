"""The made-up keys of the test's own user."""

from __future__ import annotations

OWN_KEY = "MOCKSLSTESTKEY000000"
OWN_SECRET = "mocksls/secret/of/the/test/user/00000000"
OWN_TOKEN = "mocksls-session-token"

MOTO_KEY = "FOOBARKEY"
MOTO_SECRET = "FOOBARSECRET"
