#!/usr/bin/env bash
# npm run test:peers -- [NAME…] [jest options…]
#
# Installs what the named peers are, and those that a file `needs` in their folder names, and runs their tests one file at a time. Without a name it takes all of them but
# those whose folder holds a file `on-demand`, which says why. The tests start and stop private instances of their own
# through test/peers/support; of a peer on demand one instance serves them all, which is started and stopped here.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."

folders=()
while [ $# -gt 0 ] && [ "${1#-}" = "$1" ]; do
  if [ ! -d "$here/$1" ]; then
    echo "No peer $1 under test/peers." >&2
    exit 2
  fi
  folders+=("test/peers/$1/")
  shift
done

if [ ${#folders[@]} -eq 0 ]; then
  for folder in test/peers/*/; do
    [ -e "$folder/on-demand" ] || folders+=("$folder")
  done
fi

# What ran before stays.
stop_started() {
  local folder
  for folder in "${started[@]}"; do
    bash "$folder/peer.sh" stop "$PWD/.peers/$(basename "$folder")"
  done
}

started=()
trap stop_started EXIT
for folder in "${folders[@]}"; do
  if [ -f "$folder/needs" ]; then
    while read -r peer; do bash "$here/$peer/peer.sh" install; done <"$folder/needs"
  fi
  [ -f "$folder/peer.sh" ] || continue
  bash "$folder/peer.sh" install
  dir=$PWD/.peers/$(basename "$folder")
  if [ -e "$folder/on-demand" ] && ! bash "$folder/peer.sh" status "$dir" >/dev/null; then
    started+=("$folder")
    bash "$folder/peer.sh" start "$dir"
  fi
done

npx jest --selectProjects peers --runInBand "$@" "${folders[@]}"
