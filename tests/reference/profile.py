"""How hypothesis runs here: the same examples every time, none remembered, none timed."""

from hypothesis import HealthCheck, settings


def fixed(examples: int) -> settings:
    """So many examples, the same in every run."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
