# The table of a native trace (strace -f -tt -T -o): name, calls, errors, time in all and the longest, in nanoseconds.
#
#     104   21:16:48.811135 openat(AT_FDCWD</srv>, "x", O_RDONLY) = -1 ENOENT (No such file or directory) <0.000965>

{
  at = index($3, "(")
  if (!at) next
  name = substr($3, 1, at - 1)
  if (substr($NF, 1, 1) != "<") next
  nanos = int(substr($NF, 2, length($NF) - 2) * 1000000000 + 0.5)
  calls[name]++
  if ($0 ~ / = (-1|[?]) E[A-Z0-9_]+ [(]/) errors[name]++
  total[name] += nanos
  if (nanos > longest[name]) longest[name] = nanos
}

END { for (name in calls) printf "%s %d %d %.0f %.0f\n", name, calls[name], errors[name], total[name], longest[name] }
