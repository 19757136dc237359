"""A real Matrix homeserver on loopback, with people in front of it who talk and tap chips. See README.md."""
