"""Suppression rules compiled from our own egress addresses; pure, knows neither CDK nor configuration files."""

from infra.suppression.compiler import CompiledFilter, EgressSource, TooManyFiltersError, compile_filters
from infra.suppression.finding_types import SUPPRESSED_FINDING_TYPES

__all__ = ["SUPPRESSED_FINDING_TYPES", "CompiledFilter", "EgressSource", "TooManyFiltersError", "compile_filters"]
