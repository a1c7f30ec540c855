"""PynamoDB's usual life cycle: another library's requests and readings, not ours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pynamodb.attributes import NumberAttribute, TTLAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.connection import Connection
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from mocksls import mock_serverless


class ByCity(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """Users of a city."""

    class Meta:
        """PynamoDB's settings."""

        index_name = "by-city"
        projection = AllProjection()

    city = UnicodeAttribute(hash_key=True)


class User(Model):
    """A user, by country and name."""

    class Meta:
        """PynamoDB's settings."""

        table_name = "users"
        region = "us-east-1"
        billing_mode = "PAY_PER_REQUEST"

    country = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute(range_key=True)
    city = UnicodeAttribute(null=True)
    logins = NumberAttribute(default=0)
    tags = UnicodeSetAttribute(null=True)
    expires = TTLAttribute(null=True)
    by_city = ByCity()


@pytest.fixture
def aws() -> Iterator[Any]:
    """A cloud with PynamoDB's table in it."""
    with mock_serverless(region="us-east-1") as handle:
        User._connection = None
        User.create_table(wait=True)
        yield handle
    User._connection = None


def test_save_query_update(aws: Any) -> None:
    """Models are saved, queried in order, updated by expressions, and read back."""
    for name in ("b", "a", "c"):
        User("de", name, city="Berlin", tags={"x"}).save()
    user = User.get("de", "a")
    user.update(actions=[User.logins.add(2), User.tags.add({"y"}), User.city.set("Bonn")])
    assert [one.name for one in User.query("de", User.name >= "b")] == ["b", "c"]
    assert [one.name for one in User.query("de", scan_index_forward=False, limit=1)] == ["c"]
    assert (User.get("de", "a").logins, User.get("de", "a").tags) == (2, {"x", "y"})
    assert [one.name for one in User.by_city.query("Bonn")] == ["a"]


def test_condition(aws: Any) -> None:
    """A failed condition is PynamoDB's error, with AWS's code."""
    User("de", "a").save()
    with pytest.raises(PutError) as caught:
        User("de", "a").save(condition=User.name.does_not_exist())
    assert caught.value.cause_response_code == "ConditionalCheckFailedException"


def test_batch_and_scan(aws: Any) -> None:
    """Batches write many models; scans filter and count them."""
    with User.batch_write() as batch:
        for number in range(40):
            batch.save(User("de", f"u{number:02}", logins=number))
    assert User.count("de") == 40
    assert len(list(User.scan(User.logins > 29, page_size=7))) == 10
    assert len(list(User.batch_get([("de", "u01"), ("de", "u02"), ("de", "nobody")]))) == 2


def test_transaction(aws: Any) -> None:
    """A transaction is all or nothing, and tells its reasons."""
    User("de", "a", logins=1).save()
    transaction = TransactWrite(connection=Connection(region="us-east-1"))
    transaction.save(User("de", "b"))
    transaction.update(User("de", "a"), actions=[User.logins.add(1)], condition=User.logins > 5)
    with pytest.raises(TransactWriteError) as caught:
        transaction._commit()
    reasons = caught.value.cancellation_reasons
    assert [reason.code if reason else None for reason in reasons] == [None, "ConditionalCheckFailed"]
    assert User.count("de") == 1


def test_ttl_attribute(aws: Any) -> None:
    """A model with a TTL attribute, which its table was made with, expires by the cloud's clock."""
    User("de", "brief", expires=timedelta(minutes=5)).save()
    User("de", "lasting").save()
    aws.clock.advance(minutes=6)
    assert [one.name for one in User.query("de")] == ["lasting"]


def test_delete(aws: Any) -> None:
    """Models and tables go."""
    user = User("de", "a")
    user.save()
    user.delete()
    with pytest.raises(User.DoesNotExist):
        User.get("de", "a")
    User.delete_table()
    assert not User.exists()
