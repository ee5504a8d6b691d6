"""S3 beside the local service: rclone over a folder of buckets."""
