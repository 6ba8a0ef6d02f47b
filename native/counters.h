/* The kernel's counts of what ran in the tests' cgroups, read from the descriptors that the worker opened. */
#ifndef ASSAY_COUNTERS_H
#define ASSAY_COUNTERS_H

#include <stdint.h>

/* Once, before the others. Fatal when the counters cannot be read. */
void find_counters(void);

uint64_t cpu_used_us(void);
uint64_t out_of_memory_kills(void);

#endif
