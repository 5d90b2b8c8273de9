"""The Sister City Bot: what it decides, and the client that talks to Discord."""
