"""Pages of ours: the chat, the desk, those for families and host tutors, and what all of them have in common."""
