"""Run a Python callable apart: zygote, environments, limits, channel; ``child`` is what runs in the child."""

from .inline import inline_token
from .programs import missing_program
from .sandbox import Sandbox
from .sources import callable_code, directory_code, zip_code
from .spec import Code, Environment, EnvironmentSpec, Home, InvocationContext, Outcome

__all__ = [
    "Code",
    "Environment",
    "EnvironmentSpec",
    "Home",
    "InvocationContext",
    "Outcome",
    "Sandbox",
    "callable_code",
    "directory_code",
    "inline_token",
    "missing_program",
    "zip_code",
]
