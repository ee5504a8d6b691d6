"""Values and rules: no file, network, clock or framework."""
