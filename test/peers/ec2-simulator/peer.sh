#!/usr/bin/env bash
# peer.sh install | start DIR | stop DIR | kill DIR | status DIR
#
# The project's own simulated EC2 as a process of its own: the server that boto3, which others wrote, talks to. DIR
# holds its port, its log and its account. `start` after `kill` or `stop` is on the same port, with the account as it
# was left.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
# shellcheck source=../support/shell.sh
source "$here/../support/shell.sh"

main=$root/dist/src/simulate.js

build_simulator() {
  local sources=("$root"/{src,ormconfig.ts,tsconfig.json,tsconfig.build.json,package.json})
  if [ ! -e "$main" ] || [ -n "$(find "${sources[@]}" -newer "$main" -print -quit)" ]; then
    (cd "$root" && npm run --silent build)
  fi
}

action=${1:?usage: peer.sh install|start|stop|kill|status [DIR]}
if [ "$action" = install ]; then
  install_packages python3-boto3
  build_simulator
  exit 0
fi

dir=$(realpath -m "${2:?usage: peer.sh $action DIR}")
pid_file=$dir/pid

show() { # the address alone on its line, for a program to read
  echo "the EC2 simulator is running as process $(cat "$pid_file")"
  echo "reach it:  http://127.0.0.1:$(cat "$dir/port")"
  echo "sign with: eu-central-1, AKIASIMULATEDACCOUNT, secret"
}

spawn() {
  : >"$dir/output.log" # the greeting of the last start must not be taken for this one's
  setsid nohup node "$main" ec2 --port "$(cat "$dir/port")" --vms 10 --secret-access-key secret \
    --state-file "$dir/state.json" --operation-ms 250 --boot-ms 50 >>"$dir/output.log" 2>&1 </dev/null &
  echo $! >"$pid_file"
}

start() {
  if ! alive_in "$pid_file"; then
    mkdir -p "$dir"
    [ -s "$dir/port" ] || free_port >"$dir/port"
    build_simulator
    spawn
    until_said 'the EC2 simulator' 'is running'
  fi
  show
}

act "the EC2 simulator" "$action" 10
