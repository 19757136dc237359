"""What comes in: kept first, then given to the one handler that it is meant for."""
