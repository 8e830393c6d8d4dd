# Sourced by peer.sh: the services of OpenStack, in the order in which they need each other.
# shellcheck shell=bash

readonly UWSGI=(
  uwsgi --plugins-dir /usr/lib/uwsgi/plugins --plugins python3 --master --processes 1 --threads 8 --enable-threads
  --need-app --die-on-term --lazy-apps --buffer-size 65535 --disable-logging --add-header 'Connection: close'
)

answers() { curl --silent --show-error --output /dev/null --max-time 5 "http://127.0.0.1:$1"; }

start_services() {
  until_ready rabbit bash -c "exec 3<>/dev/tcp/127.0.0.1/$rabbit_port"
  start_identity
  start_cloud
  if [ ! -e "$data/seeded" ]; then
    /usr/bin/python3 "$here/seed.py" cloud
    touch "$data/seeded"
  fi
}

start_identity() {
  spawn keystone env OS_KEYSTONE_CONFIG_FILES="$etc/keystone.conf" "${UWSGI[@]}" \
    --http-socket "127.0.0.1:$keystone_port" --wsgi-file /usr/bin/keystone-wsgi-public
  spawn placement env OS_PLACEMENT_CONFIG_DIR="$etc" "${UWSGI[@]}" \
    --http-socket "127.0.0.1:$placement_port" --wsgi-file /usr/bin/placement-api
  until_ready keystone answers "$keystone_port/v3"
  if [ ! -e "$data/seeded" ]; then /usr/bin/python3 "$here/seed.py" identity; fi
}

start_cloud() {
  spawn glance glance-api --config-file "$etc/glance-api.conf"
  spawn neutron env PYTHONPATH="$dir/python" neutron-server --config-file "$etc/neutron.conf"
  spawn nova-conductor nova-conductor --config-file "$etc/nova.conf"
  spawn nova-scheduler nova-scheduler --config-file "$etc/nova.conf"
  spawn nova-api nova-api --config-file "$etc/nova.conf"
  until_ready placement answers "$placement_port/"
  start_compute
  until_ready glance answers "$glance_port/versions"
  until_ready neutron answers "$neutron_port/"
  until_ready nova-api answers "$nova_port/"
}

start_compute() {
  spawn nova-compute /usr/bin/python3 "$here/nova_compute.py" --config-file "$etc/nova.conf"
}
