#!/usr/bin/env bash
# A throw-away droplet: a real systemd as PID 1 in namespaces of its own, over an overlay of this machine's root (read-only
# below, a tmpfs above), alone on a private loopback network. Boots in about a second. Needs root.
#   box.sh boot         start it, or start it again after `crash` with the disk as it was left
#   box.sh crash        cut the power
#   box.sh destroy      cut the power and throw the disk away; nothing stays on this machine
#   box.sh inside CMD   run CMD in it, as root
#   box.sh beside CMD   run CMD with this machine's files on its network: how the runner reaches the droplet
# BOX_NAME tells several apart (default booty-droplet). BOX_ROOT is another root than this machine's, as debootstrap makes one: to
# see a droplet of another Debian or Ubuntu, with its own Python, systemd and sshd.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin # where Debian has pivot_root, and where a shell that `su` opened does not look

NAME=${BOX_NAME:-booty-droplet}
BOX_ROOT=${BOX_ROOT:-/}
DISK=/run/$NAME
CGROUP=$(findmnt -n -t cgroup2 -o TARGET | head -1)/$NAME
HIDDEN=(root home work) # of this machine, not the droplet's business
MASKED=(systemd-sysctl systemd-modules-load systemd-remount-fs systemd-timesyncd systemd-udevd systemd-pstore e2scrub_reap
  systemd-update-utmp systemd-resolved systemd-networkd apparmor sys-kernel-debug.mount sys-kernel-tracing.mount
  sys-fs-fuse-connections.mount dev-hugepages.mount)

init() { cat "$DISK/init.pid" 2>/dev/null; }
inside() { nsenter -t "$(init)" -m -p -u -i -n -C -r -w -- "$@"; }

boot() {
  mkdir -p "$DISK" "$CGROUP"
  mountpoint -q "$DISK" || mount -t tmpfs -o size=1500m,mode=755 "$NAME" "$DISK"
  mkdir -p "$DISK"/{upper,work,root} "${HIDDEN[@]/#/$DISK/hidden-}"
  # into the cgroup first: the new cgroup namespace is rooted where its maker stands
  # shellcheck disable=SC2016 # the inner bash expands it
  setsid bash -c 'echo $$ >"$1/cgroup.procs"; shift; exec "$@"' _ "$CGROUP" \
    unshare --fork --pid --mount --cgroup --uts --ipc --net --propagation private -- \
    bash -euc "$(declare -f become_init); $(declare -p NAME DISK HIDDEN MASKED BOX_ROOT); become_init" </dev/null >"$DISK/console.log" 2>&1 &
  await_init $!
  await_running
}

await_init() { # pid of unshare: its child becomes systemd
  local child=""
  for _ in {1..200}; do
    child=$(pgrep -P "$1" | head -1 || true)
    [ -z "$child" ] || [ "$(cat "/proc/$child/comm" 2>/dev/null)" != systemd ] || break
    sleep 0.05
  done
  echo "$child" >"$DISK/init.pid"
}

await_running() {
  local state=""
  for _ in {1..400}; do
    state=$(inside systemctl is-system-running 2>/dev/null || true)
    case $state in running | degraded) return ;; esac
    sleep 0.05
  done
  echo "box.sh: it does not come up ($state); its console said:" >&2
  tail -20 "$DISK/console.log" >&2
  return 1
}

become_init() { # PID 1 of the new namespaces: make the root, then hand over to systemd
  local each
  mount -t overlay overlay -o "lowerdir=$BOX_ROOT,upperdir=$DISK/upper,workdir=$DISK/work" "$DISK/root"
  cd "$DISK/root"
  mount -t proc proc proc
  mount --bind proc/sys proc/sys
  mount -o remount,bind,ro proc/sys # systemd would set this machine's kernel parameters
  mount -t sysfs -o ro sysfs sys
  mount -t cgroup2 cgroup2 sys/fs/cgroup
  mount -t tmpfs -o mode=755,nosuid dev dev
  for each in null zero full random urandom tty; do touch "dev/$each"; mount --bind "/dev/$each" "dev/$each"; done
  mkdir dev/pts dev/shm
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
  ln -s pts/ptmx dev/ptmx
  ln -s /proc/self/fd dev/fd
  ln -s /proc/self/fd/0 dev/stdin; ln -s /proc/self/fd/1 dev/stdout; ln -s /proc/self/fd/2 dev/stderr
  mount -t tmpfs -o mode=1777 shm dev/shm
  mount -t tmpfs -o mode=755 run run
  mount -t tmpfs -o mode=1777 tmp tmp
  for each in "${HIDDEN[@]}"; do [ ! -d "$each" ] || mount --bind "$DISK/hidden-$each" "$each"; done
  hostname "$NAME"
  echo "$NAME" >etc/hostname
  printf '127.0.0.1 localhost %s\n' "$NAME" >etc/hosts
  ip link set lo up
  mkdir -p etc/systemd/system
  # whatever this machine has enabled stays out, our own units do not
  find etc/systemd/system/{sysinit,basic,sockets,timers,paths}.target.wants -type l ! -name 'booty*' -delete 2>/dev/null || true
  for each in "${MASKED[@]}"; do
    [[ $each == *.mount ]] || each=$each.service
    ln -sfn /dev/null "etc/systemd/system/$each"
  done
  # what a droplet's multi-user.target would start, without whatever else this machine has enabled
  printf '[Unit]\nRequires=basic.target\nAfter=basic.target\nAllowIsolate=yes\nWants=%s\n' \
    "dbus.service systemd-logind.service systemd-user-sessions.service ssh.service nginx.service $(cd etc/systemd/system/multi-user.target.wants 2>/dev/null && echo booty*)" \
    >etc/systemd/system/box.target
  mkdir -p .old
  pivot_root . .old
  umount -l /.old
  mount --make-rshared / # as systemd does on a machine of its own: its credentials are mounted by a child
  exec env -i container=box PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb \
    /lib/systemd/systemd --system --show-status=0 --log-target=console systemd.unit=box.target
}

crash() {
  local pid
  pid=$(init || true)
  [ -z "$pid" ] || hang_up "$(readlink "/proc/$pid/ns/net" || true)"
  [ -z "$pid" ] || kill -9 "$pid" 2>/dev/null || true # PID 1 takes every process of its namespace along
  rm -f "$DISK/init.pid"
  for _ in {1..100}; do grep -q 'populated 1' "$CGROUP/cgroup.events" 2>/dev/null || break; sleep 0.05; done
}

hang_up() { # network namespace: end those who talk to it from beside, who would wait for a time-out
  local process
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/ns/net" 2>/dev/null)" != "$1" ] || [ "$(readlink "$process/ns/pid")" != "$(readlink /proc/self/ns/pid)" ] ||
      kill -9 "${process#/proc/}" 2>/dev/null || true
  done
}

destroy() {
  crash
  [ ! -d "$CGROUP" ] || find "$CGROUP" -depth -type d -exec rmdir {} \; 2>/dev/null || true
  ! mountpoint -q "$DISK" || umount "$DISK" || umount -l "$DISK"
  rmdir "$DISK" 2>/dev/null || true
}

case ${1:-} in
  boot | crash | destroy) "$1" ;;
  inside) inside "${@:2}" ;;
  beside) exec nsenter -t "$(init)" -n -- "${@:2}" ;;
  *) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"; exit 2 ;;
esac
