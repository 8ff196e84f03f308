/* Ice includes Python's private eval.h, which is gone since 3.11, and uses nothing of it. */
