#!/usr/bin/env bash
# peer.sh install | start DIR | stop DIR | kill DIR | status DIR | reload DIR
#
# A private nginx with deploy/nginx.conf, but for TLS, on a port of its own. DIR/upstream.conf holds the gateways behind
# it as nginx wants them; when there is none, the one that `npm start` starts. `reload` takes a change of it in.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
# shellcheck source=../support/shell.sh
source "$here/../support/shell.sh"

action=${1:?usage: peer.sh install|start|stop|kill|status|reload [DIR]}
if [ "$action" = install ]; then
  install_packages nginx-light
  exit 0
fi

dir=$(realpath -m "${2:?usage: peer.sh $action DIR}")
pid_file=$dir/pid

show() {
  echo "nginx is running as process $(cat "$pid_file")"
  echo "reach it:  http://127.0.0.1:$(cat "$dir/port")"
}

write_configuration() {
  sed -e "s|listen 443 ssl http2;|listen 127.0.0.1:$(cat "$dir/port");|" -e '/^ *ssl_/d' \
    -e "0,/^ *server 10\./s|^ *server 10\..*|    include $dir/upstream.conf;|" -e '/^ *server 10\./d' \
    "$root/deploy/nginx.conf" >"$dir/hypergate.conf"
  cat >"$dir/nginx.conf" <<END
daemon off;
pid $dir/nginx.pid;
error_log $dir/error.log notice;
worker_processes 1;
user $(id -un);
events {}
http {
    access_log $dir/access.log;
    client_body_temp_path $dir/body;
    proxy_temp_path $dir/proxy;
    fastcgi_temp_path $dir/fastcgi;
    uwsgi_temp_path $dir/uwsgi;
    scgi_temp_path $dir/scgi;
    include $dir/hypergate.conf;
}
END
}

start() {
  if alive_in "$pid_file"; then
    show
    return
  fi
  mkdir -p "$dir"
  [ -s "$dir/port" ] || free_port >"$dir/port"
  [ -s "$dir/upstream.conf" ] || echo 'server 127.0.0.1:4000;' >"$dir/upstream.conf"
  write_configuration
  nginx -q -t -p "$dir" -c "$dir/nginx.conf" -e "$dir/error.log"
  setsid nohup nginx -p "$dir" -c "$dir/nginx.conf" -e "$dir/error.log" >"$dir/output.log" 2>&1 </dev/null &
  echo $! >"$pid_file"
  until (: >"/dev/tcp/127.0.0.1/$(cat "$dir/port")") 2>/dev/null; do
    alive_in "$pid_file" || {
      cat "$dir/error.log" "$dir/output.log" >&2
      exit 1
    }
    sleep 0.05
  done
  show
}

retired_workers() { grep -c 'gracefully shutting down' "$dir/error.log" || true; }

# Returns when the old worker takes no more requests.
reload() {
  local before end=$((SECONDS + 10))
  before=$(retired_workers)
  kill -HUP "$(cat "$pid_file")"
  until [ "$(retired_workers)" -gt "$before" ]; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.05
  done
}

case $action in
  reload) reload ;;
  kill) # its workers, too: they would go on listening
    if alive_in "$pid_file"; then kill -KILL -- "-$(cat "$pid_file")"; fi
    act nginx kill 10
    ;;
  *) act nginx "$action" 10 ;;
esac
