"""Its being here puts this folder on the import path: tests of all folders share `networks.py`."""

import os
import signal

# `make test` tells its own settings to every make below it, and would to the projects that tests build.
for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
    os.environ.pop(name, None)

# A shell lets its background jobs ignore interruptions, and what they start inherits that; tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)
