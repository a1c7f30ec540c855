"""Functions that reach out."""

from __future__ import annotations

from typing import Any


def by_requests(event: Any, context: Any) -> Any:
    """GET, or what the event says, by requests."""
    import requests

    try:
        answer = requests.request(event.get("method", "GET"), event["url"], data=event.get("body"), timeout=5)
    except Exception as error:
        return {"error": type(error).__name__, "text": str(error)}
    return {"status": answer.status_code, "text": answer.text, "cookies": dict(answer.cookies)}


def by_urllib(event: Any, context: Any) -> Any:
    """GET by urllib."""
    import urllib.request

    with urllib.request.urlopen(event["url"], timeout=5) as answer:
        return answer.read().decode()


def by_httpx(event: Any, context: Any) -> Any:
    """GET by httpx, twice: synchronously and asynchronously."""
    import asyncio

    import httpx

    async def ask() -> str:
        async with httpx.AsyncClient() as client:
            return (await client.get(event["url"])).text

    return [httpx.get(event["url"]).text, asyncio.run(ask())]


def by_aiohttp(event: Any, context: Any) -> Any:
    """GET by aiohttp."""
    import asyncio

    import aiohttp

    async def ask() -> str:
        async with aiohttp.ClientSession() as session, session.get(event["url"]) as answer:
            return await answer.text()

    return asyncio.run(ask())


def list_tables(event: Any, context: Any) -> Any:
    """Call DynamoDB at the endpoint that the event names."""
    import boto3

    return boto3.client("dynamodb", endpoint_url=event.get("endpoint")).list_tables()["TableNames"]


def identities(event: Any, context: Any) -> Any:
    """Call a service that only moto has."""
    import boto3

    try:
        return boto3.client("ses").list_identities()["Identities"]
    except Exception as error:
        return f"{type(error).__name__}: {error}"
