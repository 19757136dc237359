"""What could be wrong with an installation, and what to do about it: one file per subject."""
