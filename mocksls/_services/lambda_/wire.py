"""Wire quirks of AWS Lambda, as plain data."""

from __future__ import annotations

from typing import Any

WIRE: dict[str, Any] = {
    # the operations word these as Lambda does
    "skip": ("CreateFunctionRequest.Runtime:enum", "UpdateFunctionConfigurationRequest.Runtime:enum"),
    "not_null_elements": ("ArchitecturesList", "LayerList", "AdditionalVersionWeights"),
    "stricter": {
        "FunctionUrlQualifier": {"pattern": "((?!^\\\\d+$)^[0-9a-zA-Z-_]+$)"},
    },
}
