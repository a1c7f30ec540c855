"""The dataset of an account's metrics: there is one in every region, and which key encrypts it.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_AssociateDatasetKmsKey.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocksls._kernel.arn import make_arn
from mocksls._kernel.call import Call
from mocksls._kernel.cloud import Cloud

from . import errors
from .store import Store


class Datasets:
    """Operations on the dataset ``default``."""

    def __init__(self, store: Store, cloud: Cloud) -> None:
        self._store = store
        self._cloud = cloud

    def get_dataset(self, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The dataset, with its key where a customer's encrypts it.

        Raises:
            AwsError: ResourceNotFoundException.
        """
        arn = _known(request, call)
        return {"DatasetId": "default", "Arn": arn, "KmsKeyArn": self._store.dataset_key}

    def associate_dataset_kms_key(self, request: Mapping[str, Any], call: Call) -> None:
        """Have a key encrypt the dataset from now on.

        Raises:
            AwsError: ResourceNotFoundException, KmsKeyNotFoundException: the key is of another region.

        Differs: the key need not exist, and nobody needs its permission.
        """
        _known(request, call)
        key = request["KmsKeyArn"]
        if key.split(":")[3] != call.region:
            raise errors.no_key(key)
        self._store.dataset_key = key

    def disassociate_dataset_kms_key(self, request: Mapping[str, Any], call: Call) -> None:
        """Have CloudWatch's own key encrypt the dataset again.

        Raises:
            AwsError: ResourceNotFoundException: no key is associated.
        """
        _known(request, call)
        if self._store.dataset_key is None:
            raise errors.no_resource("The dataset default has no associated KMS key.")
        self._store.dataset_key = None


def dataset_arn(call: Call) -> str:
    """The ARN of the dataset of an account and region."""
    return make_arn("cloudwatch", call.region, call.account_id, "dataset/default")


def _known(request: Mapping[str, Any], call: Call) -> str:
    name, arn = request["DatasetIdentifier"], dataset_arn(call)
    if name not in ("default", arn):
        raise errors.no_resource(f"The dataset {name} does not exist.")
    return arn
