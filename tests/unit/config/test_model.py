"""The ground every model stands on."""

import pytest
from pydantic import TypeAdapter, ValidationError

from infra.config import Deployment, FrozenMapping
from infra.config.descriptions import descriptions
from tests.deployments import EVERYTHING
from tests.unit.config.examples import ConfigFile


def test_deployment_cannot_be_changed(config_file: ConfigFile) -> None:
    deployment = config_file.deployment(more="tags: {team: security}\n")
    with pytest.raises(ValidationError, match="frozen"):
        deployment.name = "other"  # type: ignore[misc]
    with pytest.raises(TypeError, match="does not support item assignment"):
        deployment.tags["team"] = "other"  # type: ignore[index]


def test_deployment_can_be_hashed(config_file: ConfigFile) -> None:
    once, again = (config_file.deployment(more="tags: {team: security}\n") for _ in range(2))
    assert once == again
    assert hash(once) == hash(again)


def test_deployment_survives_being_written_and_read(config_file: ConfigFile) -> None:
    deployment = config_file.deployment(
        more="tags: {team: security}\nregion_overrides: {us-east-1: {detective: true}}\n"
    )
    assert Deployment.model_validate(deployment.model_dump()) == deployment


def test_scope_survives_being_written_and_read() -> None:
    read_back = Deployment.model_validate(EVERYTHING.model_dump())
    assert read_back == EVERYTHING
    assert read_back.egress[2].scope == EVERYTHING.egress[2].scope is not None


def test_deployment_made_in_python_obeys_the_same_limits(config_file: ConfigFile) -> None:
    """The limits live on the types, not in the loader."""
    fields = config_file.deployment().model_dump() | {"home_region": "eu-west-2"}
    with pytest.raises(ValidationError, match="must be one of regions, got 'eu-west-2'"):
        Deployment.model_validate(fields)


def test_frozen_mapping_is_a_mapping() -> None:
    mapping = TypeAdapter(FrozenMapping[str, int]).validate_python({"a": 1})
    assert isinstance(mapping, FrozenMapping)
    assert (mapping["a"], list(mapping), len(mapping), dict(mapping)) == (1, ["a"], 1, {"a": 1})
    assert mapping == {"a": 1}
    assert repr(mapping) == "FrozenMapping({'a': 1})"


def test_every_field_says_what_it_is_for() -> None:
    seen = {Deployment, *(field.annotation for field in Deployment.model_fields.values())}
    for model in (found for found in seen if isinstance(found, type) and hasattr(found, "model_fields")):
        assert descriptions(model).keys() == model.model_fields.keys(), model.__name__
        assert all(descriptions(model).values()), model.__name__
