"""The settings of topics that are there already, made what is declared for them now."""

from collections.abc import Mapping
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import for_code

_SET_FOR_THE_TOPIC = 1
"""Where a value comes from, in Kafka's words DYNAMIC_TOPIC_CONFIG: not from the broker, and no default."""
_DECLARED = {"cleanup.policy", "min.compaction.lag.ms", "retention.ms"}
"""What else somebody has set for a topic stays as it is."""


async def set_anew(admin: AIOKafkaAdminClient, wanted: Mapping[str, dict[str, str]]) -> int:
    """Gives topics their settings where they differ; how many did. KafkaError where the broker refuses."""
    if not wanted:
        return 0
    standing = await set_so_far(admin, list(wanted))
    changed = {
        name: {**{key: value for key, value in standing[name].items() if key not in _DECLARED}, **config}
        for name, config in wanted.items()
        if {key: value for key, value in standing[name].items() if key in _DECLARED} != config
    }
    if changed:
        # This request replaces all that is set for a topic.
        asked = [ConfigResource(ConfigResourceType.TOPIC, name, config) for name, config in changed.items()]
        for answer in await admin.alter_configs(asked):
            for resource in _resources(answer):
                _raise_for(resource)
    return len(changed)


async def set_so_far(admin: AIOKafkaAdminClient, topics: list[str]) -> dict[str, dict[str, str]]:
    """What is set for each of these topics itself."""
    found: dict[str, dict[str, str]] = {}
    asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in topics]
    for answer in await admin.describe_configs(asked):
        for resource in _resources(answer):
            _raise_for(resource)
            own = (each for each in resource["config_entries"] if each["config_source"] == _SET_FOR_THE_TOPIC)
            found[resource["resource_name"]] = {each["config_names"]: each["config_value"] for each in own}
    return found


def _resources(answer: Any) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = answer.to_object()["resources"]
    return listed


def _raise_for(resource: Mapping[str, Any]) -> None:
    if resource["error_code"]:
        raise for_code(resource["error_code"])(f"{resource['resource_name']}: {resource['error_message']}")
