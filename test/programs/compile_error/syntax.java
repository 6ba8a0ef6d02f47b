// Verdict: compile_error
// Build: exited 1
// Why: not Java.
class Main { public static void main(String[] args) { int x = "no"; } }
