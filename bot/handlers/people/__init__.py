"""How people come in and who they are: invitations, confirming, guardians, the roster, the team, visits to the desk."""
