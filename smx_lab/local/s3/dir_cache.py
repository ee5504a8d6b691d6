"""How long the S3 server may answer from what it has read of a folder.

Standard library only: the processes beside the service import it.
"""

from __future__ import annotations

import time

# Our choice: a person does not notice it, and with none at all rclone deadlocks (process.command).
DIR_CACHE_S = 0.01


def wait_until_s3_shows() -> None:
    """Wait until the S3 server shows what was just written into a bucket's folder."""
    time.sleep(DIR_CACHE_S)
