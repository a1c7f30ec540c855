"""Datasets, enrichment, detailed metrics of resources, and managed rules: what is set and shown."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import BEGIN, knows

ACCOUNT = "123456789012"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/t"
SERVICE = f"arn:aws:ec2:us-east-1:{ACCOUNT}:vpc-endpoint-service/vpce-svc-1"
BYTES = "VpcEndpointService-BytesByEndpointId-v1"


def code_of(call: Any, **params: Any) -> str:
    """The code of the error that a call ends in."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    code: str = caught.value.response["Error"]["Code"]
    return code


@knows("GetDataset")
def test_default_dataset_is_there(cloudwatch: Any) -> None:
    """Nobody makes the default dataset; without a customer's key none is shown."""
    found = cloudwatch.get_dataset(DatasetIdentifier="default")
    assert found["Arn"] == f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:dataset/default"
    assert (found["DatasetId"], "KmsKeyArn" in found) == ("default", False)
    other = f"arn:aws:cloudwatch:eu-west-1:{ACCOUNT}:dataset/default"
    assert code_of(cloudwatch.get_dataset, DatasetIdentifier=other) == "ResourceNotFoundException"


@knows("AssociateDatasetKmsKey")
def test_dataset_key(cloudwatch: Any) -> None:
    """A key of the region is associated and taken away, once."""
    cloudwatch.associate_dataset_kms_key(DatasetIdentifier="default", KmsKeyArn=KEY)
    assert cloudwatch.get_dataset(DatasetIdentifier="default")["KmsKeyArn"] == KEY
    elsewhere = KEY.replace("us-east-1", "eu-west-1")
    code = code_of(cloudwatch.associate_dataset_kms_key, DatasetIdentifier="default", KmsKeyArn=elsewhere)
    assert code == "KmsKeyNotFoundException"
    cloudwatch.disassociate_dataset_kms_key(DatasetIdentifier="default")
    code = code_of(cloudwatch.disassociate_dataset_kms_key, DatasetIdentifier="default")
    assert code == "ResourceNotFoundException"


@knows("UpdateOTelEnrichment")
def test_enrichment_starts_once(aws: Any, cloudwatch: Any) -> None:
    """Starting what runs changes nothing; updating replaces both kinds of filters; stopping forgets them."""
    assert code_of(cloudwatch.update_otel_enrichment) == "ResourceNotFoundException"
    include, exclude = [{"Namespace": "AWS/Lambda"}], [{"Namespace": "AWS/SQS"}]
    cloudwatch.start_otel_enrichment(IncludeFilters=include)
    assert cloudwatch.start_otel_enrichment(IncludeFilters=exclude)["IncludeFilters"] == include
    aws.clock.advance(minutes=1)
    found = cloudwatch.update_otel_enrichment(ExcludeFilters=exclude)
    assert ("IncludeFilters" in found, found["ExcludeFilters"], found["CreatedAt"]) == (False, exclude, BEGIN)
    assert cloudwatch.get_otel_enrichment()["Status"] == "Running"
    cloudwatch.stop_otel_enrichment()
    assert cloudwatch.get_otel_enrichment()["Status"] == "Stopped"


@knows("UpdateOTelEnrichment")
def test_enrichment_takes_a_hundred_filters(cloudwatch: Any) -> None:
    """Both kinds of filters count together."""
    many = [{"Namespace": f"N{each}"} for each in range(60)]
    code = code_of(cloudwatch.start_otel_enrichment, IncludeFilters=many, ExcludeFilters=many)
    assert code in ("ValidationError", "ValidationException")
    assert cloudwatch.get_otel_enrichment()["Status"] == "Stopped"


@knows("CreateResourceMetricsConfiguration")
def test_resource_metrics(cloudwatch: Any) -> None:
    """A resource has one configuration, which is replaced and deleted."""
    selected = [{"IncludeMetrics": ["ConsumedReadCapacityUnits"]}]
    cloudwatch.create_resource_metrics_configuration(ResourceArn=TABLE, MetricSelections=selected)
    assert code_of(cloudwatch.create_resource_metrics_configuration, ResourceArn=TABLE) == "ConflictException"
    found = cloudwatch.get_resource_metrics_configuration(ResourceArn=TABLE)["ResourceMetricsConfiguration"]
    assert found["MetricSelections"] == selected
    updated = cloudwatch.update_resource_metrics_configuration(ResourceArn=TABLE)["ResourceMetricsConfiguration"]
    assert "MetricSelections" not in updated
    cloudwatch.delete_resource_metrics_configuration(ResourceArn=TABLE)
    assert code_of(cloudwatch.get_resource_metrics_configuration, ResourceArn=TABLE) == "ResourceNotFoundException"


def test_managed_rules(cloudwatch: Any) -> None:
    """A managed rule is enabled by its template, cannot be edited, is switched off, and on by being put again."""
    rule = {"TemplateName": BYTES, "ResourceARN": SERVICE}
    assert cloudwatch.put_managed_insight_rules(ManagedRules=[rule])["Failures"] == []
    found = cloudwatch.list_managed_insight_rules(ResourceARN=SERVICE)["ManagedRules"]
    state = next(each["RuleState"] for each in found if each["TemplateName"] == BYTES)
    assert (len(found), state["State"]) == (4, "ENABLED")
    assert cloudwatch.describe_insight_rules()["InsightRules"][0]["ManagedRule"] is True
    code = code_of(cloudwatch.put_insight_rule, RuleName=state["RuleName"], RuleDefinition="{}")
    assert code == "InvalidParameterValue"
    cloudwatch.disable_insight_rules(RuleNames=[state["RuleName"]])
    cloudwatch.put_managed_insight_rules(ManagedRules=[rule])
    assert cloudwatch.describe_insight_rules()["InsightRules"][0]["State"] == "ENABLED"


def test_unknown_template_is_told(cloudwatch: Any) -> None:
    """A template that the resource does not have makes no rule."""
    rule = {"TemplateName": BYTES, "ResourceARN": TABLE}
    (failure,) = cloudwatch.put_managed_insight_rules(ManagedRules=[rule])["Failures"]
    assert failure["FailureResource"] == BYTES
    assert cloudwatch.describe_insight_rules()["InsightRules"] == []
