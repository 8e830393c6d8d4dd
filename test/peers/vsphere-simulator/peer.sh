#!/usr/bin/env bash
# peer.sh install | start DIR | stop DIR | kill DIR | status DIR
#
# The project's own simulated vCenter as a process of its own, behind TLS: the server that the clients here, which
# others wrote, talk to. DIR holds its port, its log, its inventory, and the authority ca.pem that signed its
# certificate. `start` after `kill` or `stop` is on the same port, with the inventory as it was left.
#
# `install` builds the program of govmomi/main.go once, into .peers/vsphere-simulator/bin.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
# shellcheck source=../support/shell.sh
source "$here/../support/shell.sh"

main=$root/dist/src/commands/simulate.js
binary=$root/.peers/vsphere-simulator/bin/govmomi-client

build_simulator() {
  local sources=("$root"/{src,ormconfig.ts,tsconfig.json,tsconfig.build.json,package.json})
  if [ ! -e "$main" ] || [ -n "$(find "${sources[@]}" -newer "$main" -print -quit)" ]; then
    (cd "$root" && npm run --silent build)
  fi
}

# The build cache is Go's own, where there is a home for it: a second build takes a second.
build_client() {
  [ ! "$binary" -nt "$here/govmomi/main.go" ] || return 0
  mkdir -p "$(dirname "$binary")"
  local new
  new=$(mktemp "$binary.XXXXXX") # tests that start at the same time each see a whole file
  GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS= \
    GOCACHE=${GOCACHE:-${HOME:-$(dirname "$binary")}/.cache/go-build} go build -o "$new" "$here/govmomi/main.go"
  chmod +x "$new"
  mv "$new" "$binary"
}

action=${1:?usage: peer.sh install|start|stop|kill|status [DIR]}
if [ "$action" = install ]; then
  install_packages openssl python3-pyvmomi golang-go golang-github-vmware-govmomi-dev
  build_client
  build_simulator
  exit 0
fi

dir=$(realpath -m "${2:?usage: peer.sh $action DIR}")
pid_file=$dir/pid

show() { # the address alone on its line, for a program to read
  echo "the vSphere simulator is running as process $(cat "$pid_file")"
  echo "reach it:  https://127.0.0.1:$(cat "$dir/port")/sdk"
  echo "log in:    user user, password pass; trust $dir/ca.pem"
}

prepare() {
  mkdir -p "$dir"
  [ -s "$dir/port" ] || free_port >"$dir/port"
  [ -s "$dir/server.pem" ] || bash "$here/../libvirt/make-pki.sh" "$dir"
  build_simulator
}

# Long enough for its tasks to be watched, short enough for a test.
spawn() {
  : >"$dir/output.log" # the greeting of the last start must not be taken for this one's
  setsid nohup node "$main" vsphere --port "$(cat "$dir/port")" --username user --password pass \
    --key-file "$dir/server.key" --cert-file "$dir/server.pem" --state-file "$dir/state.json" \
    --task-ms 250 --guest-boot-ms 50 --guest-shutdown-ms 50 >>"$dir/output.log" 2>&1 </dev/null &
  echo $! >"$pid_file"
}

start() {
  if ! alive_in "$pid_file"; then
    prepare
    spawn
    until_said 'the vSphere simulator' 'is running'
  fi
  show
}

act "the vSphere simulator" "$action" 10
