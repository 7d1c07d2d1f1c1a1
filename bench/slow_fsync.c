/* Adds 3 ms to every fsync and fdatasync of a process, as a droplet's disk does. For LD_PRELOAD. */
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void wait_for_the_disk(void) {
  struct timespec three_ms = {0, 3000000};
  nanosleep(&three_ms, NULL);
}

int fsync(int fd) {
  wait_for_the_disk();
  return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd) {
  wait_for_the_disk();
  return (int)syscall(SYS_fdatasync, fd);
}
