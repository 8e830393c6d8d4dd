# Sourced by peer.sh: what is in the folder of an instance before anything runs.
# shellcheck shell=bash

make_folders() {
  mkdir -p "$dir"
  chmod 700 "$dir" # it holds keys
  mkdir -p "$etc" "$run" "$log" "$dir/python/binds_every_port-1.0.dist-info" \
    "$data"/{fernet,credential,images,staging,tasks,locks,nova,neutron,rabbit}
}

# Chosen once: the catalog and the cells name them.
choose_ports() {
  [ -s "$dir/ports" ] || /usr/bin/python3 "$here/free_ports.py" \
    keystone placement glance nova neutron rabbit rabbit_distribution epmd >"$dir/ports"
  set -a
  # shellcheck source=/dev/null
  source "$dir/ports"
  set +a
}

# Where nova-manage and the services find a database; `fill` appends its name and the socket.
readonly DATABASE=mysql+pymysql://root@localhost

# fill TEMPLATE…: with the names between @ replaced by what they stand for here.
fill() {
  cat "$@" | sed -e "/^@credentials@$/{r $here/etc/credentials.conf" -e 'd}' | sed \
    -e "s|@database@|$DATABASE|g" -e "s|@socket@|unix_socket=$socket\&charset=utf8|g" \
    -e "s|@data@|$data|g" -e "s|@password@|$password|g" \
    -e "s|@keystone_port@|${keystone_port:?}|g" -e "s|@glance_port@|${glance_port:?}|g" \
    -e "s|@nova_port@|${nova_port:?}|g" -e "s|@neutron_port@|${neutron_port:?}|g" \
    -e "s|@rabbit_port@|${rabbit_port:?}|g"
}

write_configuration() {
  local name
  for name in placement glance-api nova neutron; do
    fill "$here/etc/$name.conf" "$here/etc/token-checks.conf" >"$etc/$name.conf"
  done
  fill "$here/etc/keystone.conf" >"$etc/keystone.conf"
  cp "$here/etc/rabbitmq.conf" "$etc/rabbitmq.conf"
  echo '[].' >"$etc/rabbit-plugins"
  declare_mechanism_driver
  write_openrc
}

# Neutron finds mechanism drivers among the entry points of installed distributions only.
declare_mechanism_driver() {
  local info=$dir/python/binds_every_port-1.0.dist-info
  cp "$here/binds_every_port.py" "$dir/python/"
  printf 'Metadata-Version: 2.1\nName: binds-every-port\nVersion: 1.0\n' >"$info/METADATA"
  printf '[neutron.ml2.mechanism_drivers]\nbinds_every_port = binds_every_port:BindsEveryPort\n' \
    >"$info/entry_points.txt"
}

write_openrc() {
  cat >"$dir/openrc" <<OPENRC
# source openrc [demo|tiny|admin]
export OS_AUTH_URL=http://127.0.0.1:$keystone_port/v3 OS_IDENTITY_API_VERSION=3 OS_REGION_NAME=RegionOne
export OS_USER_DOMAIN_ID=default OS_PROJECT_DOMAIN_ID=default OS_PASSWORD=$password
export OS_USERNAME=\${1:-demo} OS_PROJECT_NAME=\${1:-demo}
OPENRC
}
