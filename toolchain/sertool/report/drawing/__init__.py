"""Geometry of the report's pictures: positions in per cent of the width, so that text keeps its size.

Each module turns a part of the report into frozen shapes; the templates of the same name print them as SVG.
"""
