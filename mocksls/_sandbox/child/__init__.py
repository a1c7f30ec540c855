"""What runs in the child: the zygote, an execution environment, Lambda's runtime client.

Loaded under the private package name ``_mocksls_child``, without ``mocksls``; standard library only until the
zygote is up, botocore lazily after that.
"""
