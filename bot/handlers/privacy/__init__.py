"""Rights of persons: what is held about somebody, a copy of it, and its erasure."""
