#!/usr/bin/env bash
# Makes test/compare/pairs/: each a program (pair-probe.c, or a line of busybox's shell) traced twice, with one known difference or none.
#
#   make-pairs.sh RUNSC_DIR OUT_DIR [PAIR ...]
#
# RUNSC_DIR holds runsc-20221219 and runsc-20240729; OUT_DIR is test/compare/pairs. Needs root, gcc, strace, util-linux and a static
# busybox. Runs in namespaces of its own with an empty environment, so that nothing of the machine gets into a trace.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
me=$here/$(basename "${BASH_SOURCE[0]}")
if [ "${1:-}" != --inside ]; then
  [ $# -ge 2 ] || { echo "usage: make-pairs.sh RUNSC_DIR OUT_DIR [PAIR ...]" >&2; exit 2; }
  binaries=$(cd "$1" && pwd)
  mkdir -p "$2"
  out=$(cd "$2" && pwd)
  shift 2
  exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C \
    unshare --mount --uts --net --ipc --pid --fork --kill-child --mount-proc bash "$me" --inside "$binaries" "$out" "$@"
fi
binaries=$2 out=$3
shift 3
only=" $* "
cd /
hostname node
ip link set lo up
mount -t tmpfs -o mode=755 none /run
mkdir -p /run/image /run/trace /run/logs /run/bundles/app
image=/run/image
mkdir -p $image/{bin,etc,data,proc,sys,dev,tmp,srv/app,usr/bin,var/lib/app}
cp "$(command -v busybox)" $image/bin/busybox
for applet in sh cat cut sort uniq wc echo uname grep rm ls mktemp; do ln -s busybox $image/bin/$applet; done
cp "$(command -v strace)" $image/usr/bin/strace
ldd "$image/usr/bin/strace" | grep -o '/[^ ]*' | while read -r library; do
  mkdir -p "$image$(dirname "$library")"
  cp -Ln "$library" "$image$library"
done
gcc -static -O1 -w -o $image/srv/app/probe "$here/pair-probe.c" -lpthread
printf 'root:x:0:0:root:/:/bin/sh\napp:x:1000:1000:app:/:/bin/sh\n' > $image/etc/passwd
echo 'root:x:0:' > $image/etc/group
echo 'mode=fast' > $image/etc/app.conf
chmod 1777 $image/tmp $image/data

# side FOLDER KIND COMMAND...: traces the command; KIND is native, 20221219 or 20240729, with -json and -uid behind it
side() {
  local folder=$1 kind=$2 root=/run/bundles/app/rootfs caps uid=0
  shift 2
  rm -rf "$folder"
  mkdir -p "$folder" $root /run/upper /run/work
  mount -t overlay overlay -o lowerdir=$image,upperdir=/run/upper,workdir=/run/work $root
  [ -z "${CHANGE:-}" ] || (cd $root && eval "$CHANGE")
  case $kind in *-uid*) uid=1000 ;; esac
  if [[ $kind == native* ]]; then
    mount -t proc proc $root/proc
    mount -t sysfs sys $root/sys
    mount --bind /dev $root/dev
    local user=()
    [ $uid = 0 ] || user=(-u app)
    unshare --uts --pid --fork --mount-proc=$root/proc bash -c "hostname app; exec \"\$@\"" - \
      chroot $root /usr/bin/strace -f -tt -T -y -s 1024 "${user[@]}" -o /native.strace "$@" > /dev/null 2>&1 < /dev/null || true
    # the version of this kernel as another one of the same length
    local version
    version=$(uname -r)
    sed "s/${version//./\\.}/$(printf '%-*.*s' ${#version} ${#version} 6.1.0-pair | tr ' ' x)/g" $root/native.strace > "$folder/native.strace"
    umount $root/proc 2> /dev/null || true
    umount $root/dev $root/sys
  else
    local release=${kind%%-*} platform=systrap format=text
    [ "$release" = 20240729 ] || platform=ptrace
    case $kind in *-json*) format=json ;; esac
    caps='"CAP_CHOWN","CAP_DAC_OVERRIDE","CAP_FOWNER","CAP_KILL","CAP_NET_BIND_SERVICE","CAP_SETGID","CAP_SETUID"'
    [ $uid = 0 ] || caps=
    local args
    args=$(printf '"%s",' "$@")
    cat > /run/bundles/app/config.json << JSON
{"ociVersion":"1.0.0","hostname":"app","root":{"path":"rootfs"},"process":{"user":{"uid":$uid,"gid":$uid},"args":[${args%,}],
"env":["PATH=/usr/bin:/bin","HOME=/"],"cwd":"/","noNewPrivileges":true,
"capabilities":{"bounding":[$caps],"effective":[$caps],"permitted":[$caps]}},
"mounts":[{"destination":"/proc","type":"proc","source":"proc"},{"destination":"/dev","type":"tmpfs","source":"tmpfs"},
{"destination":"/sys","type":"sysfs","source":"sysfs","options":["ro"]}],
"linux":{"namespaces":[{"type":"pid"},{"type":"network"},{"type":"ipc"},{"type":"uts"},{"type":"mount"}]}}
JSON
    rm -rf /run/logs/*
    "$binaries/runsc-$release" --root=/run/runsc --debug --debug-log=/run/logs/ --debug-log-format=$format --strace \
      --network=none --ignore-cgroups --platform=$platform run --bundle /run/bundles/app app > /dev/null 2>&1 < /dev/null || true
    gzip -9n < /run/logs/*.boot* > "$folder/boot.log.gz"
  fi
  umount $root
  rm -rf /run/upper /run/work
}

# pair NAME KIND_A KIND_B COMMAND...
pair() {
  local name=$1 a=$2 b=$3
  shift 3
  [ "$only" = "  " ] || [[ $only == *" $name "* ]] || return 0
  CHANGE="${CHANGE_A:-}" side "$out/$name/a" "$a" "$@"
  CHANGE="${CHANGE_B:-}" side "$out/$name/b" "$b" "$@"
  echo "$name"
}

probe=/srv/app/probe
pair ioctl native 20240729 $probe ioctl
pair ioctl-silent native 20221219-json $probe ioctl-silent
pair proc-content native 20240729 /bin/sh -c 'grep -q SwapCached /proc/meminfo || exit 7; echo ok'
pair device native 20221219 $probe device
CHANGE_A= CHANGE_B='chmod 755 data' pair uid native 20240729-uid /bin/sh -c 'echo 1 > /data/state || exit 2'
pair raw-socket native 20240729-json $probe raw-socket
pair low-port 20240729 native-uid $probe low-port
pair child native 20240729 $probe child
pair fallback native 20240729 $probe fallback
CHANGE_B='echo mode=slow > etc/app.conf' pair content 20221219 20221219 $probe content
pair late native 20221219 $probe late
pair old-kernel native 20240729 /bin/sh -c 'v=$(uname -r); [ ${v%%.*} -ge 5 ] || { echo too old >&2; exit 3; }'
pair twice-native native native $probe threads
pair twice-20221219 20221219 20221219 $probe threads
pair twice-20240729 20240729 20240729-json $probe threads
pair twice-shell 20240729 20240729 /bin/sh -c 'cat /etc/passwd | cut -d: -f1 | sort | uniq -c | wc -l; f=$(mktemp); echo 1 > $f; rm $f'
pair twice-shell-native native native /bin/sh -c 'cat /etc/passwd | cut -d: -f1 | sort | uniq -c | wc -l; f=$(mktemp); echo 1 > $f; rm $f'
