"""Engines that run an integer graph: reference, tflm, tflite, host, emulator and board."""
