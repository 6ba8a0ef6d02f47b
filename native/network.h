/*
 * The network namespace that the tests of a submission are given, one after the other, as long as none has used it. A test
 * that used it leaves traces after its processes are dead: connections in TIME_WAIT, which the next test could read, and
 * whose ports it could not bind; and counters, which grow even when there is no way to an address. The next one gets another
 * network then.
 */
#ifndef ASSAY_NETWORK_H
#define ASSAY_NETWORK_H

#include <stdbool.h>

/* From here on, a difference means that a test used the network. Needs a `/proc`. */
void watch_network(void);

/* False where it cannot be known whether a network was used: every test then has one of its own. */
bool is_network_watched(void);

/* Gives the next tests another network when a test has used this one. True when it did. */
bool renew_used_network(void);

#endif
