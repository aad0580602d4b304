#!/usr/bin/env bash
# A container engine for the tests, on a Debian machine that has none.
#
#   source src/build/container-engine.sh            # as root; sets the variables Testcontainers reads
#   eval "$(src/build/container-engine.sh start)"   # the same
#   src/build/container-engine.sh stop
#
# Where a Docker engine answers already, nothing is done. Otherwise podman is installed, the broker's
# image is built from the JDK and the jars on this machine (nothing is pulled), and podman serves
# Docker's API on a socket. Everything but the packages lies in one folder: $DENSESTREAM_CONTAINERS,
# by default /var/tmp/densestream-containers. Messages go to stderr; the exit status is 0 when an
# engine answers.
if [[ "${BASH_SOURCE[0]}" != "$0" ]]; then
  engine_variables="$("${BASH_SOURCE[0]}" start)" && eval "$engine_variables"
  return
fi
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
repository="$(cd "$here/../.." && pwd)"
home="${DENSESTREAM_CONTAINERS:-/var/tmp/densestream-containers}"
socket="$home/engine.sock"
export CONTAINERS_CONF="$home/containers.conf"
export CONTAINERS_STORAGE_CONF="$home/storage.conf"

say() { echo "container-engine: $*" >&2; }

# Not crun, which refuses machines whose control groups are half old, half new.
engine_podman() { podman --runtime runc "$@"; }

install_podman() {
  command -v podman >/dev/null && command -v runc >/dev/null && return
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    say "no container engine answers, and podman can be installed by root on Debian only"
    exit 1
  fi
  say "installing podman and runc"
  apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends podman runc >&2
}

configure() {
  mkdir -p "$home"
  # Limits below those of small machines: the defaults ask for more than root may have there.
  cat >"$CONTAINERS_CONF" <<CONF
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=1024:1024"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
CONF
  cat >"$CONTAINERS_STORAGE_CONF" <<CONF
[storage]
driver = "vfs"
runroot = "$home/run"
graphroot = "$home/storage"
CONF
}

find_jdk() {
  local jdk
  for jdk in "${JAVA_HOME:-}" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/*; do
    if [ -x "$jdk/bin/jlink" ] && [ -f "$jdk/release" ]; then
      local version
      version="$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$jdk/release")"
      if [ "${version:-0}" -ge 25 ]; then
        echo "$jdk"
        return
      fi
    fi
  done
  say "no JDK 25 or newer is found; set JAVA_HOME"
  exit 1
}

# A program with the libraries it is linked to.
copy_program() {
  local root="$1" program
  program="$(readlink -f "$(command -v "$2")")"
  install -D "$program" "$root/bin/$2"
  copy_libraries "$root" "$program"
}

copy_libraries() {
  local root="$1" library
  ldd "$2" | grep -o '/[^ ]*' | while read -r library; do
    [ -e "$root$library" ] || install -D "$(readlink -f "$library")" "$root$library"
  done
}

build_image() {
  local version root jdk image recipe
  root="$home/root"
  rm -rf "$root"
  mkdir -p "$root/opt/kafka/libs" "$root/opt/kafka/config" "$root/etc/kafka/docker" "$root/tmp"
  chmod 1777 "$root/tmp"
  (cd "$repository" && mvn -q -B -pl ingest dependency:copy-dependencies -DincludeScope=test \
    -DexcludeGroupIds=org.testcontainers,org.junit.jupiter,org.junit.platform,org.assertj,io.projectreactor \
    -DoutputDirectory="$root/opt/kafka/libs") >&2
  version="$(basename "$root"/opt/kafka/libs/kafka-clients-*.jar .jar)"
  image="docker.io/apache/kafka:${version#kafka-clients-}"
  recipe="$image $(cat "${BASH_SOURCE[0]}" "$here"/kafka-image/* | sha256sum)"
  if [ "$recipe" = "$(cat "$home/image" 2>/dev/null)" ] && engine_podman image exists "$image"; then
    rm -rf "$root"
    return
  fi
  say "building $image from the JDK and the jars of this machine"
  jdk="$(find_jdk)"
  "$jdk/bin/jlink" --output "$root/opt/java" --strip-debug --no-man-pages --no-header-files --add-modules \
    java.base,java.desktop,java.logging,java.management,java.naming,java.rmi,java.scripting,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.management,jdk.unsupported
  find "$root/opt/java" \( -name '*.so' -o -path '*/bin/java' \) -exec "${BASH_SOURCE[0]}" libraries "$root" {} \;
  local program
  for program in bash sleep cat mkdir ls env; do
    copy_program "$root" "$program"
  done
  ln -s bash "$root/bin/sh"
  mkdir -p "$root/usr/bin"
  ln -s /bin/env "$root/usr/bin/env"
  echo 'root:x:0:0:root:/:/bin/bash' >"$root/etc/passwd"
  install -m 755 "$here/kafka-image/run" "$root/etc/kafka/docker/run"
  install -m 644 "$here/kafka-image/logback.xml" "$root/opt/kafka/config/logback.xml"
  tar -C "$root" -c . | engine_podman import \
    --change 'ENV PATH=/bin:/usr/bin:/opt/java/bin' --change 'CMD ["/etc/kafka/docker/run"]' \
    - "$image" >&2
  echo "$recipe" >"$home/image"
  rm -rf "$root"
}

answers() { [ -S "$socket" ] && podman --url "unix://$socket" version >/dev/null 2>&1; }

serve() {
  if ! answers; then
    rm -f "$socket"
    setsid podman --runtime runc system service --time=0 "unix://$socket" \
      >"$home/engine.log" 2>&1 </dev/null &
    echo $! >"$home/engine.pid"
    local attempt
    for attempt in $(seq 50); do
      answers && break
      [ "$attempt" = 50 ] && { say "podman does not serve; see $home/engine.log"; exit 1; }
      sleep 0.2
    done
  fi
  echo "export DOCKER_HOST=unix://$socket"
  # Containers of a run that ended badly are removed by 'stop', not by a container of their own.
  echo "export TESTCONTAINERS_RYUK_DISABLED=true"
  echo "export TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1"
}

case "${1:-}" in
  start)
    if command -v docker >/dev/null && docker version >/dev/null 2>&1; then
      say "a Docker engine answers already"
      exit 0
    fi
    install_podman
    configure
    build_image
    serve
    ;;
  stop)
    if [ -f "$home/engine.pid" ]; then
      engine_podman rm --all --force --time 2 >/dev/null 2>&1 || true
      engine="$(cat "$home/engine.pid")"
      # The number may have passed to another process since.
      if tr '\0' ' ' 2>/dev/null <"/proc/$engine/cmdline" | grep -q "system service .*$socket"; then
        kill "$engine"
      fi
      rm -f "$home/engine.pid" "$socket"
    fi
    ;;
  libraries)
    copy_libraries "$2" "$3" 2>/dev/null || true # a library of the JDK may be linked to nothing
    ;;
  *)
    echo "usage: $0 start|stop" >&2
    exit 2
    ;;
esac
