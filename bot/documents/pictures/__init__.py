"""Pictures that go with messages: facts in, a drawing out. Nothing is read and nothing is sent here."""
