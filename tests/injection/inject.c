/*
 * A fault at one call of a program, by LD_PRELOAD.
 *
 * All calls that change something are counted by one counter, whichever thread makes them. At the
 * call that was asked for, and at all later ones if the fault is to last, the fault happens.
 *
 *   INJECT_FAULT  KILL | EIO | ENOSPC | SHORT | EINTR
 *   INJECT_AT     the number of the call, from 1; 0 or nothing: only count
 *   INJECT_STICKY set: all calls from there on
 *   INJECT_BELOW  only calls on files below this directory are counted
 *   INJECT_COUNT  a file that takes the number of calls when the program ends by itself
 *
 * SHORT and EINTR count only the calls that can end so. Writes to the standard streams are no
 * change. Only for programs that go through libc.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

/* What becomes of a call. */
enum verdict { GO_ON, FAIL, CUT_SHORT };

/* How a call can end beside working and failing. */
enum habit { WHOLE = 0, MAY_BE_SHORT = 1, MAY_BE_INTERRUPTED = 2 };

static long counter;
static long at;
static int sticky;
static const char *fault;
static const char *below;

__attribute__((constructor)) static void begin(void)
{
	const char *number = getenv("INJECT_AT");

	at = number ? atol(number) : 0;
	fault = getenv("INJECT_FAULT");
	below = getenv("INJECT_BELOW");
	sticky = getenv("INJECT_STICKY") != NULL;
}

static long raw(long number, long a, long b, long c, long d);

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("INJECT_COUNT");
	char text[32];
	int length, fd;

	if (!path)
		return;
	length = snprintf(text, sizeof text, "%ld\n", counter);
	fd = (int)raw(SYS_openat, AT_FDCWD, (long)path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd >= 0) {
		raw(SYS_write, fd, (long)text, length, 0);
		raw(SYS_close, fd, 0, 0, 0);
	}
}

/* Whether this open file lies below the directory that was asked for. */
static int fd_is_below(int fd)
{
	char link[64], path[4096];
	ssize_t length;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	length = readlink(link, path, sizeof path - 1);
	if (length < 0)
		return 0;
	path[length] = 0;
	return strncmp(path, below, strlen(below)) == 0;
}

static int is_below(int dir, const char *name)
{
	char here[4096];

	if (!below)
		return 1;
	if (!name)
		return fd_is_below(dir);
	if (name[0] == '/' && strncmp(name, "/proc/self/fd/", 14) == 0)
		return fd_is_below(atoi(name + 14));
	if (name[0] == '/')
		return strncmp(name, below, strlen(below)) == 0;
	if (dir != AT_FDCWD)
		return fd_is_below(dir);
	return getcwd(here, sizeof here) && strncmp(here, below, strlen(below)) == 0;
}

static int is_fault(const char *name)
{
	return fault && strcmp(fault, name) == 0;
}

/* Counts a call on `name` in `dir`, or on the open file `dir`, and decides what becomes of it. */
static enum verdict meet(int dir, const char *name, int habits)
{
	long number;

	if ((is_fault("SHORT") && !(habits & MAY_BE_SHORT)) || (is_fault("EINTR") && !(habits & MAY_BE_INTERRUPTED)))
		return GO_ON;
	if (!is_below(dir, name))
		return GO_ON;
	number = __atomic_add_fetch(&counter, 1, __ATOMIC_SEQ_CST);
	if (at <= 0 || number < at || (number > at && !sticky))
		return GO_ON;
	if (is_fault("SHORT"))
		return CUT_SHORT;
	if (is_fault("KILL"))
		kill(getpid(), SIGKILL);
	errno = is_fault("ENOSPC") ? ENOSPC : is_fault("EINTR") ? EINTR : EIO;
	return FAIL;
}

