"""The data directory of the local service, its keys, and how other processes find and start it.

Everything here may be imported from outside ``smx_lab.local`` too: `launch` finds, starts and stops
the service, `client_environment` has the variables that point an AWS SDK to it.
"""
