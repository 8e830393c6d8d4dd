#!/usr/bin/env bash
# npm run peers -- NAME [start|stop|kill|status|install] [DIR]
#
# Installs a real peer from Debian packages, starts a private instance and prints how to reach and stop it.
# A peer is a folder here with a peer.sh that understands those five words; see test/peers/README.md.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)

usage() {
  echo "usage: npm run peers -- NAME [start|stop|kill|status|install] [DIR]"
  echo "peers: $(cd "$here" && printf '%s\n' */peer.sh | sed 's|/peer.sh||' | paste -sd' ')"
}

name=${1:-}
action=${2:-start}
dir=$(realpath -m "${3:-$root/.peers/$name}")

if [ -z "$name" ]; then
  usage
  exit 0
fi
if [ ! -f "$here/$name/peer.sh" ]; then
  usage >&2
  exit 2
fi

case $action in
  start)
    bash "$here/$name/peer.sh" install
    bash "$here/$name/peer.sh" start "$dir"
    echo "stop it:   npm run peers -- $name stop${3:+ $dir}"
    ;;
  install) bash "$here/$name/peer.sh" install ;;
  stop | kill | status) bash "$here/$name/peer.sh" "$action" "$dir" ;;
  *)
    usage >&2
    exit 2
    ;;
esac
