"""aiobotocore's clients."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError, ReadTimeoutError

from mocksls import UnmockedServiceError, mock_serverless

pytest.importorskip("aiobotocore.session")
from aiobotocore.session import get_session

pytestmark = pytest.mark.asyncio
TABLE: dict[str, Any] = {
    "TableName": "tab",
    "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}


@pytest.fixture(params=["typed", "wire"])
def seam(request: pytest.FixtureRequest) -> str:
    """The seam that a client takes."""
    return str(request.param)


def _look(**_: Any) -> None:
    """A handler of the user, which sees HTTP."""


@asynccontextmanager
async def client(service: str, seam: str = "typed", **given: Any) -> AsyncIterator[Any]:
    """A client of a seam."""
    async with get_session().create_client(service, region_name="us-east-1", **given) as made:
        if seam == "wire":
            made.meta.events.register("before-send", _look)
        yield made


async def test_items(aws: Any, seam: str) -> None:
    """Items go in and come out."""
    async with client("dynamodb", seam) as ddb:
        await ddb.create_table(**TABLE)
        item = {"p": {"S": "x"}, "b": {"B": b"\x00"}, "n": {"N": "1.5"}}
        await ddb.put_item(TableName="tab", Item=item)
        answer = await ddb.get_item(TableName="tab", Key={"p": {"S": "x"}})
    assert (answer["Item"], answer["ResponseMetadata"]["HTTPStatusCode"]) == (item, 200)


async def test_typed_calls_make_no_http(aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The typed seam makes no HTTP request at all, that of a client with a handler of the user does."""
    made: list[Any] = []

    async def create_request(endpoint: Any, params: Any, model: Any = None) -> Any:
        made.append(model.name)
        return await original(endpoint, params, model)

    from aiobotocore.endpoint import AioEndpoint

    original = AioEndpoint.create_request
    monkeypatch.setattr(AioEndpoint, "create_request", create_request)
    async with client("iam") as typed, client("iam", "wire") as wire:
        await typed.create_user(UserName="ann")
        await wire.list_users()
    assert made == ["ListUsers"]


async def test_both_seams_answer_alike(aws: Any) -> None:
    """Parsed members and headers are the same by both seams."""
    aws.clock.freeze()
    found = []
    for seam in ("typed", "wire"):
        async with client("s3", seam) as s3:
            await s3.create_bucket(Bucket=f"bucket-{seam}")
            await s3.put_object(Bucket=f"bucket-{seam}", Key="k", Body=b"data", Metadata={"a": "b"})
            answer = await s3.head_object(Bucket=f"bucket-{seam}", Key="k")
            metadata = answer.pop("ResponseMetadata")
            found.append((answer, sorted(set(metadata["HTTPHeaders"]) - {"content-length"}), sorted(metadata)))
    assert found[0] == found[1]


async def test_errors(aws: Any, seam: str) -> None:
    """AWS's errors are the client's exceptions, with their members."""
    async with client("dynamodb", seam) as ddb:
        with pytest.raises(ddb.exceptions.ResourceNotFoundException) as caught:
            await ddb.describe_table(TableName="missing")
        with pytest.raises(ParamValidationError):
            await ddb.list_tables(Limit="x")
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


@pytest.mark.parametrize("how", ["read", "pieces", "chunks", "lines", "with"])
async def test_bodies(aws: Any, seam: str, how: str) -> None:
    """A body is read in every way that aiobotocore offers."""
    data = b"one\ntwo\n" * 1000
    async with client("s3", seam) as s3:
        await s3.create_bucket(Bucket="bucket")
        await s3.put_object(Bucket="bucket", Key="k", Body=io.BytesIO(data))
        body = (await s3.get_object(Bucket="bucket", Key="k"))["Body"]
        if how == "read":
            found = await body.read()
        elif how == "pieces":
            found = b"".join([await body.read(5000), await body.read(5000)])
        elif how == "chunks":
            found = b"".join([chunk async for chunk in body.iter_chunks(999)])
        elif how == "lines":
            found = b"".join([line + b"\n" async for line in body.iter_lines()])
        else:
            async with body as stream:
                found = await stream.read()
    assert found == data


