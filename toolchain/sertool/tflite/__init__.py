"""Reading and writing .tflite files, and the forms of them that people who link TFLite Micro use."""

from sertool.tflite.carray import c_array
from sertool.tflite.lut import compress
from sertool.tflite.reader import read
from sertool.tflite.writer import write

__all__ = ["c_array", "compress", "read", "write"]