/* The libc's own function of that name. */
#define REAL(function)                                                                             \
	static __typeof__(function) *real;                                                         \
	if (!real)                                                                                 \
		real = (__typeof__(function) *)dlsym(RTLD_NEXT, #function)

#define UNLESS_FAULT(dir, name, habits, call)                                                      \
	return meet(dir, name, habits) == FAIL ? -1 : (call)

static size_t shortened(enum verdict verdict, size_t length)
{
	return verdict == CUT_SHORT && length > 1 ? length / 2 : length;
}

/* Data */

ssize_t write(int fd, const void *bytes, size_t length)
{
	enum verdict verdict;
	REAL(write);

	verdict = fd <= STDERR_FILENO ? GO_ON : meet(fd, NULL, MAY_BE_SHORT | MAY_BE_INTERRUPTED);
	return verdict == FAIL ? -1 : real(fd, bytes, shortened(verdict, length));
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
	enum verdict verdict;
	REAL(writev);

	verdict = fd <= STDERR_FILENO ? GO_ON : meet(fd, NULL, MAY_BE_SHORT | MAY_BE_INTERRUPTED);
	return verdict == FAIL ? -1 : real(fd, parts, (int)shortened(verdict, (size_t)count));
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset)
{
	enum verdict verdict;
	REAL(pwrite64);

	verdict = meet(fd, NULL, MAY_BE_SHORT | MAY_BE_INTERRUPTED);
	return verdict == FAIL ? -1 : real(fd, bytes, shortened(verdict, length), offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
	return pwrite64(fd, bytes, length, offset);
}

ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t length, unsigned flags)
{
	enum verdict verdict;
	REAL(copy_file_range);

	verdict = meet(to, NULL, MAY_BE_SHORT);
	return verdict == FAIL ? -1 : real(from, from_at, to, to_at, shortened(verdict, length), flags);
}

int ftruncate64(int fd, off64_t length)
{
	REAL(ftruncate64);
	UNLESS_FAULT(fd, NULL, MAY_BE_INTERRUPTED, real(fd, length));
}

int ftruncate(int fd, off_t length)
{
	return ftruncate64(fd, length);
}

int fallocate64(int fd, int mode, off64_t offset, off64_t length)
{
	REAL(fallocate64);
	UNLESS_FAULT(fd, NULL, MAY_BE_INTERRUPTED, real(fd, mode, offset, length));
}

int fallocate(int fd, int mode, off_t offset, off_t length)
{
	return fallocate64(fd, mode, offset, length);
}

/* Cloning bytes is the only request that changes a file; the others pass. */
int ioctl(int fd, unsigned long request, ...)
{
	const unsigned long clone = 0x40049409, clone_range = 0x4020940d;
	va_list rest;
	void *argument;
	REAL(ioctl);

	va_start(rest, request);
	argument = va_arg(rest, void *);
	va_end(rest);
	if ((request == clone || request == clone_range) && meet(fd, NULL, WHOLE) == FAIL)
		return -1;
	return real(fd, request, argument);
}

/* Flushes */

int fsync(int fd)
{
	REAL(fsync);
	UNLESS_FAULT(fd, NULL, MAY_BE_INTERRUPTED, real(fd));
}

int fdatasync(int fd)
{
	REAL(fdatasync);
	UNLESS_FAULT(fd, NULL, MAY_BE_INTERRUPTED, real(fd));
}

int syncfs(int fd)
{
	REAL(syncfs);
	UNLESS_FAULT(fd, NULL, WHOLE, real(fd));
}

/* Names */

int rename(const char *from, const char *to)
{
	REAL(rename);
	UNLESS_FAULT(AT_FDCWD, to, WHOLE, real(from, to));
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	REAL(renameat);
	UNLESS_FAULT(to_dir, to, WHOLE, real(from_dir, from, to_dir, to));
}

int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	REAL(renameat2);
	UNLESS_FAULT(to_dir, to, WHOLE, real(from_dir, from, to_dir, to, flags));
}

int link(const char *from, const char *to)
{
	REAL(link);
	UNLESS_FAULT(AT_FDCWD, to, WHOLE, real(from, to));
}

int linkat(int from_dir, const char *from, int to_dir, const char *to, int flags)
{
	REAL(linkat);
	UNLESS_FAULT(to_dir, to, WHOLE, real(from_dir, from, to_dir, to, flags));
}

int symlinkat(const char *target, int dir, const char *name)
{
	REAL(symlinkat);
	UNLESS_FAULT(dir, name, WHOLE, real(target, dir, name));
}

int mknodat(int dir, const char *name, mode_t mode, dev_t device)
{
	REAL(mknodat);
	UNLESS_FAULT(dir, name, WHOLE, real(dir, name, mode, device));
}

int mkdir(const char *name, mode_t mode)
{
	REAL(mkdir);
	UNLESS_FAULT(AT_FDCWD, name, WHOLE, real(name, mode));
}

int mkdirat(int dir, const char *name, mode_t mode)
{
	REAL(mkdirat);
	UNLESS_FAULT(dir, name, WHOLE, real(dir, name, mode));
}

int unlink(const char *name)
{
	REAL(unlink);
	UNLESS_FAULT(AT_FDCWD, name, WHOLE, real(name));
}

int unlinkat(int dir, const char *name, int flags)
{
	REAL(unlinkat);
	UNLESS_FAULT(dir, name, WHOLE, real(dir, name, flags));
}

int rmdir(const char *name)
{
	REAL(rmdir);
	UNLESS_FAULT(AT_FDCWD, name, WHOLE, real(name));
}

/* Opening to write, or making a file */

static int may_change(int flags)
{
	return (flags & (O_CREAT | O_WRONLY | O_RDWR | O_TRUNC)) && (flags & O_PATH) != O_PATH;
}

