"""Those around a learner: guardians with their few status words, and the tutor at the host's."""
