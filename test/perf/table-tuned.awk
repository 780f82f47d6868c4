# The same table without splitting the line: the time is cut from the right end. Faster than table.awk by a tenth or two;
# a second yardstick, for context. Name, calls, errors (restarts among them), time in all and the longest, in nanoseconds.
#
#     I1125 19:40:57.823484    6792 strace.go:605] [   1:   1] sh X access(0x7f.. /x, 0o4) = 0 (0x0) errno=2 (no such file or directory) (53.239µs)

{
  at = index($0, " X ")
  if (!at) next
  name = substr($0, at + 3, 32)
  name = substr(name, 1, index(name, "(") - 1)
  calls[name]++
  if (index($0, "errno=")) errors[name]++
  time = substr($0, length($0) - 22)
  while (part = index(time, "(")) time = substr(time, part + 1)
  time = substr(time, 1, length(time) - 2)
  unit = substr(time, length(time), 1)
  # 480n, 53.239µ, 2.3m, and what ends in seconds: 1.5, 7m35.1, 1h2m3.5
  if (unit == "n") nanos = substr(time, 1, length(time) - 1) + 0
  else if (unit == "m") nanos = substr(time, 1, length(time) - 1) * 1000000
  else if (unit == "\265") nanos = substr(time, 1, length(time) - 2) * 1000
  else {
    nanos = 0
    if (part = index(time, "h")) { nanos += substr(time, 1, part - 1) * 3600000000000; time = substr(time, part + 1) }
    if (part = index(time, "m")) { nanos += substr(time, 1, part - 1) * 60000000000; time = substr(time, part + 1) }
    nanos += time * 1000000000
  }
  nanos = int(nanos + 0.5)
  total[name] += nanos
  if (nanos > longest[name]) longest[name] = nanos
}

END { for (name in calls) printf "%s %d %d %.0f %.0f\n", name, calls[name], errors[name], total[name], longest[name] }
