"""Where inputs, code and outputs are on this machine, and how they are copied, packed, unpacked."""
