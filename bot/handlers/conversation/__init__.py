"""Conversations with learners: sessions and their silences, what is due, files, tasks, changes of a stay."""
