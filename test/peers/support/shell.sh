# Sourced by the peers' scripts: packages, processes and ports.
# shellcheck shell=bash

# install_packages NAME… installs what is missing, and keeps Debian from starting a system service meanwhile.
install_packages() {
  local missing=() package made_policy=
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
    chmod +x /usr/sbin/policy-rc.d
    made_policy=yes
  fi
  local status=0
  {
    apt-get update -qq &&
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "${missing[@]}"
  } >/dev/null || status=$?
  [ -z "$made_policy" ] || rm -f /usr/sbin/policy-rc.d
  return "$status"
}

# alive PID: is it running? A process that only waits to be reaped is not; one whose first thread has ended
# while others still hold its sockets and locks is.
alive() {
  local state
  state=$(sed 's/^.*) //; s/ .*//' "/proc/$1/stat" 2>/dev/null) || return 1
  case $state in
    '' | X) return 1 ;;
    Z) [ "$(find "/proc/$1/task" -mindepth 1 -maxdepth 1 2>/dev/null | wc -l)" -gt 1 ] ;;
    *) return 0 ;;
  esac
}

# alive_in FILE: does FILE hold the id of a running process?
alive_in() { [ -s "$1" ] && alive "$(cat "$1")"; }

# signal_in FILE SIGNAL SECONDS: signals the process that FILE names and waits until it has gone.
signal_in() {
  local pid end=$((SECONDS + $3))
  alive_in "$1" || return 0
  pid=$(cat "$1")
  kill "-$2" "$pid"
  while alive "$pid"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.05
  done
}

# free_port: a TCP port of the loopback interface that nobody listens on.
free_port() {
  node -e "const s = require('node:net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close(); })"
}

# act NAME ACTION SECONDS: what the words mean for a server whose process id stands in $pid_file. The caller has the
# functions `start` and `show`, and the folder of the instance in $dir; SECONDS is how long an orderly end may take.
act() {
  case $2 in
    start) start ;;
    stop) signal_in "$pid_file" TERM "$3" ;;
    kill) signal_in "$pid_file" KILL 10 ;;
    status)
      if ! alive_in "$pid_file"; then
        echo "$1 is not running in $dir"
        exit 1
      fi
      show
      ;;
    *)
      echo "unknown action $2" >&2
      exit 2
      ;;
  esac
}

# until_said NAME PATTERN: waits for a line of $dir/output.log; ends with its tail when there is none.
until_said() {
  local end=$((SECONDS + 60))
  until grep -qs "$2" "$dir/output.log"; do
    if [ "$SECONDS" -ge "$end" ] || ! alive_in "$pid_file"; then
      echo "$1 did not start:" >&2
      tail -n 20 "$dir/output.log" >&2 || true
      exit 1
    fi
    sleep 0.05
  done
}
