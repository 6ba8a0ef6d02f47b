// Verdict: memory_limit_exceeded
// Outcome: memory_limit
// Needs: cgroup
// Why: buffers lie outside of the collector's heap.
const held = [];
for (;;) held.push(Buffer.alloc(1 << 20, 1));
