"""A school's folder, as the commands have it."""

from tests.commands.conftest import folder as folder
