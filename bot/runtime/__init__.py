"""What runs for ever: inbox, tick, delivery, audit, the platforms at work, and what ends the process when one of them ends."""
