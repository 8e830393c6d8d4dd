#!/usr/bin/env bash
# Makes a certificate authority and what it signs, for tests of TLS: DIR/{ca.pem,server.pem,server.key}, and
# DIR/client/{cacert.pem,clientcert.pem,clientkey.pem} named as libvirt's `pkipath` wants them.
#
#   make-pki.sh DIR        the server is called localhost, and 127.0.0.1
set -euo pipefail

dir=${1:?usage: make-pki.sh DIR}
mkdir -p "$dir/client"
cd "$dir"

key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

sign() { # sign NAME KEY EXTENSIONS OUT
  openssl req -new -key "$2" -subj "/CN=$1" | openssl x509 -req -days 2 -CA ca.pem -CAkey ca.key -CAcreateserial \
    -extfile <(printf '%b' "$3") -out "$4" 2> /dev/null
}

key ca.key 2> /dev/null
openssl req -x509 -new -key ca.key -days 2 -subj '/CN=test authority' -out ca.pem \
  -addext 'keyUsage=critical,keyCertSign,cRLSign'
key server.key 2> /dev/null
sign localhost server.key 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\nkeyUsage=digitalSignature\n' server.pem
key client/clientkey.pem 2> /dev/null
sign client client/clientkey.pem 'extendedKeyUsage=clientAuth\nkeyUsage=digitalSignature\n' client/clientcert.pem
cp ca.pem client/cacert.pem
