"""The stages of a build, one module each.

A stage is a function over explicit inputs; it reads what an earlier stage left in the build folder, calls the
rooms that know how, writes whole files and returns what it found. The command line and notebooks call the same
functions.
"""
