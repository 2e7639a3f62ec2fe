"""Its being here puts this folder on the import path: tests of all folders share `networks.py`."""
