"""What is made for eyes or paper: pictures, sheets of invitations, and files made anew."""
