/*
 * All functions of the libc through which a program changes something: each asks `meet` first.
 */
#define _GNU_SOURCE
#include "inject.h"
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

/* The libc's own function of that name. */
#define REAL(function)                                                                             \
	static __typeof__(function) *real;                                                         \
	if (!real)                                                                                 \
		real = (__typeof__(function) *)dlsym(RTLD_NEXT, #function)

/* A function that does what the libc's does, unless it meets a fault on `name` in `dir`. */
#define CALL(function, parameters, arguments, dir, name, habits)                                   \
	int function parameters                                                                    \
	{                                                                                          \
		REAL(function);                                                                    \
		return meet(__func__, dir, name, habits) == FAIL ? -1 : real arguments;                      \
	}

static size_t shortened(enum verdict verdict, size_t length)
{
	return verdict == CUT_SHORT && length > 1 ? length / 2 : length;
}

/* Data */

ssize_t write(int fd, const void *bytes, size_t length)
{
	enum verdict verdict;
	REAL(write);

	verdict = fd <= STDERR_FILENO ? GO_ON : meet(__func__, fd, NULL, MAY_BE_SHORT | MAY_BE_INTERRUPTED);
	return verdict == FAIL ? -1 : real(fd, bytes, shortened(verdict, length));
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
	enum verdict verdict;
	REAL(writev);

	verdict = fd <= STDERR_FILENO ? GO_ON : meet(__func__, fd, NULL, MAY_BE_SHORT | MAY_BE_INTERRUPTED);
	return verdict == FAIL ? -1 : real(fd, parts, (int)shortened(verdict, (size_t)count));
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset)
{
	enum verdict verdict;
	REAL(pwrite64);

	verdict = meet(__func__, fd, NULL, MAY_BE_SHORT | MAY_BE_INTERRUPTED);
	return verdict == FAIL ? -1 : real(fd, bytes, shortened(verdict, length), offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
	return pwrite64(fd, bytes, length, offset);
}

ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t length,
			unsigned flags)
{
	enum verdict verdict;
	REAL(copy_file_range);

	verdict = meet(__func__, to, NULL, MAY_BE_SHORT);
	return verdict == FAIL ? -1 : real(from, from_at, to, to_at, shortened(verdict, length), flags);
}

CALL(ftruncate64, (int fd, off64_t length), (fd, length), fd, NULL, MAY_BE_INTERRUPTED)
int ftruncate(int fd, off_t length)
{
	return ftruncate64(fd, length);
}

CALL(fallocate64, (int fd, int mode, off64_t offset, off64_t length),
     (fd, mode, offset, length), fd, NULL, MAY_BE_INTERRUPTED)
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
	if ((request == clone || request == clone_range) && meet(__func__, fd, NULL, WHOLE) == FAIL)
		return -1;
	return real(fd, request, argument);
}

/* Flushes */

CALL(fsync, (int fd), (fd), fd, NULL, MAY_BE_INTERRUPTED)
CALL(fdatasync, (int fd), (fd), fd, NULL, MAY_BE_INTERRUPTED)
CALL(syncfs, (int fd), (fd), fd, NULL, WHOLE)

/* Names */

CALL(rename, (const char *from, const char *to), (from, to), AT_FDCWD, to, WHOLE)
CALL(renameat, (int from_dir, const char *from, int to_dir, const char *to),
     (from_dir, from, to_dir, to), to_dir, to, WHOLE)
CALL(renameat2, (int from_dir, const char *from, int to_dir, const char *to, unsigned flags),
     (from_dir, from, to_dir, to, flags), to_dir, to, WHOLE)
CALL(link, (const char *from, const char *to), (from, to), AT_FDCWD, to, WHOLE)
CALL(linkat, (int from_dir, const char *from, int to_dir, const char *to, int flags),
     (from_dir, from, to_dir, to, flags), to_dir, to, WHOLE)
CALL(symlinkat, (const char *target, int dir, const char *name),
     (target, dir, name), dir, name, WHOLE)
CALL(mknodat, (int dir, const char *name, mode_t mode, dev_t device),
     (dir, name, mode, device), dir, name, WHOLE)
CALL(mkdir, (const char *name, mode_t mode), (name, mode), AT_FDCWD, name, WHOLE)
CALL(mkdirat, (int dir, const char *name, mode_t mode), (dir, name, mode), dir, name, WHOLE)
CALL(unlink, (const char *name), (name), AT_FDCWD, name, WHOLE)
CALL(unlinkat, (int dir, const char *name, int flags), (dir, name, flags), dir, name, WHOLE)
CALL(rmdir, (const char *name), (name), AT_FDCWD, name, WHOLE)

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
	if (may_change(flags) && meet(__func__, AT_FDCWD, name, MAY_BE_INTERRUPTED) == FAIL)
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
	if (may_change(flags) && meet(__func__, dir, name, MAY_BE_INTERRUPTED) == FAIL)
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

CALL(utimensat, (int dir, const char *name, const struct timespec times[2], int flags),
     (dir, name, times, flags), dir, name, WHOLE)
CALL(futimens, (int fd, const struct timespec times[2]), (fd, times), fd, NULL, WHOLE)
CALL(chmod, (const char *name, mode_t mode), (name, mode), AT_FDCWD, name, WHOLE)
CALL(fchmod, (int fd, mode_t mode), (fd, mode), fd, NULL, MAY_BE_INTERRUPTED)
CALL(fchmodat, (int dir, const char *name, mode_t mode, int flags),
     (dir, name, mode, flags), dir, name, WHOLE)
CALL(fchown, (int fd, uid_t user, gid_t group), (fd, user, group), fd, NULL, MAY_BE_INTERRUPTED)
CALL(fchownat, (int dir, const char *name, uid_t user, gid_t group, int flags),
     (dir, name, user, group, flags), dir, name, WHOLE)
CALL(setxattr, (const char *path, const char *name, const void *value, size_t length, int flags),
     (path, name, value, length, flags), AT_FDCWD, path, WHOLE)
CALL(lsetxattr, (const char *path, const char *name, const void *value, size_t length, int flags),
     (path, name, value, length, flags), AT_FDCWD, path, WHOLE)
CALL(fsetxattr, (int fd, const char *name, const void *value, size_t length, int flags),
     (fd, name, value, length, flags), fd, NULL, WHOLE)

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
		return meet("openat2", (int)a, (const char *)b, MAY_BE_INTERRUPTED);
	if (number == SYS_renameat2)
		return meet("renameat2", (int)c, (const char *)d, WHOLE);
	if (number == SYS_copy_file_range)
		return meet("copy_file_range", (int)c, NULL, WHOLE);
	if (number == SYS_syncfs)
		return meet("syncfs", (int)a, NULL, WHOLE);
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
