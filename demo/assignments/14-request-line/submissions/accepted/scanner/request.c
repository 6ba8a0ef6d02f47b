#include "request.h"

#include <string.h>

static int is_method_character(char c) { return (c >= 'A' && c <= 'Z') || c == '-'; }
static int is_path_character(char c) { return c != ' ' && c != '?'; }
static int is_query_character(char c) { return c != ' '; }

static struct span take(struct span *rest, int (*belongs)(char))
{
    struct span taken = {rest->start, 0};
    while (rest->length > 0 && belongs(*rest->start)) {
        taken.length++;
        rest->start++;
        rest->length--;
    }
    return taken;
}

static int skip(struct span *rest, const char *text)
{
    size_t length = strlen(text);
    if (rest->length < length || memcmp(rest->start, text, length) != 0)
        return 0;
    rest->start += length;
    rest->length -= length;
    return 1;
}

int parse_request(struct span rest, struct request *request)
{
    request->method = take(&rest, is_method_character);
    if (request->method.length == 0 || !skip(&rest, " ") || rest.length == 0 || *rest.start != '/')
        return 0;
    request->path = take(&rest, is_path_character);
    request->has_query = skip(&rest, "?");
    if (request->has_query)
        request->query = take(&rest, is_query_character);
    if (!skip(&rest, " HTTP/"))
        return 0;
    request->version = rest;
    return rest.length == 3 && (memcmp(rest.start, "1.0", 3) == 0 || memcmp(rest.start, "1.1", 3) == 0);
}
