#include <stdio.h>
#include <stdlib.h>

#include "request.h"

static void print_span(const char *label, struct span span)
{
    fputs(label, stdout);
    fwrite(span.start, 1, span.length, stdout);
}

int main(void)
{
    char *buffer = NULL;
    size_t room = 0;
    ssize_t got;
    while ((got = getline(&buffer, &room, stdin)) >= 0) {
        struct span line = {buffer, (size_t)got};
        struct request request;
        if (line.length > 0 && buffer[line.length - 1] == '\n')
            line.length--;
        if (parse_request(line, &request)) {
            print_span("", request.method);
            print_span(" path=", request.path);
            if (request.has_query)
                print_span(" query=", request.query);
            print_span(" version=", request.version);
            putchar('\n');
        } else {
            puts("bad");
        }
    }
    free(buffer);
    return 0;
}
