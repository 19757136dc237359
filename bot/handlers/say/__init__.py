"""What every decision writes down: messages for the outbox, the values their texts name, marks, consents, links."""
