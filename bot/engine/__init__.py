"""Conversations as tables of steps, and the pure functions that decide what an event does to one."""
