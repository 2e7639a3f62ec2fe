"""sertool: from recordings of emotional speech to bit-exact firmware for Cortex-M boards."""

__version__ = "0.1.0"
