"""Runs a command on a pseudo terminal: argument is a job as JSON, the answer is printed as JSON.

job:    argv; env; terminals: which of stdin, stdout, stderr are the terminal (others: /dev/null, or a pipe that is read);
        typed: [{text, until}]: what is typed, and the text that must have come out before the next is typed.
answer: code; stdout and stderr (of pipes), screen (of the terminal); late: the steps whose text did not come in time.
"""

import json
import os
import pty
import select
import subprocess
import sys
import termios
import time

PATIENCE = 15.0
job = json.loads(sys.argv[1])
terminals = job["terminals"]
master, slave = pty.openpty()
# What is typed must not be taken for output.
settings = termios.tcgetattr(slave)
settings[3] &= ~termios.ECHO
settings[1] &= ~termios.OPOST
termios.tcsetattr(slave, termios.TCSANOW, settings)

child = subprocess.Popen(
    job["argv"],
    stdin=slave if "stdin" in terminals else subprocess.DEVNULL,
    stdout=slave if "stdout" in terminals else subprocess.PIPE,
    stderr=slave if "stderr" in terminals else subprocess.PIPE,
    env=job["env"],
    start_new_session=True,
)
os.close(slave)
names = {master: "screen"}
if child.stdout:
    names[child.stdout.fileno()] = "stdout"
if child.stderr:
    names[child.stderr.fileno()] = "stderr"
heard = {"screen": b"", "stdout": b"", "stderr": b""}
late = []


def listen(enough, patience=PATIENCE):
    """Reads all outputs until `enough()` or until nothing more can come; says whether it was enough."""
    end = time.monotonic() + patience
    while not enough():
        left = end - time.monotonic()
        if left <= 0:
            return False
        if not names:  # all outputs are closed; the child may still be on its way out
            time.sleep(min(left, 0.02))
            continue
        for fd in select.select(list(names), [], [], min(left, 0.05))[0]:
            try:
                data = os.read(fd, 65536)
            except OSError:  # the terminal was left by all
                data = b""
            if data:
                heard[names[fd]] += data
            else:
                del names[fd]
    return True


for index, step in enumerate(job["typed"]):
    os.write(master, step["text"].encode())
    until = step.get("until", "").encode()
    if not listen(lambda: until in heard["stdout"] + heard["screen"]):
        late.append(index)
ended = listen(lambda: child.poll() is not None)
if not ended and child.poll() is None:
    child.kill()
    late.append("end")
listen(lambda: False, 0.3)
answer = {name: data.decode("utf-8", "replace") for name, data in heard.items()}
print(json.dumps({"code": child.wait(), "late": late, **answer}))
