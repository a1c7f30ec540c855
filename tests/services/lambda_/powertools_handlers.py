"""Handlers that use Powertools for AWS Lambda; what they need is imported in their own processes."""

from __future__ import annotations

from typing import Any

_paid = 0


def logs(event: Any, context: Any) -> None:
    """Log with the context of the invocation."""
    from aws_lambda_powertools import Logger

    logger = Logger()

    @logger.inject_lambda_context
    def inner(event: Any, context: Any) -> None:
        logger.info("ordered", order=event["order"])

    inner(event, context)


def pays(event: Any, context: Any) -> Any:
    """Pay once for each order."""
    from aws_lambda_powertools.utilities.idempotency import (
        DynamoDBPersistenceLayer,
        IdempotencyConfig,
        idempotent,
    )

    @idempotent(
        persistence_store=DynamoDBPersistenceLayer(table_name="idempotency"),
        config=IdempotencyConfig(event_key_jmespath="order"),
    )
    def inner(event: Any, context: Any) -> Any:
        global _paid
        _paid += 1
        return {"number": _paid}

    return inner(event, context)


def processes(event: Any, context: Any) -> Any:
    """Process the messages of a batch, one of which fails."""
    from aws_lambda_powertools.utilities.batch import (
        BatchProcessor,
        EventType,
        process_partial_response,
    )

    def one(record: Any) -> None:
        if record.body == "bad":
            raise ValueError("bad")

    return process_partial_response(
        event=event, record_handler=one, processor=BatchProcessor(event_type=EventType.SQS), context=context
    )


def routes(event: Any, context: Any) -> Any:
    """Answer requests at a function's URL."""
    from aws_lambda_powertools.event_handler import LambdaFunctionUrlResolver

    app = LambdaFunctionUrlResolver()

    @app.get("/orders/<order>")
    def order(order: str) -> Any:
        return {"order": order, "detail": app.current_event.get_query_string_value("detail")}

    return app.resolve(event, context)


def reads_stream(event: Any, context: Any) -> None:
    """Print what a record of a stream says."""
    from aws_lambda_powertools.utilities.data_classes import DynamoDBStreamEvent

    for record in DynamoDBStreamEvent(event).records:
        assert record.dynamodb is not None
        assert record.event_name is not None
        image = record.dynamodb.new_image
        print(record.event_name.name, image["id"], image["n"])
