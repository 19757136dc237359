"""The settings of one installation: the environment, then a folder of secrets, then `config.toml`."""

from bot.config.sources import ConfigError, read, written_at
from bot.config.tables import Config

__all__ = ["Config", "ConfigError", "read", "written_at"]
