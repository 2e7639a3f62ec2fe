"""Sweeps: widths and hidden sizes together, one point and seed at a time, on one machine or several."""
