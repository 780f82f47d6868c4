#!/usr/bin/env bash
# Makes the folder samples/: real runsc logs from real runs, a folder a run, with what truly happened in sample.json.
#
#   make-samples.sh RUNSC_DIR OUT_DIR [SCENARIO ...]
#
# RUNSC_DIR holds runsc-20221219 and runsc-20240729; OUT_DIR is samples/. With names of scenarios only those are made
# again. Needs root, bash, jq, gcc, util-linux and a static busybox.
#
# Everything runs in namespaces of its own (mounts, processes, host name) with an empty environment, for two reasons:
# nothing of the machine gets into a log, and nothing is left behind: with the first process of the process namespace
# all sandboxes end, and with the mount namespace all bundles go.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
me=$here/$(basename "${BASH_SOURCE[0]}")

die() {
  echo "make-samples: $*" >&2
  exit 1
}

if [ "${1:-}" != --inside ]; then
  [ $# -ge 2 ] || die "usage: make-samples.sh RUNSC_DIR OUT_DIR [SCENARIO ...]"
  [ "$(id -u)" = 0 ] || die "must run as root"
  for tool in jq gcc unshare busybox setpriv; do
    command -v "$tool" > /dev/null || die "$tool is missing"
  done
  binaries=$(cd "$1" && pwd)
  mkdir -p "$2" /tmp/runsc
  out=$(cd "$2" && pwd)
  shift 2
  # What must not be in a sample: this machine's name, and the values of its environment that are long enough to tell.
  forbidden=$(mktemp)
  trap 'rm -f "$forbidden"; rmdir /tmp/runsc 2> /dev/null || true' EXIT
  {
    printf '%s\n' /work/ "$(uname -r)" "$(uname -n)"
    env -0 | while IFS= read -r -d '' pair; do printf '%s\n' "${pair#*=}" | head -n 1; done
  } | awk 'length >= 10 || $0 == "/work/"' | grep -vxE '/usr/bin/.*|/root' | sort -u > "$forbidden"
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LC_ALL=C \
    unshare --mount --uts --pid --fork --kill-child --mount-proc bash "$me" --inside "$binaries" "$out" "$forbidden" "$@"
  exit
fi

binaries=$2 out=$3 forbidden=$4
shift 4
only=" $* "

# ---------------------------------------------------------------------------------------------------- the stage

hostname node
echo 2900 > /proc/sys/kernel/ns_last_pid # process ids as on a host that is up for a while
for dir in /run /tmp/runsc /usr/local/bin /srv /opt; do mount -t tmpfs -o mode=755 none "$dir"; done
mkdir -p /run/bundles /run/stage /srv/app

stage=/run/stage
logs=/tmp/runsc
runsc=/usr/local/bin/runsc

busybox=$(command -v busybox)
rootfs=$stage/rootfs
mkdir -p "$rootfs"/{bin,dev,etc,proc,sys,tmp,usr/bin,var/empty}
cp "$busybox" "$rootfs/bin/busybox"
for applet in sh cat chmod cp cut echo env grep head id kill ls mkdir mv nc rm sleep sort tail touch tr true wc; do
  ln -s busybox "$rootfs/bin/$applet"
done
echo web > "$rootfs/etc/hostname"
echo 'root:x:0:0:root:/root:/bin/sh' > "$rootfs/etc/passwd"
echo 'root:x:0:' > "$rootfs/etc/group"

# probe: one small program for all that a shell cannot do; greet: the same, but it needs libraries.
gcc -O1 -w -static -pthread -o "$stage/probe" "$here/samples-probe.c"
echo 'void greet(void) {}' > "$stage/greet.c"
gcc -O1 -shared -fPIC -Wl,-soname,libgreet.so.1 -o "$stage/libgreet.so.1" "$stage/greet.c"
gcc -O1 -w -pthread -Wl,--no-as-needed -o "$stage/greet" "$here/samples-probe.c" "$stage/libgreet.so.1"
cp "$stage/probe" "$rootfs/usr/bin/probe"

# What Docker would write for `docker run --runtime=runsc alpine`, without what no scenario needs.
base_spec() {
  cat << 'JSON'
{
  "ociVersion": "1.0.2",
  "process": {
    "user": { "uid": 0, "gid": 0 },
    "args": ["/bin/true"],
    "env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root"],
    "cwd": "/",
    "capabilities": {
      "bounding": ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_KILL", "CAP_NET_BIND_SERVICE", "CAP_SETGID", "CAP_SETUID"],
      "effective": ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_KILL", "CAP_NET_BIND_SERVICE", "CAP_SETGID", "CAP_SETUID"],
      "permitted": ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_KILL", "CAP_NET_BIND_SERVICE", "CAP_SETGID", "CAP_SETUID"]
    },
    "rlimits": [{ "type": "RLIMIT_NOFILE", "hard": 1024, "soft": 1024 }]
  },
  "root": { "path": "rootfs" },
  "hostname": "web",
  "mounts": [
    { "destination": "/proc", "type": "proc", "source": "proc" },
    { "destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"] },
    { "destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"] }
  ],
  "linux": {
    "namespaces": [
      { "type": "pid" }, { "type": "network" }, { "type": "ipc" }, { "type": "uts" }, { "type": "mount" }
    ]
  }
}
JSON
}

