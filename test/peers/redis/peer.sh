#!/usr/bin/env bash
# peer.sh install | start DIR | stop DIR | kill DIR | status DIR
#
# A private Redis: its port and log live in DIR, and nothing else, for it is to keep nothing. `start` after `kill` or
# `stop` gives an empty one on the same port.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../support/shell.sh
source "$here/../support/shell.sh"

action=${1:?usage: peer.sh install|start|stop|kill|status [DIR]}
if [ "$action" = install ]; then
  install_packages redis-server
  exit 0
fi

dir=$(realpath -m "${2:?usage: peer.sh $action DIR}")
pid_file=$dir/pid

show() {
  echo "redis is running as process $(cat "$pid_file")"
  echo "reach it:  redis://127.0.0.1:$(cat "$dir/port")"
}

start() {
  if alive_in "$pid_file"; then
    show
    return
  fi
  mkdir -p "$dir"
  [ -s "$dir/port" ] || free_port >"$dir/port"
  : >"$dir/output.log" # the line of the last start must not be taken for this one's
  setsid nohup redis-server --port "$(cat "$dir/port")" --bind 127.0.0.1 --dir "$dir" --save '' --appendonly no \
    >>"$dir/output.log" 2>&1 </dev/null &
  echo $! >"$pid_file"
  until_said redis 'Ready to accept connections'
  show
}

act redis "$action" 10
