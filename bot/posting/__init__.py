"""Everything the bot says on its own account: the outbox, its targets, edits, and the gate to Discord."""
