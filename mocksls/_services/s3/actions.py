"""Actions and resources of the operations, for authorisation.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

from __future__ import annotations

# a write also needs the permissions for what it brings along
_PUT = [("s3:PutObject", "object"), ("s3:PutObjectTagging", "object with tags"), ("s3:PutObjectAcl", "object with acl")]

ACTIONS: dict[str, tuple[str, str] | list[tuple[str, str]]] = {
    "CreateBucket": ("s3:CreateBucket", "new bucket"),
    "DeleteBucket": ("s3:DeleteBucket", "bucket"),
    "HeadBucket": ("s3:ListBucket", "bucket"),
    "ListBuckets": ("s3:ListAllMyBuckets", "*"),
    "GetBucketLocation": ("s3:GetBucketLocation", "bucket"),
    "PutBucketPolicy": ("s3:PutBucketPolicy", "bucket"),
    "GetBucketPolicy": ("s3:GetBucketPolicy", "bucket"),
    "DeleteBucketPolicy": ("s3:DeleteBucketPolicy", "bucket"),
    "PutBucketNotificationConfiguration": ("s3:PutBucketNotification", "bucket"),
    "GetBucketNotificationConfiguration": ("s3:GetBucketNotification", "bucket"),
    "PutBucketTagging": ("s3:PutBucketTagging", "bucket"),
    "GetBucketTagging": ("s3:GetBucketTagging", "bucket"),
    "DeleteBucketTagging": ("s3:PutBucketTagging", "bucket"),
    "ListObjects": ("s3:ListBucket", "bucket"),
    "ListObjectsV2": ("s3:ListBucket", "bucket"),
    "ListMultipartUploads": ("s3:ListBucketMultipartUploads", "bucket"),
    "PutObject": _PUT,
    "GetObject": ("s3:GetObject", "object"),
    "HeadObject": ("s3:GetObject", "object"),
    "CopyObject": [*_PUT, ("s3:GetObject", "source")],
    "DeleteObject": ("s3:DeleteObject", "object"),
    "DeleteObjects": ("s3:DeleteObject", "each key"),
    "PutObjectTagging": ("s3:PutObjectTagging", "object"),
    "GetObjectTagging": ("s3:GetObjectTagging", "object"),
    "DeleteObjectTagging": ("s3:DeleteObjectTagging", "object"),
    "CreateMultipartUpload": _PUT,
    "UploadPart": ("s3:PutObject", "object"),
    "UploadPartCopy": [("s3:PutObject", "object"), ("s3:GetObject", "source")],
    "CompleteMultipartUpload": ("s3:PutObject", "object"),
    "AbortMultipartUpload": ("s3:AbortMultipartUpload", "object"),
    "ListParts": ("s3:ListMultipartUploadParts", "object"),
}
