"""Measurements: ratios against a floor and against moto in the same run, never timed tests."""
