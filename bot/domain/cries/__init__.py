"""Words that may be a cry: a text without its disguises, the lists of each language, and what is found of one in the other."""
