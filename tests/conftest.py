"""Its being here puts this folder on the import path: tests of all folders share `networks.py`."""

import signal

# A shell lets its background jobs ignore interruptions, and what they start inherits that; tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)
