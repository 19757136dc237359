"""What the bot asks and tells about itself."""

from __future__ import annotations

from collections.abc import Callable

from tests.telegram_server.refusals import Json
from tests.telegram_server.world import World


def get_me(world: World, parameters: Json) -> Json:
    return {
        **world.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def done(world: World, parameters: Json) -> bool:
    """For what has no effect here: there is one server only to log out of."""
    return True


def set_my_commands(world: World, parameters: Json) -> bool:
    world.profile.set_commands(parameters["commands"], *_which(parameters))
    return True


def get_my_commands(world: World, parameters: Json) -> list[Json]:
    return world.profile.commands(*_which(parameters))


def delete_my_commands(world: World, parameters: Json) -> bool:
    world.profile.delete_commands(*_which(parameters))
    return True


def set_text(kind: str) -> Callable[[World, Json], bool]:
    def play(world: World, parameters: Json) -> bool:
        world.profile.set_text(kind, parameters.get(kind, ""), parameters.get("language_code", ""))
        return True

    return play


def get_text(kind: str) -> Callable[[World, Json], Json]:
    def play(world: World, parameters: Json) -> Json:
        return {kind: world.profile.text(kind, parameters.get("language_code", ""))}

    return play


def _which(parameters: Json) -> tuple[Json | None, str]:
    return parameters.get("scope"), parameters.get("language_code", "")
