"""Run long work in steps and keep its state on disk.

Services register a `Kind` of operation with `Operations`; its steps report to `Progress`.
"""
