"""Events that reach handlers: queues, uploads, many invocations at once. ``python -m benchmarks.events``

Floors in the same run: as many messages sent, and objects uploaded, with nobody waiting for them.
"""

from __future__ import annotations

import threading
import time

import boto3

from mocksls import mock_serverless

MESSAGES, UPLOADS, SLEEPERS, SLEEP_S = 1000, 200, 20, 0.2


def takes(event, context):
    """Take a batch."""


def sleeps(event, context):
    """Sleep for a while."""
    time.sleep(SLEEP_S)


def seconds(work):
    """How long some work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def through_a_queue(aws):
    """Seconds of a thousand messages through a mapping of batches of ten, and of sending them alone."""
    sqs, client = boto3.client("sqs"), boto3.client("lambda")
    url = sqs.create_queue(QueueName="queue")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    function = aws.function(takes)
    function.invoke()
    mapping = client.create_event_source_mapping(EventSourceArn=arn, FunctionName=function.name, Enabled=False)

    def send():
        for batch in range(MESSAGES // 10):
            entries = [{"Id": str(n), "MessageBody": f"{batch}-{n}"} for n in range(10)]
            sqs.send_message_batch(QueueUrl=url, Entries=entries)

    sent = seconds(send)
    return seconds(lambda: client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)), sent


def through_uploads(aws):
    """Milliseconds of an upload that triggers a handler, and of one that does not."""
    s3 = boto3.client("s3")
    function = aws.function(takes, "uploads")
    function.invoke()
    boto3.client("lambda").add_permission(
        FunctionName=function.name, StatementId="s3", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com"
    )
    for bucket in ("plain", "watched"):
        s3.create_bucket(Bucket=bucket)
    wanted = [{"LambdaFunctionArn": function.arn, "Events": ["s3:ObjectCreated:*"]}]
    s3.put_bucket_notification_configuration(
        Bucket="watched", NotificationConfiguration={"LambdaFunctionConfigurations": wanted}
    )

    def upload(bucket):
        for number in range(UPLOADS):
            s3.put_object(Bucket=bucket, Key=str(number), Body=b"x")

    plain = seconds(lambda: upload("plain"))
    return seconds(lambda: upload("watched")) / UPLOADS * 1e3, plain / UPLOADS * 1e3


def at_once(aws):
    """Seconds of many invocations of a sleeping handler at once, cold and again warm, and of a warm one alone."""
    function = aws.function(sleeps)

    def run():
        threads = [threading.Thread(target=function.invoke) for _ in range(SLEEPERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    function.invoke()
    return seconds(run), seconds(run), seconds(function.invoke)


def main():
    """Measure and print."""
    with mock_serverless(region="us-east-1") as aws:
        queued, sent = through_a_queue(aws)
        uploaded, plain = through_uploads(aws)
        cold, warm, one = at_once(aws)
    print(f"{MESSAGES} messages through a mapping      {queued:7.3f} s   (sending them {sent:.3f} s)")
    print(f"an upload that triggers a handler     {uploaded:7.3f} ms  (without one {plain:.3f} ms)")
    print(f"{SLEEPERS} invocations of a sleeper at once     {cold:7.3f} s   (again {warm:.3f} s; one {one:.3f} s)")


if __name__ == "__main__":
    main()
