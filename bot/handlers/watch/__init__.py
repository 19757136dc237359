"""Compagnon watches itself: what is due is woken, an auditor looks for what did not take place, outages are told."""