# ------------------------------------------------------------------------------------- words for the scenarios

# about TEXT, cause TEXT: for sample.json. decisive TEXT: must stand in the files; a sample that lacks it is no sample.
about() { about=$1; }
cause() { cause=$1; }
decisive() { decisive=$1; }

# flag FLAG ...: one more flag for every command of this scenario.
flag() { flags+=("$@"); }

# log_json: an error log beside the debug logs, as Docker and containerd ask for one.
log_json() { flag "--log=$logs/log.json" --log-format=json; }

# bundle ID FILTER: a bundle whose spec is the base one changed by a jq filter.
bundle() {
  rm -rf "/run/bundles/$1"
  mkdir -p "/run/bundles/$1"
  cp -a "$rootfs" "/run/bundles/$1/rootfs"
  base_spec | jq "${2:-.}" > "/run/bundles/$1/config.json"
}

# sh_bundle ID SCRIPT: a bundle that runs a shell script.
sh_bundle() { bundle "$1" ".process.args = [\"/bin/sh\", \"-c\", $(jq -n --arg s "$2" '$s')]"; }

# run_runsc ARGUMENT ...: the command in full, recorded: its line, its status, what its caller saw.
run_runsc() {
  local status=0
  commands+=("$runsc ${flags[*]} $*")
  "$runsc" "${flags[@]}" "$@" < /dev/null >> "$stage/stdout" 2>> "$stage/stderr" || status=$?
  [ "$exit" != 0 ] || exit=$status
}

# run_runsc_behind ARGUMENT ...: the same in the background; finish waits for it.
run_runsc_behind() {
  commands+=("$runsc ${flags[*]} $*")
  "$runsc" "${flags[@]}" "$@" < /dev/null >> "$stage/stdout" 2>> "$stage/stderr" &
  behind=$!
}
finish() {
  local status=0
  wait "$behind" || status=$?
  [ "$exit" != 0 ] || exit=$status
}

# run ID, create ID: the two commands that take a bundle.
run() { run_runsc run --bundle "/run/bundles/$1" "$1"; }
create() { run_runsc create --bundle "/run/bundles/$1" "$1"; }

# until_seen TEXT: waits until a log holds the text, since a signal that comes too early gives another sample each time.
until_seen() {
  local i
  for ((i = 0; i < 200; i++)); do
    ! grep -qrFa -- "$1" "$logs" "$stage/stdout" || return 0
    sleep 0.1
  done
  die "$scenario: waited 20 s in vain for: $1"
}

# signal_sandbox SIGNAL: a signal to the boot process, whose id the creating command logs.
signal_sandbox() {
  local pid
  pid=$(grep -rhoaE 'Sandbox started, PID: [0-9]+' "$logs" | head -n 1 | grep -oE '[0-9]+$')
  kill "-$1" "$pid"
}

# ------------------------------------------------------------------------------------------ healthy scenarios

greeting='echo hi; ls /; cat /etc/hostname | wc -c'

healthy() {
  about 'A shell runs echo, ls and a pipe of two programs, and leaves with status 0.'
  decisive 'Exiting with status: 0'
  sh_bundle web "$greeting"
  run web
}

# ------------------------------------------------------------------------------- containers that do not start

args0_not_found() {
  about 'run of a container whose program is not in the image.'
  cause 'process.args[0] is the absolute path /usr/bin/webapp, and the image has no such file.'
  decisive 'failed to load /usr/bin/webapp: no such file or directory'
  bundle web '.process.args = ["/usr/bin/webapp", "--port=80"]'
  log_json
  run web
}

bind_source_missing() {
  about 'create of a container with a bind mount from a host folder that is not there.'
  cause 'The source /srv/app/data of the bind mount at /data does not exist on the host; the gofer dies of it.'
  decisive '/srv/app/data: no such file or directory'
  bundle web '.mounts += [{destination: "/data", type: "bind", source: "/srv/app/data", options: ["rbind"]}]'
  log_json
  create web
}

