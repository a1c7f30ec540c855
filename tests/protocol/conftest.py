"""How many examples hypothesis draws: few by default, many with ``HYPOTHESIS_PROFILE=many``."""

import os

from hypothesis import HealthCheck, settings

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
settings.register_profile("few", max_examples=60, deadline=None, suppress_health_check=_SLOW, database=None)
settings.register_profile("many", max_examples=3000, deadline=None, suppress_health_check=_SLOW, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "few"))
