"""What a user can ask for, by HTTP, in a notebook or on the command line.

Entry points get all of it from `container`.
"""
