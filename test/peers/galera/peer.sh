#!/usr/bin/env bash
# peer.sh install | start DIR | stop DIR | kill DIR | status DIR | kill-node DIR N | start-node DIR N
#
# A private Galera cluster: three MariaDB nodes, the folder of each in DIR/N with its data, socket, ports and log. Each
# node takes writes. `kill` ends all three at once; `start` after that finds the one that was ahead and begins with it.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../support/shell.sh
source "$here/../support/shell.sh"

nodes=(1 2 3)
action=${1:?usage: peer.sh install|start|stop|kill|status|kill-node|start-node [DIR] [N]}
if [ "$action" = install ]; then
  install_packages mariadb-server galera-4 rsync lsof
  exit 0
fi

dir=$(realpath -m "${2:?usage: peer.sh $action DIR}")
# Whole copies of the data go through an rsync that gives up root's rights: with them it could not write its own folder.
user=mysql
[ "$(id -u)" = 0 ] || user=$(id -un)

sql() { mariadb --no-defaults --user=root --socket="$dir/$1/socket" --batch --skip-column-names --execute="$2"; }
port() { cat "$dir/$1/$2.port"; }
alive_node() { alive_in "$dir/$1/pid"; }

show() {
  local node
  for node in "${nodes[@]}"; do
    alive_node "$node" || continue
    echo "node $node is running as process $(cat "$dir/$node/pid")"
    echo "reach node $node:  mysql://hypergate:hypergate@127.0.0.1:$(port "$node" sql)/hypergate"
  done
  echo "reach it:  mysql://hypergate:hypergate@127.0.0.1:$(port 1 sql)/hypergate"
}

# Ports that are free now, and kept for the life of the folder: nodes find each other by them.
choose_ports() {
  local node purpose
  for node in "${nodes[@]}"; do
    mkdir -p "$dir/$node"
    for purpose in sql cluster incremental full; do
      [ -s "$dir/$node/$purpose.port" ] || free_port >"$dir/$node/$purpose.port"
    done
  done
  chown "$user" "$dir" "${nodes[@]/#/$dir/}"
}

create_data() {
  mariadb-install-db --no-defaults --user="$user" --datadir="$dir/$1/data.new" \
    --auth-root-authentication-method=normal --skip-test-db >"$dir/$1/install.log" 2>&1
  mv "$dir/$1/data.new" "$dir/$1/data"
}

# spawn N OPTION…
spawn() {
  local node=$1 home=$dir/$1 cluster all=()
  shift
  for cluster in "${nodes[@]}"; do all+=("127.0.0.1:$(port "$cluster" cluster)"); done
  local provider=(
    "base_host=127.0.0.1" "base_port=$(port "$node" cluster)"
    "gmcast.listen_addr=tcp://127.0.0.1:$(port "$node" cluster)"
    "ist.recv_addr=127.0.0.1:$(port "$node" incremental)" "gcache.size=64M"
  )
  setsid nohup mariadbd --no-defaults --user="$user" --datadir="$home/data" --socket="$home/socket" \
    --pid-file="$home/mariadbd.pid" --log-error="$home/error.log" \
    --port="$(port "$node" sql)" --bind-address=127.0.0.1 --skip-name-resolve \
    --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci \
    --binlog-format=ROW --innodb-autoinc-lock-mode=2 \
    --innodb-flush-log-at-trx-commit=1 --innodb-buffer-pool-size=128M --performance-schema=0 \
    --wsrep-on=ON --wsrep-provider=/usr/lib/galera/libgalera_smm.so \
    --wsrep-cluster-name=hypergate --wsrep-node-name="node-$node" \
    --wsrep-node-address="127.0.0.1:$(port "$node" cluster)" \
    --wsrep-sst-method=rsync --wsrep-sst-receive-address="127.0.0.1:$(port "$node" full)" \
    --wsrep-cluster-address="gcomm://$(IFS=, && echo "${all[*]}")" \
    --wsrep-provider-options="$(IFS=';' && echo "${provider[*]}")" \
    "$@" >"$home/output.log" 2>&1 </dev/null &
  echo $! >"$home/pid"
}

wait_until_synced() {
  local node=$1 end=$((SECONDS + 120))
  until [ "$(sql "$node" "show status like 'wsrep_local_state_comment'" 2>/dev/null | cut -f2)" = Synced ]; do
    if [ "$SECONDS" -ge "$end" ] || ! alive_node "$node"; then
      echo "Node $node did not join:" >&2
      tail -n 20 "$dir/$node/error.log" "$dir/$node/output.log" >&2 || true
      exit 1
    fi
    sleep 0.1
  done
}

start_node() {
  alive_node "$1" && return
  spawn "$1"
  wait_until_synced "$1"
}

# seqno_of N: how far the node had come when it ended; recovered from its tables after a crash.
seqno_of() {
  local seqno
  seqno=$(sed -n 's/^seqno: *//p' "$dir/$1/data/grastate.dat" 2>/dev/null || true)
  if [ -z "$seqno" ] || [ "$seqno" = -1 ]; then
    mariadbd --no-defaults --user="$user" --datadir="$dir/$1/data" --socket="$dir/$1/socket" --skip-networking \
      --wsrep-on=ON --wsrep-provider=/usr/lib/galera/libgalera_smm.so --wsrep-recover \
      >"$dir/$1/recovery.log" 2>&1 || true
    seqno=$(sed -n 's/.*Recovered position: *[^:]*:\(-\{0,1\}[0-9]*\).*/\1/p' "$dir/$1/recovery.log" | tail -n 1)
  fi
  echo "${seqno:--1}"
}

# The node that begins must be the one that has seen the most.
first_node() {
  local node seqno best=-2 first=1
  for node in "${nodes[@]}"; do
    [ -d "$dir/$node/data" ] || continue
    seqno=$(seqno_of "$node")
    if [ "$seqno" -gt "$best" ]; then
      best=$seqno
      first=$node
    fi
  done
  echo "$first"
}

start() {
  local node first
  choose_ports
  if ! alive_node 1 && ! alive_node 2 && ! alive_node 3; then
    first=$(first_node)
    for node in "${nodes[@]}"; do [ -d "$dir/$node/data" ] || create_data "$node"; done
    [ ! -f "$dir/$first/data/grastate.dat" ] ||
      sed -i 's/^safe_to_bootstrap:.*/safe_to_bootstrap: 1/' "$dir/$first/data/grastate.dat"
    spawn "$first" --wsrep-new-cluster
    wait_until_synced "$first"
    sql "$first" "create database if not exists hypergate;
         create user if not exists hypergate@'127.0.0.1' identified by 'hypergate';
         grant all on \`hypergate%\`.* to hypergate@'127.0.0.1'"
  fi
  for node in "${nodes[@]}"; do start_node "$node"; done
  show
}

end_nodes() { # end_nodes SIGNAL SECONDS
  local node
  # The first node last, so that it may begin the next time.
  for node in 3 2 1; do signal_in "$dir/$node/pid" "$1" "$2"; done
}

case $action in
  start) start ;;
  stop) end_nodes TERM 60 ;;
  kill) end_nodes KILL 10 ;;
  kill-node) signal_in "$dir/${3:?which node}/pid" KILL 10 ;;
  start-node) start_node "${3:?which node}" ;;
  status)
    if ! alive_node 1 && ! alive_node 2 && ! alive_node 3; then
      echo "galera is not running in $dir"
      exit 1
    fi
    show
    ;;
  *)
    echo "unknown action $action" >&2
    exit 2
    ;;
esac
