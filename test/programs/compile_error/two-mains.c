// Verdict: compile_error
// Build: exited 1
// Files: {"old.c": "int main(void) { return 0; }\n"}
// Why: an older version was handed in as well, and the build takes all sources.
int main(void) { return 0; }
