# Sourced by peer.sh: MariaDB and RabbitMQ, and the databases as the services' own tools make them.
# shellcheck shell=bash

readonly DATABASES=(keystone placement glance neutron nova_api nova_cell0 nova_cell1)

sql() { mariadb --no-defaults --user=root --socket="$socket" --batch --skip-column-names --execute="$1"; }

start_databases() {
  start_mysql
  start_rabbit
  until_ready mysql sql 'select 1'
}

start_mysql() {
  if [ ! -d "$data/mysql" ]; then
    rm -rf "$data/mysql.new"
    mariadb-install-db --no-defaults --user="$(id -un)" --datadir="$data/mysql.new" \
      --auth-root-authentication-method=normal --skip-test-db >"$log/mysql-install.log" 2>&1
    mv "$data/mysql.new" "$data/mysql"
  fi
  # A commit outlives the process, though not the machine; that takes a third of the time.
  spawn mysql mariadbd --no-defaults --user="$(id -un)" --datadir="$data/mysql" --socket="$socket" \
    --pid-file="$run/mariadbd" --skip-networking --skip-log-bin --skip-name-resolve \
    --innodb-flush-log-at-trx-commit=2 --innodb-buffer-pool-size=96M --performance-schema=0 \
    --max-connections=400 --character-set-server=utf8mb3 --collation-server=utf8mb3_general_ci
}

start_rabbit() {
  local address=(ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT="${epmd_port:?}")
  # RabbitMQ would start one that outlives it.
  spawn epmd env "${address[@]}" epmd
  until_ready epmd bash -c "exec 3<>/dev/tcp/127.0.0.1/$epmd_port"
  # Of its threads one is enough, and none may wait in a loop. HOME is for its cookie.
  spawn rabbit env "${address[@]}" HOME="$data/rabbit" RABBITMQ_NODENAME=hypergate@localhost \
    RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT="${rabbit_port:?}" \
    RABBITMQ_DIST_PORT="${rabbit_distribution_port:?}" \
    RABBITMQ_MNESIA_BASE="$data/rabbit/mnesia" RABBITMQ_LOG_BASE="$log" \
    RABBITMQ_CONFIG_FILE="$etc/rabbitmq" RABBITMQ_ENABLED_PLUGINS_FILE="$etc/rabbit-plugins" \
    RABBITMQ_CONF_ENV_FILE="$etc/rabbit-no-env" \
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+S 1:1 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}" \
    /usr/lib/rabbitmq/bin/rabbitmq-server
}

# Two at a time, each once.
make_databases() {
  local name first
  for name in "${DATABASES[@]}"; do sql "create database if not exists $name character set utf8mb3"; done
  { once keystone && once nova && once placement; } &
  first=$!
  { once neutron && once glance; }
  wait "$first"
}

# once NAME: runs make_NAME, unless an earlier start has seen it through.
once() {
  if [ -e "$data/$1.made" ]; then return; fi
  if ! "make_$1" >>"$log/$1-database.log" 2>&1; then
    echo "the database of $1 could not be made:" >&2
    tail -n 20 "$log/$1-database.log" >&2
    return 1
  fi
  touch "$data/$1.made"
}

make_keystone() {
  local manage=(keystone-manage --config-file "$etc/keystone.conf") user url=http://127.0.0.1:$keystone_port/v3/
  user=$(id -un)
  "${manage[@]}" db_sync &&
    "${manage[@]}" fernet_setup --keystone-user "$user" --keystone-group "$user" &&
    "${manage[@]}" credential_setup --keystone-user "$user" --keystone-group "$user" &&
    "${manage[@]}" bootstrap --bootstrap-password "$password" --bootstrap-region-id RegionOne \
      --bootstrap-admin-url "$url" --bootstrap-internal-url "$url" --bootstrap-public-url "$url"
}

make_placement() {
  env OS_PLACEMENT_CONFIG_DIR="$etc" placement-manage --config-file "$etc/placement.conf" db sync
}

make_nova() {
  local manage=(nova-manage --config-file "$etc/nova.conf")
  "${manage[@]}" api_db sync &&
    "${manage[@]}" cell_v2 map_cell0 \
      --database_connection "$DATABASE/nova_cell0?unix_socket=$socket&charset=utf8" &&
    { "${manage[@]}" cell_v2 list_cells | grep -q cell1 || "${manage[@]}" cell_v2 create_cell --name cell1; } &&
    "${manage[@]}" db sync
}

make_neutron() { neutron-db-manage --config-file "$etc/neutron.conf" upgrade heads; }

make_glance() { glance-manage --config-file "$etc/glance-api.conf" db_sync; }
