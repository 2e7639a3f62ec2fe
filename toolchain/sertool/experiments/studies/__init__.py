"""Studies: each says which trials on which cases there are, and what their rows say together."""
