"""Stories: recorded, told once, found again."""
