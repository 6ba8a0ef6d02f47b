# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: reads the host's files, other processes and the environment of the worker.
import glob, os, re

found = []
for path in ("/etc/shadow", "/root", "/home", "/var", "/srv", "/sys", "/work", "/mnt", "/boot", "/proc/1/environ",
             "/proc/1/root", "/proc/1/mem", "/proc/1/cmdline", "/proc/1/task/1/mem", "/proc/kcore", "/dev/kmsg", "/dev/mem",
             "/dev/vda", "/dev/sda", "/dev/kvm", "/run/docker.sock", "/sys/fs/cgroup"):
    try:
        os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(1)
        found.append(path)
    except OSError:
        pass
users = [line.split(":")[0] for line in open("/etc/passwd")]
if users != ["box"]:
    found.append(users)
others = [pid for pid in glob.glob("/proc/[0-9]*") if int(re.sub(r"\D", "", pid)) not in (1, os.getpid())]
if others:
    found.append(others)
extra = set(os.environ) - {"PATH", "HOME", "LANG", "PWD", "PYTHONHASHSEED", "LC_CTYPE", "OLDPWD", "_", "SHLVL"}
if extra:
    found.append(sorted(extra))
descriptors = [name for name in os.listdir("/proc/self/fd") if int(name) > 3]  # 3 is this very listing
if descriptors:
    found.append(descriptors)
if os.getuid() == 0 or os.geteuid() == 0 or open("/proc/self/uid_map").read().split()[1] == "0":
    found.append("root")
print("contained" if not found else found)
