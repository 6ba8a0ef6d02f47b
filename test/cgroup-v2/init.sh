#!/bin/sh
# First process of a user-mode Linux kernel in which the sandbox's tests run (scripts/test-cgroup-v2.mjs). Its root is the
# machine's, read-only; ASSAY_FOLDER, from the kernel's command line, names the folder of the settings and of the results.
set -u

halt() {
  sync
  /usr/bin/python3 -c 'import ctypes; ctypes.CDLL(None).reboot(0x4321fedc)'
}
trap halt EXIT
fail() {
  echo "cgroup v2: $1"
  exit 1
}

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
. "$ASSAY_FOLDER/settings" || fail 'the settings cannot be read'

mount -t proc proc /proc && mount -t sysfs sysfs /sys && mount -t tmpfs -o mode=755 tmpfs /run || fail 'no file systems'
mkdir /run/project /run/node /run/host
# Held fast before /tmp is covered, below which they may lie; and out of folders that only their owner may enter.
mount --bind "$PROJECT" /run/project && mount --bind "$NODE_FOLDER" /run/node || fail 'the project cannot be shown inside'
mount -t hostfs -o "$ASSAY_FOLDER" none /run/host || fail 'the results have no place'
mount -t tmpfs -o mode=1777,size=50% tmpfs /tmp || fail 'no /tmp'
mkdir -p /dev/shm
mount -t tmpfs -o mode=1777,size=50% tmpfs /dev/shm || fail 'no /dev/shm'
ln -sf /proc/self/fd /dev/fd
# SIOCSIFFLAGS: up and running.
/usr/bin/python3 -c 'import fcntl, socket, struct
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh14x", b"lo", 0x41))' || fail 'no loopback device'

cgroups=/sys/fs/cgroup
mount -t cgroup2 cgroup2 $cgroups || fail 'this kernel has no cgroup v2'
for controller in memory pids; do
  grep -qw $controller $cgroups/cgroup.controllers || fail "this kernel has no $controller controller in cgroup v2"
done

cd /run/project || fail 'no project'
mkdir -m 1777 /tmp/results

# run_tests NAME CGROUP USER VITEST-ARGUMENTS…: their tally and vitest's status, if they came to an end
run_tests() {
  name=$1 cgroup=$2 user=$3
  shift 3
  [ "$user" = 0 ] && as='' || as="setpriv --reuid=$user --regid=$user --clear-groups"
  if [ "$user" != 0 ] && ! $as test -r package.json; then
    fail "the user $user cannot read the project: chmod -R go+rX its folder, then run this again"
  fi
  (
    sh -c 'echo $PPID' >"$cgroups$cgroup/cgroup.procs" || fail "no place in $cgroup"
    ASSAY_TEST_TALLY=/tmp/results/$name.json HOME=/tmp CI=true NO_COLOR=1 $as \
      "/run/node/$NODE_NAME" node_modules/vitest/vitest.mjs run \
      --config test/cgroup-v2/vitest.config.ts --configLoader runner "$@"
    echo $? >"/tmp/results/$name.status"
  )
  cp "/tmp/results/$name.json" "/tmp/results/$name.status" /run/host/
}

if [ "$TEST_USER" = 0 ]; then
  # As the first thing on the machine, with nothing prepared: in the root cgroup, among the kernel's own threads.
  [ "$IS_WHOLE" = 1 ] && run_tests in-the-root-cgroup / 0 test/cgroup-v2/
else
  echo '+memory +pids' >$cgroups/cgroup.subtree_control || fail 'the controllers cannot be handed on'
  mkdir $cgroups/foreign
  export ASSAY_TEST_FOREIGN_CGROUP=/foreign
fi
# As `Delegate=yes` does it.
mkdir $cgroups/worker
[ "$TEST_USER" = 0 ] && echo '+memory +pids' >$cgroups/cgroup.subtree_control
chown "$TEST_USER:$TEST_USER" $cgroups/worker $cgroups/worker/cgroup.procs $cgroups/worker/cgroup.subtree_control
eval "run_tests delegated /worker $TEST_USER $VITEST_ARGUMENTS"
