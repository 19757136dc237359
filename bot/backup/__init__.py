"""Backups: one encrypted file with everything an installation is, proved by restoring it; and the way back."""
