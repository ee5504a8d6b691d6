"""Archives, and where inputs, code and outputs lie on this machine."""
