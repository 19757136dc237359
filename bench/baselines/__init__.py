"""What others would do in our place, as small and as honest as can be."""