rootfs_missing() {
  about 'create of a container whose bundle has no root file system.'
  cause 'root.path names the folder rootfs of the bundle, and /run/bundles/web/rootfs does not exist.'
  decisive '/run/bundles/web/rootfs'
  bundle web
  rm -r /run/bundles/web/rootfs
  create web
}

# ---------------------------------------------------------------------------------------------------- the table

# name                    releases   format    outcome        function
scenarios='
healthy-text              both       text      healthy        healthy
healthy-json              both       json      healthy        healthy
args0-not-found           both       text      failed-start   args0_not_found
bind-source-missing       both       text      failed-start   bind_source_missing
rootfs-missing            both       text      failed-start   rootfs_missing
'

# ------------------------------------------------------------------------------------------------------ the loop

platform_of() { case $1 in 20221219) echo ptrace ;; *) echo systrap ;; esac; }

# make RELEASE NAME FORMAT OUTCOME FUNCTION: one run, one folder.
make() {
  local release=$1 name=$2 format=$3 outcome=$4 function=$5
  local about='' cause='' decisive='' exit=0 behind='' platform commands=() flags=()
  local folder=$out/release-$release/$name
  scenario=$release/$name
  platform=$(platform_of "$release")
  find "$logs" -mindepth 1 -delete
  rm -rf /run/bundles/* /run/runsc /srv/app/*
  : > "$stage/stdout"
  : > "$stage/stderr"
  flags=(--debug "--debug-log=$logs/" --strace --network=none --ignore-cgroups "--platform=$platform")
  [ "$format" = text ] || flag "--debug-log-format=$format"

  "$function"

  # Whatever still runs ends without a trace in the sample.
  for id in $("$runsc" list -quiet 2> /dev/null || true); do "$runsc" delete --force "$id" > /dev/null 2>&1 || true; done
  [ -n "$about" ] || die "$scenario says nothing about itself"
  [ -z "$decisive" ] || cat "$logs"/* | tr -d '\\' | grep -Fa -- "$(printf %s "$decisive" | tr -d '\\')" > /dev/null || {
    cat "$stage/stderr" >&2
    die "$scenario: the logs do not hold: $decisive"
  }
  [ "$outcome" != healthy ] || [ "$exit" = 0 ] || die "$scenario should be healthy and left with $exit: $(cat "$stage/stderr")"
  [ "$outcome" = healthy ] || [ "$exit" != 0 ] || die "$scenario should have failed"

  rm -rf "$folder"
  mkdir -p "$folder"
  cp "$logs"/* "$folder/"
  find "$folder" -name '*.boot.txt' -size +"$gzip_above" -exec gzip -9n {} +
  chmod 644 "$folder"/*
  lines() { jq -R . | jq -s .; }
  jq -n --arg about "$about" --arg release "release-$release.0" --arg platform "$platform" --arg format "$format" \
    --argjson command "$(printf '%s\n' "${commands[@]}" | lines)" --arg outcome "$outcome" --argjson exit "$exit" \
    --arg cause "$cause" --arg decisive "$decisive" --rawfile stderr "$stage/stderr" \
    --argjson files "$(cd "$folder" && printf '%s\n' * | lines)" '
      { $about, $release, $platform, $format, $command, $outcome, $exit, $cause, $decisive, $stderr, $files,
        made: "by test/tools/make-samples.sh" } | del(.cause, .decisive, .stderr | select(. == ""))' > "$stage/sample.json"
  cp "$stage/sample.json" "$folder/sample.json"
  printf '%-9s %-28s %4s KB  exit %s\n' "$release" "$name" "$(du -sk "$folder" | cut -f1)" "$exit"
}

gzip_above=150k

for release in 20221219 20240729; do
  cp "$binaries/runsc-$release" "$runsc"
  while read -r name releases format outcome function; do
    [ -n "$name" ] || continue
    [ "$releases" = both ] || [ "$releases" = "$release" ] || continue
    [ "$only" = '  ' ] || [[ $only == *" $name "* ]] || continue
    make "$release" "$name" "$format" "$outcome" "$function"
  done <<< "$scenarios"
done

# A sample must not tell where it was made.
if find "$out" -type f -name '*.gz' -exec zcat {} + | grep -aFf "$forbidden" | cut -c1-200 | head -n 5 | grep . ||
  grep -raFf "$forbidden" --include='runsc.log*' --include='*.json' "$out" | cut -c1-300 | head -n 5 | grep .; then
  die 'the samples hold facts of this machine (above)'
fi
