#!/usr/bin/env bash
# Installs what the private libvirtd and its tiny guest need, from Debian 12's own packages. Needs root; does
# nothing, and needs no network, where all of it is there. No service is started.
set -euo pipefail

packages=(
  libvirt-daemon libvirt-daemon-driver-qemu libvirt-daemon-config-network libvirt-clients python3-libvirt
  qemu-system-x86 qemu-utils dnsmasq-base iptables iproute2 procps util-linux
  busybox-static cpio syslinux syslinux-common mtools openssl genisoimage
)

missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

# Where there is no init system, packages must not try to start their services.
if [ ! -e /usr/sbin/policy-rc.d ] && [ ! -d /run/systemd/system ]; then
  printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
  chmod +x /usr/sbin/policy-rc.d
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq -o DPkg::Lock::Timeout=300
apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "${missing[@]}" > /dev/null
