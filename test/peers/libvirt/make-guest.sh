#!/usr/bin/env bash
# Builds the smallest guest that truly boots: a qcow2 disk of about 13 MB with Debian's cloud kernel, busybox and
# an init of our own, started by syslinux from a FAT file system.
#
#   make-guest.sh OUT.qcow2
#
# It runs in 128 MiB and boots in 3 to 10 s without KVM. It asks DHCP for every interface, powers off when ACPI
# tells it to, and prints on its first serial port:
#
#   GUEST-UP uptime=...  |  DISK vda sectors=...  |  DHCP-OK eth0 192.0.2.7  |  GUEST-READY  |  GUEST-POWEROFF
#
# Needs what install.sh installs, and once the Debian archive for the kernel's package.
set -euo pipefail

out=$(realpath -m "${1:?usage: make-guest.sh OUT.qcow2}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fetch_kernel() {
  local package
  package=$(apt-cache depends linux-image-cloud-amd64 | awk '/Depends: linux-image-[0-9]/ { print $2; exit }')
  [ -n "$package" ] || { echo 'apt knows no linux-image-cloud-amd64; run apt-get update' >&2; exit 1; }
  apt-get download -qq "$package" 2> download.log || { cat download.log >&2; exit 1; }
  dpkg-deb -x linux-image-*.deb kernel
}

# In the order in which they depend on each other.
modules=(
  drivers/virtio/virtio drivers/virtio/virtio_ring drivers/virtio/virtio_pci_modern_dev
  drivers/virtio/virtio_pci_legacy_dev drivers/virtio/virtio_pci drivers/block/virtio_blk
  net/core/failover drivers/net/net_failover drivers/net/virtio_net
  drivers/virtio/virtio_balloon drivers/char/virtio_console drivers/input/evdev drivers/acpi/button
)

fill_root() {
  mkdir -p root/{bin,sbin,proc,sys,dev,run,tmp,etc/acpi/PWRF,lib/modules,usr/share/udhcpc,var/log,var/run}
  cp /bin/busybox root/bin/busybox
  ln -s busybox root/bin/sh
  local module
  for module in "${modules[@]}"; do
    cp kernel/lib/modules/*/kernel/"$module".ko root/lib/modules/
    echo "${module##*/}.ko" >> root/lib/modules/order
  done
  cat > root/init <<'INIT'
#!/bin/sh
/bin/busybox --install -s /bin
export PATH=/bin:/sbin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev 2>/dev/null
mkdir -p /dev/pts
mount -t devpts devpts /dev/pts
# Twice: what failed for want of another one succeeds then.
for round in 1 2; do
  while read -r module; do insmod "/lib/modules/$module" 2>/dev/null; done < /lib/modules/order
done
sleep 0.1
mdev -s
ip link set lo up
uptime=$(cut -d' ' -f1 /proc/uptime)
memory=$(awk '/MemTotal/ { print $2 }' /proc/meminfo)
echo "GUEST-UP uptime=$uptime memoryKib=$memory cpus=$(nproc)"
for disk in /sys/block/vd*; do
  [ -e "$disk" ] && echo "DISK ${disk##*/} sectors=$(cat "$disk/size")"
done
for link in /sys/class/net/eth*; do
  [ -e "$link" ] || continue
  ip link set "${link##*/}" up
  udhcpc -i "${link##*/}" -n -q -t 5 -T 2 -s /usr/share/udhcpc/default.script 2>&1 | grep -E 'DHCP-OK|no lease'
done
acpid
echo "GUEST-READY uptime=$(cut -d' ' -f1 /proc/uptime)"
while :; do setsid cttyhack sh; done
INIT
  cat > root/usr/share/udhcpc/default.script <<'DHCP'
#!/bin/sh
case $1 in bound | renew) ;; *) exit 0 ;; esac
ifconfig "$interface" "$ip" netmask "${subnet:-255.255.255.0}" up
[ -n "$router" ] && route add default gw "$router"
echo "DHCP-OK $interface $ip"
DHCP
  cat > root/etc/acpi/PWRF/00000080 <<'POWER'
#!/bin/sh
echo GUEST-POWEROFF > /dev/console
sync
sleep 0.2
poweroff -f
POWER
  chmod +x root/init root/usr/share/udhcpc/default.script root/etc/acpi/PWRF/00000080
  (cd root && find . | cpio --create --format=newc --quiet | gzip -9) > initrd.gz
}

make_disk() {
  local size_mib=20
  cat > syslinux.cfg <<'BOOT'
default guest
prompt 0
timeout 1
label guest
  kernel vmlinuz
  append initrd=initrd.gz console=ttyS0 quiet panic=1
BOOT
  truncate -s "${size_mib}M" disk.raw
  mformat -i disk.raw -v GUEST -T $((size_mib * 2048)) -h 16 -s 63 ::
  syslinux --install disk.raw
  mcopy -i disk.raw kernel/boot/vmlinuz-* ::vmlinuz
  mcopy -i disk.raw initrd.gz syslinux.cfg ::
  mkdir -p "$(dirname "$out")"
  qemu-img convert -f raw -O qcow2 -c disk.raw disk.qcow2
  # In one step, so that nobody ever sees half an image.
  mv disk.qcow2 "$out.new"
  mv "$out.new" "$out"
}

fetch_kernel
fill_root
make_disk
