#!/usr/bin/env bash
# peer.sh install | start DIR | stop DIR | kill DIR | status DIR | start-compute DIR | kill-compute DIR
#
# A private OpenStack: the control plane of Debian's release (Keystone, Placement, Glance, Neutron, Nova) as it is
# packaged, over a MariaDB and a RabbitMQ of its own, on ports of its own. Behind it are no hypervisor and no wires:
# Nova's fake driver keeps VMs in memory (nova_virt/trying_driver.py), and every port is up at once
# (binds_every_port.py). DIR holds everything else; `start` after `kill` or `stop` goes on with what is in it.
#
# The first start over a DIR takes a minute or two, most of it for the tables of seven databases. `kill-compute` and
# `start-compute` are for nova-compute alone.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../support/shell.sh
source "$here/../support/shell.sh"
# shellcheck source=processes.sh
source "$here/processes.sh"
# shellcheck source=configure.sh
source "$here/configure.sh"
# shellcheck source=databases.sh
source "$here/databases.sh"
# shellcheck source=services.sh
source "$here/services.sh"

export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
# Debian's own Python and tools, for which its OpenStack is packaged.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH

action=${1:?usage: peer.sh install|start|stop|kill|status|start-compute|kill-compute [DIR]}
if [ "$action" = install ]; then
  # The package with Ironic's name is the one whose nova-compute brings no hypervisor with it.
  install_packages mariadb-server-core mariadb-client-core rabbitmq-server keystone placement-api glance-api \
    neutron-server nova-api nova-conductor nova-scheduler nova-compute nova-compute-ironic \
    python3-pymysql python3-requests uwsgi-core uwsgi-plugin-python3 curl
  exit 0
fi

dir=$(realpath -m "${2:?usage: peer.sh $action DIR}")
etc=$dir/etc run=$dir/run log=$dir/log data=$dir/data
socket=$run/mysql.sock
export password=hypergate

show() { # the address alone on its line, for a program to read
  echo "openstack is running as processes $(cat "$run"/*.pid | paste -sd' ')"
  echo "reach it:  http://127.0.0.1:${keystone_port:?}/v3"
  echo "log in:    user demo (project demo, 10 servers) or tiny (project tiny, 1 server) or admin (project admin)," \
    "domain Default, password $password; or source $dir/openrc demo"
}

start() {
  if [ ${#socket} -gt 100 ]; then
    echo "The path $socket is too long for a UNIX socket; choose a shorter DIR." >&2
    exit 2
  fi
  make_folders
  choose_ports
  write_configuration
  start_databases
  make_databases
  start_services
  show
}

case $action in
  start) start ;;
  stop) end_all TERM 30 ;;
  kill) end_all KILL 10 ;;
  status)
    if ! all_run; then
      echo "openstack is not running in $dir, or not all of it"
      exit 1
    fi
    choose_ports
    show
    ;;
  start-compute)
    choose_ports
    start_compute
    ;;
  kill-compute) end KILL 10 nova-compute ;;
  *)
    echo "unknown action $action" >&2
    exit 2
    ;;
esac
