"""Runs a program in a pseudo-terminal and tells what it shows: a line of JSON in, a line of JSON out.

In:  {"keys": "text"}, {"size": [columns, rows]}, {"signal": 15}, or {} to look.
Out: {"screen": ["..."], "other": on the other screen?, "cursor": is it shown?, "ended": exit code or null, "same": is the terminal set as before?,
      "strange": what it was told that no program of good manners tells}
"""
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import unicodedata


class Screen:
    def __init__(self, columns, rows):
        self.other = False
        self.cursor = True
        self.left = b""
        self.strange = []
        self.resize(columns, rows)

    def resize(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.clear()
        self.row = self.column = 0

    def clear(self):
        self.cells = [[" "] * self.columns for _ in range(self.rows)]

    def take(self, data):
        text = (self.left + data)
        cut = len(text)
        while cut > 0 and cut > len(text) - 4:
            try:
                decoded = text[:cut].decode("utf-8")
                break
            except UnicodeDecodeError:
                cut -= 1
        else:
            decoded = text[:cut].decode("utf-8", "replace")
        self.left = text[cut:]
        i = 0
        while i < len(decoded):
            c = decoded[i]
            if c == "\x1b":
                end = self.sequence(decoded, i)
                if end is None:
                    self.left = decoded[i:].encode("utf-8") + self.left
                    return
                i = end
                continue
            i += 1
            if c == "\r":
                self.column = 0
            elif c == "\n":
                self.row = min(self.rows - 1, self.row + 1)
            elif ord(c) < 32 or unicodedata.category(c) in ("Cc", "Cf"):
                self.strange.append("U+%04X" % ord(c))
            else:
                self.put(c)

    def put(self, c):
        width = 0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        if width == 0:
            return
        if 0 <= self.row < self.rows and self.column < self.columns:
            self.cells[self.row][self.column] = c
            if width == 2 and self.column + 1 < self.columns:
                self.cells[self.row][self.column + 1] = ""
        self.column += width

    def sequence(self, text, start):
        if start + 1 >= len(text):
            return None
        if text[start + 1] != "[":
            self.strange.append("ESC " + text[start + 1])
            return start + 2
        end = start + 2
        while end < len(text) and not "@" <= text[end] <= "~":
            end += 1
        if end >= len(text):
            return None
        self.control(text[start + 2:end], text[end])
        return end + 1

    def control(self, inner, final):
        if final == "m":
            return
        if final == "H":
            parts = [int(part or 1) for part in (inner or "1;1").split(";")]
            self.row, self.column = parts[0] - 1, (parts + [1])[1] - 1
        elif final == "K":
            for column in range(min(self.column, self.columns), self.columns):
                self.cells[self.row][column] = " "
        elif final == "J":
            self.clear()
        elif final in "hl" and inner == "?1049":
            self.other = final == "h"
            self.clear()
        elif final in "hl" and inner == "?25":
            self.cursor = final == "h"
        elif final in "hl" and inner in ("?2004", "?1"):
            pass
        elif final in ">=":
            pass
        else:
            self.strange.append("CSI %s%s" % (inner, final))

    def lines(self):
        return ["".join(cells).rstrip() for cells in self.cells]


def main():
    columns, rows = int(sys.argv[1]), int(sys.argv[2])
    parent, child = pty.openpty()
    fcntl.ioctl(parent, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    before = termios.tcgetattr(child)
    process = os.fork()
    if process == 0:
        os.close(parent)
        os.setsid()
        fcntl.ioctl(child, termios.TIOCSCTTY, 0)
        for file in (0, 1, 2):
            os.dup2(child, file)
        os.execvp(sys.argv[3], sys.argv[3:])
    screen = Screen(columns, rows)
    ended = None

    def drain(seconds):
        while select.select([parent], [], [], seconds)[0]:
            try:
                data = os.read(parent, 65536)
            except OSError:
                return
            if not data:
                return
            screen.take(data)
            seconds = 0.01

    for line in sys.stdin:
        asked = json.loads(line)
        if "keys" in asked:
            os.write(parent, asked["keys"].encode("utf-8"))
        if "size" in asked:
            columns, rows = asked["size"]
            screen.resize(columns, rows)
            fcntl.ioctl(parent, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if "signal" in asked and ended is None:
            os.kill(process, asked["signal"])
        drain(0.05)
        if ended is None:
            found, status = os.waitpid(process, os.WNOHANG)
            if found == process:
                drain(0.05)
                ended = os.waitstatus_to_exitcode(status)
        print(json.dumps({
            "screen": screen.lines(),
            "other": screen.other,
            "cursor": screen.cursor,
            "ended": ended,
            "same": termios.tcgetattr(child) == before,
            "strange": screen.strange,
        }), flush=True)
    if ended is None:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


main()