class _AsyncFile:
    def __init__(self, data: bytes) -> None:
        self._rest = io.BytesIO(data)

    async def read(self, size: int = -1) -> bytes:
        """As aiofiles reads."""
        return self._rest.read(size)

    def __len__(self) -> int:
        return len(self._rest.getbuffer())


async def test_asynchronous_file(aws: Any) -> None:
    """A body whose ``read`` is asynchronous is read."""
    async with client("s3") as s3:
        await s3.create_bucket(Bucket="bucket")
        await s3.put_object(Bucket="bucket", Key="k", Body=_AsyncFile(b"data"), ContentLength=4)
        assert await (await s3.get_object(Bucket="bucket", Key="k"))["Body"].read() == b"data"


async def test_paginator_and_waiter(aws: Any, seam: str) -> None:
    """Paginators turn pages, waiters wait no real time."""
    async with client("s3", seam) as s3:
        await s3.create_bucket(Bucket="bucket")
        for number in range(5):
            await s3.put_object(Bucket="bucket", Key=f"k{number}", Body=b"")
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket="bucket", PaginationConfig={"PageSize": 2})
        assert [len(page["Contents"]) async for page in pages] == [2, 2, 1]
        await s3.get_waiter("object_exists").wait(Bucket="bucket", Key="k0")
        with pytest.raises(Exception, match="Max attempts exceeded"):
            await s3.get_waiter("object_exists").wait(Bucket="bucket", Key="none")


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
async def test_retries(aws: Any, seam: str, mode: Any) -> None:
    """Throttles and server errors are retried, without sleeping, in every mode."""
    config = Config(retries={"mode": mode, "total_max_attempts": 5})
    async with client("dynamodb", seam, config=config) as ddb:
        await ddb.create_table(**TABLE)
        aws.faults.inject("dynamodb", "DescribeTable", error="InternalServerError", times=2)
        answer = await ddb.describe_table(TableName="tab")
        assert answer["ResponseMetadata"]["RetryAttempts"] == 2
        aws.faults.inject("dynamodb", "DescribeTable", error="ThrottlingException", times=None)
        with pytest.raises(ClientError, match="ThrottlingException"):
            await ddb.describe_table(TableName="tab")


async def test_read_timeout(aws: Any, seam: str) -> None:
    """An answer that takes longer than the client waits is a time-out."""
    config = Config(read_timeout=2, retries={"total_max_attempts": 1})
    async with client("dynamodb", seam, config=config) as ddb:
        aws.faults.inject("dynamodb", latency=3)
        with pytest.raises(ReadTimeoutError):
            await ddb.list_tables()


async def test_hundreds_at_once(aws: Any) -> None:
    """Hundreds of calls of one event loop are answered."""
    async with client("dynamodb") as ddb:
        await ddb.create_table(**TABLE)
        await asyncio.gather(*(ddb.put_item(TableName="tab", Item={"p": {"S": str(n)}}) for n in range(300)))
        assert (await ddb.scan(TableName="tab", Select="COUNT"))["Count"] == 300


async def test_the_loop_runs_on_meanwhile(aws: Any) -> None:
    """While a handler runs, the event loop does other things."""

    def slow(event: Any, context: Any) -> None:
        import time

        time.sleep(0.2)

    aws.function(slow)
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    turning = asyncio.create_task(turn())
    async with client("lambda") as lambda_:
        await lambda_.invoke(FunctionName="slow")
    turning.cancel()
    assert turns > 100


async def test_mutated_parameters_change_nothing(aws: Any) -> None:
    """What was stored does not share anything with the caller."""
    item = {"p": {"S": "x"}, "m": {"M": {"a": {"S": "before"}}}}
    async with client("dynamodb") as ddb:
        await ddb.create_table(**TABLE)
        await ddb.put_item(TableName="tab", Item=item)
        item["m"]["M"]["a"]["S"] = "after"  # type: ignore[index]
        found = (await ddb.get_item(TableName="tab", Key={"p": {"S": "x"}}))["Item"]
    assert found["m"]["M"]["a"] == {"S": "before"}


