"""Events: announcing, answering, changing, and all that happens around them."""
