"""The `sertool` command: each module here parses, calls one stage and prints."""
