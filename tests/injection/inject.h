/* What the functions of the libc ask before they do what they are for. */

/* What becomes of a call. */
enum verdict { GO_ON, FAIL, CUT_SHORT };

/* How a call can end beside working and failing. */
enum habit { WHOLE = 0, MAY_BE_SHORT = 1, MAY_BE_INTERRUPTED = 2 };

/* Counts a call of `function` on `name` in `dir`, or on the open file `dir`, and decides what becomes
 * of it. */
enum verdict meet(const char *function, int dir, const char *name, int habits);
