# Sourced by peer.sh: the processes of an instance. Each is the leader of a group of its own, which its workers share;
# its id stands in $run/NAME.pid, what it prints goes to $log/NAME.log.
# shellcheck shell=bash

# In the order in which they end.
readonly PROCESSES=(
  nova-compute nova-api nova-scheduler nova-conductor neutron glance placement keystone rabbit epmd mysql
)

# spawn NAME COMMAND…: starts it unless it runs.
spawn() {
  local name=$1
  shift
  if alive_in "$run/$name.pid"; then return; fi
  setsid nohup "$@" >>"$log/$name.log" 2>&1 </dev/null &
  echo $! >"$run/$name.pid"
}

# until_ready NAME COMMAND…: repeats the command until it succeeds; gives up when the process ends, or after a while.
until_ready() {
  local name=$1 end=$((SECONDS + 180))
  shift
  until "$@" >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$end" ] || ! alive_in "$run/$name.pid"; then
      echo "$name did not start:" >&2
      tail -n 20 "$log/$name.log" >&2 || true
      exit 1
    fi
    sleep 0.2
  done
}

all_run() {
  local name
  for name in "${PROCESSES[@]}"; do alive_in "$run/$name.pid" || return 1; done
}

group_lives() { # the leader or one of its workers
  local member
  for member in $(ps -o pid= -g "$1"); do
    if alive "$member"; then return 0; fi
  done
  return 1
}

# end SIGNAL SECONDS NAME…: ends these with all their workers, hard where they take longer; returns when they have gone.
end() {
  local signal=$1 seconds=$2 name pid deadline
  shift 2
  for name in "$@"; do
    if alive_in "$run/$name.pid"; then kill "-$signal" -- "-$(cat "$run/$name.pid")" 2>/dev/null || true; fi
  done
  deadline=$((SECONDS + seconds))
  for name in "$@"; do
    [ -s "$run/$name.pid" ] || continue
    pid=$(cat "$run/$name.pid")
    while group_lives "$pid"; do
      [ "$SECONDS" -lt "$deadline" ] || kill -KILL -- "-$pid" 2>/dev/null || true
      sleep 0.1
    done
    rm -f "$run/$name.pid"
  done
}

# end_all SIGNAL SECONDS: the services before what they stand on.
end_all() {
  local services=("${PROCESSES[@]:0:8}") ground=("${PROCESSES[@]:8}")
  if [ "$1" = KILL ]; then
    end KILL "$2" "${PROCESSES[@]}"
  else
    end "$1" "$2" "${services[@]}"
    end "$1" "$2" "${ground[@]}"
  fi
}
