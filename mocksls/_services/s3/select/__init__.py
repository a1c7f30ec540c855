"""S3 Select: queries on CSV and JSON objects.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-select-sql-reference.html
"""
