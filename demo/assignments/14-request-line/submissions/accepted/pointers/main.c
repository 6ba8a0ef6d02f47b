#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Takes apart a line without its line break, in place. Returns 0 when it is no request line. */
static int print_request(char *line)
{
    char *method = line;
    size_t length = strspn(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-");
    if (length == 0 || method[length] != ' ')
        return 0;
    method[length] = '\0';

    char *target = method + length + 1;
    char *space = strchr(target, ' ');
    if (target[0] != '/' || space == NULL)
        return 0;
    *space = '\0';

    char *version = space + 1;
    if (strcmp(version, "HTTP/1.0") != 0 && strcmp(version, "HTTP/1.1") != 0)
        return 0;

    char *query = strchr(target, '?');
    if (query != NULL)
        *query++ = '\0';
    printf("%s path=%s", method, target);
    if (query != NULL)
        printf(" query=%s", query);
    printf(" version=%s\n", version + strlen("HTTP/"));
    return 1;
}

int main(void)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    while ((length = getline(&line, &room, stdin)) != -1) {
        if (length > 0 && line[length - 1] == '\n')
            line[length - 1] = '\0';
        if (!print_request(line))
            puts("bad");
    }
    free(line);
    return 0;
}
