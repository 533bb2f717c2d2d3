"""Suppression rules compiled from our own egress addresses; pure, knows neither CDK nor configuration files."""

from infra.suppression.compiler import CompiledFilter, EgressSource, TooManyFiltersError, compile_filters
from infra.suppression.finding_types import CATALOGUE, SUPPRESSED_FINDING_TYPES
from infra.suppression.plan import filters_used, plan_filters

__all__ = [
    "CATALOGUE",
    "SUPPRESSED_FINDING_TYPES",
    "CompiledFilter",
    "EgressSource",
    "TooManyFiltersError",
    "compile_filters",
    "filters_used",
    "plan_filters",
]
