"""First steps: the questions a new installation asks, each answer checked at once, and the files made of the answers."""
