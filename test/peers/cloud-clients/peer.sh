#!/usr/bin/env bash
# peer.sh install | start DIR | stop DIR | kill DIR | status DIR
#
# The project's own simulated EC2 and OpenStack as processes of their own: the servers that the clients here, which
# others wrote, talk to: botocore with boto3, and the command line of OpenStack. DIR holds their ports, their logs and
# what is in them. `start` after `kill` or `stop` is on the same ports, with the inventory as it was left.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
# shellcheck source=../support/shell.sh
source "$here/../support/shell.sh"

main=$root/dist/src/commands/simulate.js

build_simulators() {
  local sources=("$root"/{src,ormconfig.ts,tsconfig.json,tsconfig.build.json,package.json})
  if [ ! -e "$main" ] || [ -n "$(find "${sources[@]}" -newer "$main" -print -quit)" ]; then
    (cd "$root" && npm run --silent build)
  fi
}

action=${1:?usage: peer.sh install|start|stop|kill|status [DIR]}
if [ "$action" = install ]; then
  install_packages python3-boto3 python3-openstackclient
  build_simulators
  exit 0
fi

root_dir=$(realpath -m "${2:?usage: peer.sh $action DIR}")

# Long enough for what is on its way to be seen, short enough for a test.
options_of() {
  case $1 in
    ec2) echo --access-key-id AKIASIMULATEDACCOUNT --secret-access-key secret --boot-ms 100 ;;
    openstack) echo --username demo --password pass --project demo ;;
  esac
}

start() {
  if ! alive_in "$pid_file"; then
    mkdir -p "$dir"
    [ -s "$dir/port" ] || free_port >"$dir/port"
    : >"$dir/output.log" # the greeting of the last start must not be taken for this one's
    # shellcheck disable=SC2046 # words, none of which holds a space
    setsid nohup node "$main" "$kind" --port "$(cat "$dir/port")" --state-file "$dir/state.json" \
      --operation-ms 200 $(options_of "$kind") >>"$dir/output.log" 2>&1 </dev/null &
    echo $! >"$pid_file"
    until_said "the simulated $kind" 'is running'
    sed -nE 's/^ +(endpoint|authUrl) +//p' "$dir/output.log" >"$dir/url"
  fi
  show
}

show() { # the address alone on its line, for a program to read
  echo "the simulated $kind is running as process $(cat "$pid_file")"
  echo "reach it:  $(cat "$dir/url")"
  echo "log in:    $(options_of "$kind")"
}

if [ "$action" = start ]; then build_simulators; fi
for kind in ec2 openstack; do
  dir=$root_dir/$kind
  pid_file=$dir/pid
  act "the simulated $kind" "$action" 10
done
