"""Looking cities up: search, pages of cities and countries, the network of ties."""
