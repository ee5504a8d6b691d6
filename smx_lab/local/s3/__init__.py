"""S3 beside the local service: rclone over a folder of buckets.

The service runs `server`; the command line asks `health`; jobs wait for `dir_cache`.
"""
