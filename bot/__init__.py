"""The Sister City Bot: what it decides, and the client that talks to Discord."""

__version__ = "0.1.0"
