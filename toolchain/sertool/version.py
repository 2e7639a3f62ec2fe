"""The version of sertool."""

__version__ = "0.1.0"
