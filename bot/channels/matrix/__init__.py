"""Matrix: end-to-end encrypted rooms of two. What comes is stored before the sync token moves; keys go to signed devices."""

import logging

from bot.channels.matrix.channel import MatrixChannel
from bot.channels.matrix.folder import Folder
from bot.channels.matrix.setup import repair, setup
from bot.channels.matrix.sign_in import Account, CannotSignIn
from bot.channels.matrix.syncing import Syncing

__all__ = ["Account", "CannotSignIn", "Folder", "MatrixChannel", "Syncing", "repair", "setup"]

logging.getLogger("nio").setLevel(logging.CRITICAL)  # its warnings name people and their devices
