"""Botocore's two seams and the HTTP fronts, as code that takes ``send(call) -> answer`` and knows no cloud."""
