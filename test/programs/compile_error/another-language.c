// Verdict: compile_error
// Build: exited 1
// Why: a Python program under the name of a C program.
// (The lines above are a comment in one of the two languages only.)
def main():
    print("3")

main()
