#!/bin/sh
# fetch-strace.sh DIR [SUITE]: puts a newer strace than this system's into DIR, with the libraries that it needs: that of
# a suite of Debian (trixie, or what is named: sid), started by DIR/strace. The system's own package sources stay as they are.
set -eu
out=$(mkdir -p "$1" && cd "$1" && pwd)
suite=${2:-trixie}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/parts"
list=$(ls /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2> /dev/null | xargs grep -lE 'debian' | head -n 1)
uri=$(grep -hoE 'https?://[^ ]+/debian/?( |$)' "$list" | head -n 1 | tr -d ' ')
key=$(grep -hoE 'Signed-By: *[^ ]+' "$list" | head -n 1 | sed 's/.*: *//')
printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\n%s\n' "$uri" "$suite" "${key:+Signed-By: $key}" > "$work/parts/$suite.sources"
apt() {
  tool=$1
  shift
  "$tool" -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$work/parts" -o "Dir::State::lists=$work/lists" \
    -o "Dir::Cache::archives=$work/archives" -o APT::Sandbox::User=root "$@"
}
apt apt-get update -qq
cd "$work"
for package in strace libc6 libunwind8 liblzma5 zlib1g; do
  version=$(apt apt-cache madison "$package" | grep " $suite/" | head -n 1 | cut -d'|' -f2 | tr -d ' ')
  apt apt-get download -qq "$package=$version"
  dpkg -x "$(ls -t "${package}"_*.deb | head -n 1)" "$out/root"
done
loader=$(find "$out/root" -name 'ld-linux-*.so.*' | head -n 1)
libraries=$(dirname "$(find "$out/root" -name 'libc.so.6' | head -n 1)")
printf '#!/bin/sh\nexec %s --argv0 strace --library-path %s %s/root/usr/bin/strace "$@"\n' "$loader" "$libraries" "$out" > "$out/strace"
chmod +x "$out/strace"
"$out/strace" --version | head -n 1
