"""PartiQL as DynamoDB reads it: SELECT, INSERT, UPDATE, DELETE and EXISTS on one table or index.

Conditions and updates become the trees of the expression language, so that both mean the same.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
"""
