#!/usr/bin/env bash
# npm run test:peers -- [NAME…] [jest options…]
#
# Installs what the named peers need (all of them without a name) and runs their tests one file at a time.
# The tests start and stop private instances of their own through test/peers/support.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."

patterns=()
while [ $# -gt 0 ] && [ "${1#-}" = "$1" ]; do
  if [ ! -d "$here/$1" ]; then
    echo "No peer $1 under test/peers." >&2
    exit 2
  fi
  patterns+=("test/peers/$1/")
  shift
done

folders=("${patterns[@]}")
[ ${#folders[@]} -gt 0 ] || folders=(test/peers/*/)
for folder in "${folders[@]}"; do
  if [ -f "$folder/peer.sh" ]; then bash "$folder/peer.sh" install; fi
done

exec npx jest --selectProjects peers --runInBand "$@" "${patterns[@]}"
