#!/usr/bin/env bash
# peer.sh install | start DIR | stop DIR | kill DIR | status DIR
#
# A private vcsim, the vCenter simulator of govmomi: its port, log and datastores live in DIR. It keeps its model in
# memory alone: `start` after `kill` or `stop` is on the same port, with the inventory of a first start.
#
# `install` builds the program of main.go once, into .peers/vcsim/bin. DATACENTER is DC0, the cluster DC0_C0.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../support/shell.sh
source "$here/../support/shell.sh"

binary=$(realpath -m "$here/../../../.peers/vcsim/bin/vcsim")

# The build cache is Go's own, where there is a home for it: a second build takes a second.
build() {
  [ ! "$binary" -nt "$here/main.go" ] || return 0
  mkdir -p "$(dirname "$binary")"
  local new
  new=$(mktemp "$binary.XXXXXX") # tests that start at the same time each see a whole file
  GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS= \
    GOCACHE=${GOCACHE:-${HOME:-$(dirname "$binary")}/.cache/go-build} go build -o "$new" "$here/main.go"
  chmod +x "$new"
  mv "$new" "$binary"
}

action=${1:?usage: peer.sh install|start|stop|kill|status [DIR]}
if [ "$action" = install ]; then
  install_packages golang-go golang-github-vmware-govmomi-dev openssl python3-pyvmomi
  build
  exit 0
fi

dir=$(realpath -m "${2:?usage: peer.sh $action DIR}")
pid_file=$dir/pid

show() { # the address alone on its line, for a program to read
  echo "vcsim is running as process $(cat "$pid_file")"
  echo "reach it:  $(cat "$dir/url")"
  echo "log in:    user user, password pass"
}

# The datastores are folders under TMPDIR, which `kill` leaves behind; so they belong to the instance.
spawn() {
  rm -rf "$dir/tmp"
  mkdir -p "$dir/tmp"
  : >"$dir/output.log" # the line of the last start must not be taken for this one's
  TMPDIR=$dir/tmp setsid nohup "$binary" -listen "127.0.0.1:$(cat "$dir/port" 2>/dev/null || echo 0)" \
    >>"$dir/output.log" 2>&1 </dev/null &
  echo $! >"$pid_file"
}

wait_until_it_listens() {
  until_said vcsim '^listening on '
  sed -n 's/^listening on //p' "$dir/output.log" >"$dir/url"
  sed 's|.*:\([0-9]*\)/.*|\1|' "$dir/url" >"$dir/port"
}

start() {
  if ! alive_in "$pid_file"; then
    mkdir -p "$dir"
    build
    spawn
    wait_until_it_listens
  fi
  show
}

act "vcsim" "$action" 10
