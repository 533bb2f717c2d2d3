"""Suppression rules compiled from our own egress addresses; pure, knows neither CDK nor configuration files."""

from infra.suppression.address_plan import AddressPlan, UnsupportedNetworkError, plan_for
from infra.suppression.budget import (
    DEFAULT_BUDGET,
    MAX_FILTERS,
    EntryCost,
    TooManyFiltersError,
    check_budget,
    entry_costs,
)
from infra.suppression.compiler import CompiledFilter, compile_filters
from infra.suppression.entry import EgressSource
from infra.suppression.finding_types import CATALOGUE, SUPPRESSED_FINDING_TYPES
from infra.suppression.narrowing import UnsupportedScopeError
from infra.suppression.plan import plan_filters

__all__ = [
    "CATALOGUE",
    "DEFAULT_BUDGET",
    "MAX_FILTERS",
    "SUPPRESSED_FINDING_TYPES",
    "AddressPlan",
    "CompiledFilter",
    "EgressSource",
    "EntryCost",
    "TooManyFiltersError",
    "UnsupportedNetworkError",
    "UnsupportedScopeError",
    "check_budget",
    "compile_filters",
    "entry_costs",
    "plan_filters",
    "plan_for",
]
