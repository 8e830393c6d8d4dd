#!/usr/bin/env bash
# peer.sh install | start DIR | stop DIR | kill DIR | status DIR
#
# The words every peer understands, for the private libvirtd of libvirtd.sh. `start` also builds the tiny guest
# that a template can point to.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
action=${1:?usage: peer.sh install|start|stop|kill|status [DIR]}
if [ "$action" = install ]; then exec bash "$here/install.sh"; fi

dir=$(realpath -m "${2:?usage: peer.sh $action DIR}")
case $action in
  start)
    bash "$here/libvirtd.sh" start "$dir"
    [ -s "$dir/guest.qcow2" ] || bash "$here/make-guest.sh" "$dir/guest.qcow2" >/dev/null
    bash "$here/libvirtd.sh" status "$dir"
    echo "reach it:  qemu+unix:///system?socket=$dir/sock/libvirt-sock"
    echo "image:     $dir/guest.qcow2 (boots in 128 MiB; accelerator: tcg)"
    ;;
  stop | kill) exec bash "$here/libvirtd.sh" "$action" "$dir" ;;
  status)
    bash "$here/libvirtd.sh" status "$dir" | grep . || {
      echo "libvirt is not running in $dir"
      exit 1
    }
    ;;
  *)
    echo "unknown action $action" >&2
    exit 2
    ;;
esac
