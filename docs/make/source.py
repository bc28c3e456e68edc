# SPDX-License-Identifier: GPL-2.0-only
"""What the sources of the modules say to people: their strings, and where they stand."""
import pathlib
import re

TOKEN = re.compile(r"""/\*.*?\*/ | //[^\n]* | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*'
                       | [A-Za-z_]\w* | \s+ | .""", re.S | re.X)
UNESCAPE = {r"\n": "", r'\"': '"', r"\\": "\\"}


def files(*folders):
    """The .c and .h files below folders of the current one, in order."""
    return sorted(path for folder in folders for kind in ("*.c", "*.h")
                  for path in pathlib.Path(folder).rglob(kind))


class String:
    """A string of a source file: adjacent literals are one."""

    def __init__(self, path, line, call, first):
        self.path, self.line = path, line
        self.call = call    # the function or macro that has it among its arguments
        self.first = first  # no other string of that call is before it
        self.text = ""


def strings(path):
    """Yield the strings of a file."""
    calls, name, string, line = [], "", None, 1
    for token in TOKEN.findall(path.read_text()):
        if token.startswith('"'):
            if not string:
                call = calls[-1] if calls else ["", False]
                string = String(path, line, call[0], not call[1])
                call[1] = True
            string.text += re.sub(r'\\[n"\\]', lambda m: UNESCAPE[m[0]], token[1:-1])
        elif not token.isspace() and not token.startswith(("/*", "//")):
            if string:
                yield string
                string = None
            if token == "(":
                calls.append([name, False])
            elif token == ")" and calls:
                calls.pop()
            name = token
        line += token.count("\n")


def modules(kbuild):
    """The module of each object that a Kbuild file names: {"core/main.o": "ims_core"}."""
    folder, found = kbuild.parent, {}
    text = kbuild.read_text().replace("\\\n", " ")
    for name, objects in re.findall(r"^(\w+)-(?:y|objs)\s*[:+]?=(.*)$", text, re.M):
        if name not in ("obj", "ccflags"):
            found.update({str(folder / each): name for each in objects.split()})
    return found
