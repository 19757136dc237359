"""What goes out: taken in hand, put into words, and what became of it."""
