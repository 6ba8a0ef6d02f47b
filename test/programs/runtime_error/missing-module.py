# Verdict: runtime_error
# Outcome: exited 1
# Why: a package that is not there; nothing can be fetched.
import a_package_of_my_own_machine
