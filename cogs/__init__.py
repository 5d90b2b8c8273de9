"""One module per command family; a command calls a use case, renders, replies."""
