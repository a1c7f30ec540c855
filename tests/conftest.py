"""What all tests share: pytest's own tester, fixed regions, and how many examples hypothesis draws."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

pytest_plugins = ["pytester"]

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
settings.register_profile("quick", max_examples=60, deadline=None, suppress_health_check=_SLOW, database=None)
if "HYPOTHESIS_PROFILE" not in os.environ:
    settings.load_profile("quick")
