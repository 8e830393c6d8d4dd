#!/usr/bin/env bash
# peer.sh install | start DIR | stop DIR | kill DIR | status DIR
#
# A private MariaDB: its data, socket, port and log live in DIR. `start` after `kill` or `stop` recovers the
# same data on the same port. A commit is on disk before it is answered, so `kill` tests what a crash keeps.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../support/shell.sh
source "$here/../support/shell.sh"

action=${1:?usage: peer.sh install|start|stop|kill|status [DIR]}
if [ "$action" = install ]; then
  install_packages mariadb-server-core mariadb-client-core
  exit 0
fi

dir=$(realpath -m "${2:?usage: peer.sh $action DIR}")
socket=$dir/socket
pid_file=$dir/pid

sql() { mariadb --no-defaults --user=root --socket="$socket" --batch --skip-column-names --execute="$1"; }

show() { # the address alone on its line, for a program to read
  echo "mariadb is running as process $(cat "$pid_file")"
  echo "reach it:  mysql://hypergate:hypergate@127.0.0.1:$(cat "$dir/port")/hypergate"
}

create_data() {
  mariadb-install-db --no-defaults --user="$(id -un)" --datadir="$dir/data.new" \
    --auth-root-authentication-method=normal --skip-test-db >"$dir/install.log" 2>&1
  mv "$dir/data.new" "$dir/data"
}

spawn() {
  setsid nohup mariadbd --no-defaults --user="$(id -un)" --datadir="$dir/data" --socket="$socket" \
    --pid-file="$dir/mariadbd.pid" --log-error="$dir/error.log" \
    --port="$(cat "$dir/port")" --bind-address=127.0.0.1 --skip-name-resolve \
    --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci \
    --innodb-flush-log-at-trx-commit=1 --innodb-buffer-pool-size=128M --performance-schema=0 \
    >"$dir/output.log" 2>&1 </dev/null &
  echo $! >"$pid_file"
}

wait_until_it_answers() {
  local end=$((SECONDS + 60))
  until sql 'select 1' >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$end" ] || ! alive_in "$pid_file"; then
      echo "MariaDB did not start:" >&2
      tail -n 20 "$dir/error.log" "$dir/output.log" >&2 || true
      exit 1
    fi
    sleep 0.05
  done
}

start() {
  if [ ${#socket} -gt 100 ]; then
    echo "The path $socket is too long for a UNIX socket; choose a shorter DIR." >&2
    exit 2
  fi
  if alive_in "$pid_file"; then
    show
    return
  fi
  mkdir -p "$dir"
  [ -s "$dir/port" ] || free_port >"$dir/port"
  [ -d "$dir/data" ] || create_data
  spawn
  wait_until_it_answers
  sql "create database if not exists hypergate;
       create user if not exists hypergate@'127.0.0.1' identified by 'hypergate';
       grant all on \`hypergate%\`.* to hypergate@'127.0.0.1'"
  show
}

act "mariadb" "$action" 30
