// Verdict: accepted
// Outcome: exited 0
// Stdin: "Grüße, 漢字 und 😀\n"
// Stdout: "15\n"
// Why: wide characters need the locale of the environment.
#include <locale.h>
#include <stdio.h>
#include <wchar.h>
int main(void) {
  wchar_t line[100];
  if (setlocale(LC_ALL, "") == NULL || fgetws(line, 100, stdin) == NULL) return 1;
  printf("%zu\n", wcslen(line) - 1);
  return 0;
}
