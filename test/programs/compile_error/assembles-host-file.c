// Verdict: compile_error
// Build: exited 1
// Why: the assembler can put files into a program, if it finds them.
__asm__(".section .rodata\nshadow: .incbin \"/etc/shadow\"\n");
int main(void) { return 0; }
