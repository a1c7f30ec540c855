"""DynamoDB's expression language: conditions, key conditions, updates and projections.

``Scope`` is the way in: it holds the placeholders of one request and turns texts into things that can be applied.
"""