async def test_presigned_url(aws: Any) -> None:
    """A URL that an asynchronous client presigned is good for an HTTP library."""
    import httpx

    async with client("s3") as s3, httpx.AsyncClient() as http:
        await s3.create_bucket(Bucket="bucket")
        url = await s3.generate_presigned_url("put_object", Params={"Bucket": "bucket", "Key": "k"})
        assert (await http.put(url, content=b"data")).status_code == 200
        assert await (await s3.get_object(Bucket="bucket", Key="k"))["Body"].read() == b"data"


async def test_async_with() -> None:
    """``async with`` starts and stops the mock."""
    async with mock_serverless(region="us-east-1") as aws, client("iam") as iam:
        await iam.create_user(UserName="ann")
        assert [entry.name for entry in aws.trace] == ["CreateUser"]
    async with mock_serverless(region="us-east-1"), client("iam") as iam:
        assert (await iam.list_users())["Users"] == []


async def test_client_from_before() -> None:
    """A client that was made before the mock, without credentials, reaches it."""
    async with get_session().create_client("sts", region_name="us-east-1") as sts:
        with mock_serverless():
            assert (await sts.get_caller_identity())["Account"] == "123456789012"


async def test_unmocked_service(aws: Any) -> None:
    """A service that is not mocked is refused clearly."""
    async with client("ec2") as ec2:
        with pytest.raises(UnmockedServiceError, match="ec2"):
            await ec2.describe_vpcs()


async def test_endpoint_of_the_clients_own(aws: Any, seam: str) -> None:
    """A client with an endpoint of its own is mocked, too."""
    async with client("dynamodb", seam, endpoint_url="http://localhost:8000") as ddb:
        assert (await ddb.list_tables())["TableNames"] == []


async def test_handler(aws: Any) -> None:
    """A handler that uses aiobotocore reaches the test's cloud."""

    def handler(event: Any, context: Any) -> Any:
        import asyncio

        from aiobotocore.session import get_session

        async def tables() -> Any:
            async with get_session().create_client("dynamodb") as ddb:
                return (await ddb.list_tables())["TableNames"]

        return asyncio.run(tables())

    async with client("dynamodb") as ddb:
        await ddb.create_table(**TABLE)
    assert await asyncio.to_thread(aws.function(handler, Timeout=30).invoke, {}) == ["tab"]


async def test_imported_later() -> None:
    """aiobotocore may be imported while the mock is active; we never import it."""
    code = """
import asyncio, sys
from mocksls import mock_serverless
async def ask():
    from aiobotocore.session import get_session
    async with get_session().create_client("iam", region_name="us-east-1") as iam:
        return (await iam.list_users())["Users"]
with mock_serverless():
    import boto3
    boto3.client("iam").list_users()
    assert "aiobotocore" not in sys.modules
    assert asyncio.run(ask()) == []
"""
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.filterwarnings("ignore:aiobotocore's httpx backend:DeprecationWarning")
@pytest.mark.parametrize("how", ["read", "chunks", "with", "close"])
async def test_httpx_back_end(aws: Any, seam: str, how: str) -> None:
    """A client of aiobotocore's httpx back end gets that one's bodies."""
    from aiobotocore.config import AioConfig

    back_end = pytest.importorskip("aiobotocore.httpxsession").HttpxSession
    async with client("s3", seam, config=AioConfig(http_session_cls=back_end)) as s3:
        await s3.create_bucket(Bucket="bucket")
        await s3.put_object(Bucket="bucket", Key="k", Body=b"data" * 1000)
        body = (await s3.get_object(Bucket="bucket", Key="k"))["Body"]
        if how == "chunks":
            found = b"".join([chunk async for chunk in body.iter_chunks(999)])
        elif how == "with":
            async with body as stream:
                found = await stream.read()
        else:
            found = await body.read()
            await body.aclose()
        with pytest.raises(s3.exceptions.NoSuchKey):
            await s3.get_object(Bucket="bucket", Key="none")
    assert found == b"data" * 1000
