"""Keeps one table in step with SageMaker: ``TableSync``, its ``state``, and what it needs to be
made (``Clocks``, ``TableOnDisk``). The rest is this room's own."""