/* The mode that follows the flags, if there is one. */
#define MODE(flags, mode)                                                                          \
	do {                                                                                       \
		va_list rest;                                                                      \
		va_start(rest, flags);                                                             \
		mode = (flags) & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;                 \
		va_end(rest);                                                                      \
	} while (0)

int open64(const char *name, int flags, ...)
{
	mode_t mode;
	REAL(open64);

	MODE(flags, mode);
	if (may_change(flags) && meet(AT_FDCWD, name, MAY_BE_INTERRUPTED) == FAIL)
		return -1;
	return real(name, flags, mode);
}

int open(const char *name, int flags, ...)
{
	mode_t mode;

	MODE(flags, mode);
	return open64(name, flags, mode);
}

int openat64(int dir, const char *name, int flags, ...)
{
	mode_t mode;
	REAL(openat64);

	MODE(flags, mode);
	if (may_change(flags) && meet(dir, name, MAY_BE_INTERRUPTED) == FAIL)
		return -1;
	return real(dir, name, flags, mode);
}

int openat(int dir, const char *name, int flags, ...)
{
	mode_t mode;

	MODE(flags, mode);
	return openat64(dir, name, flags, mode);
}

/* Metadata */

int utimensat(int dir, const char *name, const struct timespec times[2], int flags)
{
	REAL(utimensat);
	UNLESS_FAULT(dir, name, WHOLE, real(dir, name, times, flags));
}

int futimens(int fd, const struct timespec times[2])
{
	REAL(futimens);
	UNLESS_FAULT(fd, NULL, WHOLE, real(fd, times));
}

int chmod(const char *name, mode_t mode)
{
	REAL(chmod);
	UNLESS_FAULT(AT_FDCWD, name, WHOLE, real(name, mode));
}

int fchmod(int fd, mode_t mode)
{
	REAL(fchmod);
	UNLESS_FAULT(fd, NULL, MAY_BE_INTERRUPTED, real(fd, mode));
}

int fchmodat(int dir, const char *name, mode_t mode, int flags)
{
	REAL(fchmodat);
	UNLESS_FAULT(dir, name, WHOLE, real(dir, name, mode, flags));
}

int fchown(int fd, uid_t user, gid_t group)
{
	REAL(fchown);
	UNLESS_FAULT(fd, NULL, MAY_BE_INTERRUPTED, real(fd, user, group));
}

int fchownat(int dir, const char *name, uid_t user, gid_t group, int flags)
{
	REAL(fchownat);
	UNLESS_FAULT(dir, name, WHOLE, real(dir, name, user, group, flags));
}

int setxattr(const char *path, const char *name, const void *value, size_t length, int flags)
{
	REAL(setxattr);
	UNLESS_FAULT(AT_FDCWD, path, WHOLE, real(path, name, value, length, flags));
}

int lsetxattr(const char *path, const char *name, const void *value, size_t length, int flags)
{
	REAL(lsetxattr);
	UNLESS_FAULT(AT_FDCWD, path, WHOLE, real(path, name, value, length, flags));
}

int fsetxattr(int fd, const char *name, const void *value, size_t length, int flags)
{
	REAL(fsetxattr);
	UNLESS_FAULT(fd, NULL, WHOLE, real(fd, name, value, length, flags));
}

/* Calls that this libc has no function for */

/* As in linux/openat2.h, which need not be installed. */
struct how {
	uint64_t flags;
	uint64_t mode;
	uint64_t resolve;
};

#ifndef SYS_openat2
#define SYS_openat2 437
#endif

static enum verdict meet_raw(long number, long a, long b, long c, long d)
{
	if (number == SYS_openat2 && may_change((int)((const struct how *)c)->flags))
		return meet((int)a, (const char *)b, MAY_BE_INTERRUPTED);
	if (number == SYS_renameat2)
		return meet((int)c, (const char *)d, WHOLE);
	if (number == SYS_copy_file_range)
		return meet((int)c, NULL, WHOLE);
	if (number == SYS_syncfs)
		return meet((int)a, NULL, WHOLE);
	return GO_ON;
}

long syscall(long number, ...)
{
	va_list rest;
	long a, b, c, d, e, f;
	REAL(syscall);

	va_start(rest, number);
	a = va_arg(rest, long);
	b = va_arg(rest, long);
	c = va_arg(rest, long);
	d = va_arg(rest, long);
	e = va_arg(rest, long);
	f = va_arg(rest, long);
	va_end(rest);
	return meet_raw(number, a, b, c, d) == FAIL ? -1 : real(number, a, b, c, d, e, f);
}

/* A system call that is not counted. */
static long raw(long number, long a, long b, long c, long d)
{
	REAL(syscall);
	return real(number, a, b, c, d);
}
