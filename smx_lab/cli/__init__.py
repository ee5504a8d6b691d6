"""The command line: ``smx-lab`` and its subcommands, one module each."""
