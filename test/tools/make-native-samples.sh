#!/usr/bin/env bash
# Makes samples/native/: traces of native strace(1), a folder an option set, of one program that does the same each time.
#
#   make-native-samples.sh OUT_DIR STRACE [STRACE ...]
#
# OUT_DIR is samples/native; each STRACE is a binary (`strace`, and those of fetch-strace.sh). Needs root, gcc, jq and
# unshare. The program runs in namespaces of its own, so that ids, paths and names are those of no machine.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
me=$here/$(basename "${BASH_SOURCE[0]}")

if [ "${1:-}" != --inside ]; then
  [ $# -ge 2 ] || { echo "usage: make-native-samples.sh OUT_DIR STRACE [STRACE ...]" >&2; exit 2; }
  mkdir -p "$1"
  out=$(cd "$1" && pwd)
  shift
  stage=$(mktemp -d)
  trap 'rm -rf "$stage"' EXIT
  gcc -O1 -static -pthread -o "$stage/probe" "$here/native-probe.c"
  for strace in "$@"; do
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C TZ=UTC \
      unshare --mount --uts --pid --fork --kill-child --mount-proc bash "$me" --inside "$out" "$stage/probe" "$strace"
  done
  exit
fi

out=$2 probe=$3 strace=$4
version=$("$strace" --version | sed -n 's/^strace -- version \([0-9.]*\).*/\1/p')
hostname node
cp "$probe" /run/native-probe-$$
mount -t tmpfs -o mode=755 none /srv
mkdir /srv/app
mv /run/native-probe-$$ /srv/app/probe

# The environment stands in the trace.
clean=(env -i PATH=/usr/bin:/bin LC_ALL=C)

# make NAME ABOUT [OPTION ...]: one trace. `-ff` makes a file a task; `terminal` writes where the program writes.
make() {
  local name=$1-$version about=$2
  shift 2
  local folder=$out/$name
  rm -rf "$folder"
  mkdir -p "$folder"
  cd /srv/app
  echo 100 > /proc/sys/kernel/ns_last_pid
  local command="strace $* /srv/app/probe" exit=0
  case $1 in
    terminal)
      shift
      command="strace $* /srv/app/probe 2> native.strace"
      "${clean[@]}" "$strace" "$@" /srv/app/probe 2> "$folder/native.strace" || exit=$?
      ;;
    *) "${clean[@]}" "$strace" "$@" -o "$folder/native.strace" /srv/app/probe 2> /dev/null || exit=$? ;;
  esac
  rm -rf /srv/app/data.txt /srv/app/*'='* /srv/app/*'<'* /srv/app/na*
  jq -n --arg about "$about" --arg release "strace $version" --arg command "$command" --argjson exit "$exit" \
    --argjson files "$(cd "$folder" && printf '%s\n' * | jq -R . | jq -s .)" '
      { $about, $release, format: "native-strace", command: [$command], outcome: "healthy", $exit, decisive: "",
        $files, made: "by test/tools/make-native-samples.sh" }' > "$folder/sample.json"
  chmod 644 "$folder"/*
}

make plain "The first task alone, without times." -E A=B
make follow "All tasks into one file, with clock, times and paths of descriptors." -f -tt -T -y
make terminal "To a terminal: the program's own output and strace's words stand within lines." terminal -f
make epoch "Time as seconds since 1970, and instruction pointers." -f -ttt -i
make relative "Clock, time since the line before, and numbers of calls." -f -t -r -n
make stack "With the stack below each call." -f -k
make raw "Constants as numbers; descriptors with all that is known." -f -yy -X raw
make verbose "Constants as numbers and names, nothing abbreviated, text in hexadecimal." -f -v -x -X verbose
make table "The table of calls alone." -f -c
make both "The trace, then the table." -f -C -T
make tasks "A file a task, whose name ends in it." -ff -tt -T
make names "With the names of tasks, and the bytes that were written." -f -Y -e write=all
make succeeded "Only calls that succeed." -f -z
make failed "Only calls that fail." -f -Z
