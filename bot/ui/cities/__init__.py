"""Cards of cities and of the ties between them."""
