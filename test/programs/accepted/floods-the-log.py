# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: the system's log is out of reach.
import logging.handlers, os, syslog

for line in range(1000):
    syslog.syslog(syslog.LOG_EMERG, "flood")
try:
    logging.handlers.SysLogHandler("/dev/log").emit(logging.makeLogRecord({"msg": "flood"}))
    reached = os.path.exists("/dev/log")
except OSError:
    reached = False
print("contained" if not reached else "reached")
