/*
 * A fault at one call of a program, by LD_PRELOAD.
 *
 * All calls that change something are counted by one counter, whichever thread makes them. At the
 * call that was asked for, and at all later ones if the fault is to last, the fault happens.
 *
 *   INJECT_FAULT  KILL | EIO | ENOSPC | SHORT | EINTR | STOP, until somebody continues it
 *   INJECT_AT     the number of the call, from 1; 0 or nothing: only count
 *   INJECT_STICKY set: all calls from there on
 *   INJECT_ONLY   only calls of this function are counted
 *   INJECT_BELOW  only calls on files below this directory are counted
 *   INJECT_COUNT  a file that takes the number of calls when the program ends by itself
 *
 * SHORT and EINTR count only the calls that can end so. Writes to the standard streams are no
 * change. Only for programs that go through libc.
 */
#define _GNU_SOURCE
#include "inject.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static long counter;
static long at;
static int sticky;
static const char *fault;
static const char *only;
static const char *below;

__attribute__((constructor)) static void begin(void)
{
	const char *number = getenv("INJECT_AT");

	at = number ? atol(number) : 0;
	fault = getenv("INJECT_FAULT");
	only = getenv("INJECT_ONLY");
	below = getenv("INJECT_BELOW");
	sticky = getenv("INJECT_STICKY") != NULL;
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("INJECT_COUNT");
	long calls = counter;
	FILE *file;

	/* What follows is no call of the program. */
	at = 0;
	file = path ? fopen(path, "w") : NULL;
	if (file) {
		fprintf(file, "%ld\n", calls);
		fclose(file);
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

enum verdict meet(const char *function, int dir, const char *name, int habits)
{
	long number;

	if (only && strcmp(only, function) != 0)
		return GO_ON;
	if (is_fault("SHORT") && !(habits & MAY_BE_SHORT))
		return GO_ON;
	if (is_fault("EINTR") && !(habits & MAY_BE_INTERRUPTED))
		return GO_ON;
	if (!is_below(dir, name))
		return GO_ON;
	number = __atomic_add_fetch(&counter, 1, __ATOMIC_SEQ_CST);
	if (at <= 0 || number < at || (number > at && !sticky))
		return GO_ON;
	if (is_fault("SHORT"))
		return CUT_SHORT;
	if (is_fault("STOP")) {
		kill(getpid(), SIGSTOP);
		return GO_ON;
	}
	if (is_fault("KILL"))
		kill(getpid(), SIGKILL);
	errno = is_fault("ENOSPC") ? ENOSPC : is_fault("EINTR") ? EINTR : EIO;
	return FAIL;
}
