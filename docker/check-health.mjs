// The health check of the images, which have no curl: exits with 0 when the address answers 2xx within four seconds.
const response = await fetch(process.argv[2], { signal: AbortSignal.timeout(4_000) }).catch(() => null);
process.exit(response?.ok === true ? 0 : 1);
