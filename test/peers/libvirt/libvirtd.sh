#!/usr/bin/env bash
# A libvirtd of one's own, as root, without systemd, apart from whatever else runs on the machine.
#
#   libvirtd.sh start DIR    makes the sandbox, or enters the one that still lives, and starts the daemon in it;
#                            returns once it really answers
#   libvirtd.sh kill DIR     SIGKILL to the daemon alone: the sandbox, its guests and networks live on
#   libvirtd.sh stop DIR     ends guests, networks, daemon and sandbox
#   libvirtd.sh status DIR   prints "sandbox PID" and "daemon PID", as far as they run
#   libvirtd.sh run DIR COMMAND...   runs a command inside, for example to mount a small disk
#
# The sandbox is a process that holds a mount, a PID and a network namespace. In it /etc/libvirt, /run/libvirt
# and /var/{lib,log,cache}/libvirt are directories below DIR, so that all state is there and survives the
# daemon. DIR/sock/libvirt-sock is reachable from outside; DIR/images is for disks.
#
# A guest is a child of the sandbox, not of the daemon: after `kill` it runs on, and `start` in the same DIR
# finds it again. Ending the sandbox ends everything in it, also after a crash of the caller.
#
# Environment of `start`, all optional:
#   HOST_NETWORK=1           shares the host's network, so that the ports below can be reached; makes no bridges
#   TCP_PORT=n               listens on 127.0.0.1 in the clear, without authentication
#   TLS_PORT=n PKI=DIR       listens on 127.0.0.1 with DIR/{ca.pem,server.pem,server.key}; clients need a
#                            certificate of that CA
#   MAX_CLIENT_REQUESTS=n    default 5, which is libvirt's own default
set -euo pipefail

