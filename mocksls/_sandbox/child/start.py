"""The script that a child process runs: makes the private package, then hands over to the zygote or an environment."""

import importlib
import sys
import types
from pathlib import Path

_PACKAGE = "_mocksls_child"


def _make_packages() -> None:
    """Two packages without an ``__init__`` of their own, so that nothing of ``mocksls`` is executed."""
    here = Path(__file__).resolve().parent
    for name, folder in ((_PACKAGE, here.parent.parent), (f"{_PACKAGE}._sandbox", here.parent)):
        module = types.ModuleType(name)
        module.__path__ = [str(folder)]
        module.__package__ = name
        sys.modules[name] = module
    sys.path[:] = [entry for entry in sys.path if entry != str(here)]


def _main() -> None:
    _make_packages()
    role, *arguments = sys.argv[1:]
    module = importlib.import_module(f"{_PACKAGE}._sandbox.child.{role}")
    module.main(*(int(argument) for argument in arguments))


if __name__ == "__main__":
    _main()
