"""What S3 holds a request against before it looks at its signature: its path, and how it is authenticated.

https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

from __future__ import annotations

from urllib.parse import parse_qs, unquote_to_bytes

from mocksls._kernel.errors import AwsError
from mocksls._kernel.http import HttpRequest

_KNOWN = ("AWS ", "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256")
_ONE_ONLY = (
    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or "
    "the Authorization header should be specified"
)


def check_s3_request(request: HttpRequest) -> None:
    """Refuse what S3 does not read any further.

    Raises:
        AwsError: InvalidURI (a path that spells no UTF-8 text), InvalidArgument (a header of another scheme, as HTTP
            clients take along to a presigned URL that they are redirected to).
    """
    try:
        unquote_to_bytes(request.path).decode()
    except UnicodeDecodeError:
        raise AwsError("InvalidURI", "Couldn't parse the specified URI.", status=400) from None
    authorization = request.header("authorization")
    if not authorization:
        return
    query = parse_qs(request.query, keep_blank_values=True)
    if "X-Amz-Algorithm" in query or "Signature" in query:
        raise _refused(_ONE_ONLY, authorization)
    if not authorization.startswith(_KNOWN):
        raise _refused("Unsupported Authorization Type", authorization)


def _refused(text: str, authorization: str) -> AwsError:
    members = {"ArgumentName": "Authorization", "ArgumentValue": authorization}
    return AwsError("InvalidArgument", text, status=400, members=members)