usage() { sed -n '4,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
[ $# -ge 2 ] || usage
command=$1
dir=$(readlink -m "$2")
shift 2
uri="qemu+unix:///system?socket=$dir/sock/libvirt-sock"

# The PID, seen from outside, of the process that is PID 1 inside.
sandbox_pid() {
  local pid
  pid=$(cat "$dir/sandbox.pid" 2>/dev/null) || return 1
  [ "$(tr '\0' ' ' < "/proc/$pid/cmdline" 2>/dev/null)" = "bash $dir/sandbox.sh " ] && echo "$pid"
}

daemon_pid() {
  local sandbox
  sandbox=$(sandbox_pid) || return 1
  pgrep --ns "$sandbox" --nslist pid -x libvirtd
}

run() {
  nsenter --target "$(sandbox_pid)" --mount --pid --net "$@"
}

answers() { timeout 5 virsh -q -c "$uri" version > /dev/null 2>&1; }

await() { # await SECONDS COMMAND...
  local ends=$((SECONDS + $1)); shift
  until "$@"; do [ $SECONDS -lt $ends ] || return 1; sleep 0.05; done
}

write_configuration() {
  mkdir -p "$dir"/{etc/qemu/networks,run,lib,log,cache,sock,images}
  chmod 755 "$dir" "$dir"/*/
  [ -e "$dir/host-uuid" ] || cat /proc/sys/kernel/random/uuid > "$dir/host-uuid"
  {
    echo "unix_sock_dir = \"$dir/sock\""
    echo "host_uuid = \"$(cat "$dir/host-uuid")\""
    echo "log_outputs = \"3:file:$dir/log/libvirtd.log\""
    echo 'auth_unix_ro = "none"'
    echo 'auth_unix_rw = "none"'
    echo "max_client_requests = ${MAX_CLIENT_REQUESTS:-5}"
    echo 'listen_addr = "127.0.0.1"'
    echo "listen_tcp = $([ -n "${TCP_PORT:-}" ] && echo 1 || echo 0)"
    echo "listen_tls = $([ -n "${TLS_PORT:-}" ] && echo 1 || echo 0)"
    [ -z "${TCP_PORT:-}" ] || printf 'tcp_port = "%s"\nauth_tcp = "none"\n' "$TCP_PORT"
    [ -z "${TLS_PORT:-}" ] || printf 'tls_port = "%s"\nca_file = "%s/ca.pem"\ncert_file = "%s/server.pem"\nkey_file = "%s/server.key"\n' \
      "$TLS_PORT" "$PKI" "$PKI" "$PKI"
  } > "$dir/libvirtd.conf"
  # Guests run as root and outside cgroups: neither systemd nor a security driver is there to ask.
  cat > "$dir/etc/qemu.conf" <<'CONF'
user = "root"
group = "root"
security_driver = "none"
dynamic_ownership = 0
remember_owner = 0
namespaces = []
cgroup_controllers = []
stdio_handler = "file"
CONF
}

write_sandbox() {
  cat > "$dir/sandbox.sh" <<SANDBOX
set -e
mount --make-rprivate /
for pair in etc:/etc/libvirt run:/run/libvirt lib:/var/lib/libvirt log:/var/log/libvirt cache:/var/cache/libvirt; do
  mkdir -p "\${pair#*:}"
  mount --bind "$dir/\${pair%%:*}" "\${pair#*:}"
done
# The daemon wants the user whom the package libvirt-daemon-system would have made.
if ! getent passwd libvirt-qemu > /dev/null; then
  cp /etc/passwd /etc/group "$dir/"
  echo 'libvirt-qemu:x:64055:64055:Libvirt Qemu:/var/lib/libvirt:/usr/sbin/nologin' >> "$dir/passwd"
  echo 'libvirt-qemu:x:64055:' >> "$dir/group"
  getent group kvm > /dev/null || echo 'kvm:x:64054:' >> "$dir/group"
  mount --bind "$dir/passwd" /etc/passwd
  mount --bind "$dir/group" /etc/group
fi
if [ "$network" = private ]; then
  ip link set lo up
  mount -t sysfs sysfs /sys
  echo 1 > /proc/sys/net/ipv4/ip_forward
fi
touch "$dir/sandbox.ready"
# As PID 1 of the namespace this shell inherits every orphan and reaps it.
while :; do sleep 3600 & wait \$! || true; done
SANDBOX
}

open_sandbox() {
  network=private
  local namespaces=(--mount --pid --net)
  if [ "${HOST_NETWORK:-0}" = 1 ]; then network=host; namespaces=(--mount --pid); fi
  write_sandbox
  rm -f "$dir/sandbox.ready" "$dir/sandbox.pid"
  setsid unshare "${namespaces[@]}" --fork --kill-child --mount-proc bash "$dir/sandbox.sh" \
    > "$dir/log/sandbox.log" 2>&1 < /dev/null &
  local outer=$!
  await 10 test -e "$dir/sandbox.ready" || { cat "$dir/log/sandbox.log" >&2; exit 1; }
  pgrep -P "$outer" > "$dir/sandbox.pid"
}

start_daemon() {
  local listen=()
  [ -z "${TCP_PORT:-}${TLS_PORT:-}" ] || listen=(--listen)
  run libvirtd --daemon --config "$dir/libvirtd.conf" --pid-file "$dir/run/daemon.pid" "${listen[@]}" \
    >> "$dir/log/daemon.log" 2>&1 < /dev/null
  # The socket is there before the drivers are: only an answer proves that it is ready.
  await 30 answers || { tail -n 5 "$dir/log/libvirtd.log" "$dir/log/daemon.log" >&2; exit 1; }
}

start() {
  write_configuration
  sandbox_pid > /dev/null || open_sandbox
  daemon_pid > /dev/null || start_daemon
}

kill_daemon() {
  local pid
  pid=$(daemon_pid) || return 0
  kill -KILL "$pid"
  await 10 gone "$pid"
}

gone() { ! kill -0 "$1" 2> /dev/null; }

stop() {
  local sandbox pid
  sandbox=$(sandbox_pid) || return 0
  if pid=$(daemon_pid); then
    kill -TERM "$pid"
    await 5 gone "$pid" || kill -KILL "$pid"
  fi
  # PID 1 of a namespace takes every guest, dnsmasq, bridge and rule in it along.
  kill -KILL "$sandbox" 2> /dev/null || true
  await 10 gone "$sandbox"
}

case $command in
  start) start ;;
  kill) kill_daemon ;;
  stop) stop ;;
  status)
    if pid=$(sandbox_pid); then echo "sandbox $pid"; fi
    if pid=$(daemon_pid); then echo "daemon $pid"; fi
    ;;
  run) run "$@" ;;
  *) usage ;;
esac
