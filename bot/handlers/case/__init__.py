"""Cases: what opens them, who is told, what adults do with them; SOS, distress, and words passed on to a learner."""
