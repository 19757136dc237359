"""The ways to reach people, one library each and none knows another; `arrival` is what they share when something comes in."""
