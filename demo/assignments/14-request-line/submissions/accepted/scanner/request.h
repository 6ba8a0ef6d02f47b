#ifndef REQUEST_H
#define REQUEST_H

#include <stddef.h>

/* A piece of somebody else's text. */
struct span {
    const char *start;
    size_t length;
};

struct request {
    struct span method, path, query, version;
    int has_query;
};

/* Returns 1 and fills in `request`, or returns 0 when `line` is no request line. */
int parse_request(struct span line, struct request *request);

#endif
