import { get } from 'node:http';
import { connect, createServer } from 'node:net';

const LOOK_EVERY_MS = 300;
const LOOK_TIMEOUT_MS = 2_000;

/**
 * A TCP proxy on a port of the loopback, to be broken at will. `mode`:
 * - `pass`: hands bytes on, both ways;
 * - `hole`: neither reads nor writes nor closes anything, as a network that drops packets; what was on its way goes on after
 *   it, as retransmitted packets do;
 * - `refuse`: ends each new connection at once.
 *
 * With several targets connections go round among those whose `healthPath` answers 200 (all, when none does), and on to the
 * next when one refuses.
 */
export class TcpProxy {
  #targets;
  #healthPath;
  #healthy = new Set();
  #server;
  #links = new Set();
  #mode = 'pass';
  #turn = 0;
  #looking;
  delayMs = 0;
  port = 0;

  /** @param {{ targets: readonly number[], healthPath?: string | null }} options ports of the loopback */
  constructor({ targets, healthPath = null }) {
    this.#targets = targets;
    this.#healthPath = healthPath;
  }

  /** @param {import('../lib/cleanup.mjs').Cleanup} cleanup */
  async open(cleanup) {
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#take(client));
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.port = this.#server.address().port;
    if (this.#healthPath !== null) this.#looking = setInterval(() => void this.look(), LOOK_EVERY_MS);
    cleanup.add(() => {
      clearInterval(this.#looking);
      this.#server.close();
      this.cut();
    });
    return this;
  }

  get mode() {
    return this.#mode;
  }

  set mode(mode) {
    this.#mode = mode;
    for (const link of this.#links) link.update();
  }

  /** Ends every connection at once, with a reset. */
  cut() {
    for (const link of this.#links) link.end();
  }

  /** Asks every target for its health. */
  async look() {
    await Promise.all(
      this.#targets.map(async (port) => {
        if (await isHealthy(port, this.#healthPath)) this.#healthy.add(port);
        else this.#healthy.delete(port);
      }),
    );
  }

  #take(client) {
    if (this.#mode === 'refuse') {
      client.on('error', () => {});
      client.resetAndDestroy();
      return;
    }
    const link = new Link(client, () => this.#candidates(), this);
    this.#links.add(link);
    client.once('close', () => this.#links.delete(link));
    link.update();
  }

  /** Targets in the order in which to try them. */
  #candidates() {
    const well = this.#targets.filter((port) => this.#healthy.has(port));
    const usable = well.length > 0 ? well : this.#targets;
    this.#turn += 1;
    const first = this.#turn % usable.length;
    const others = this.#targets.filter((port) => !usable.includes(port));
    return [...usable.slice(first), ...usable.slice(0, first), ...others];
  }
}

/** One connection through the proxy. */
class Link {
  #client;
  #target = null;
  #isConnecting = false;
  #candidates;
  #proxy;

  constructor(client, candidates, proxy) {
    this.#client = client;
    this.#candidates = candidates;
    this.#proxy = proxy;
    client.pause();
    client.setNoDelay(true);
    client.on('error', () => this.end());
    client.on('close', () => this.end());
  }

  /** Does what the proxy's mode asks for. */
  update() {
    const isHole = this.#proxy.mode === 'hole';
    if (this.#target === null) {
      if (!isHole && !this.#isConnecting) this.#connect([...this.#candidates()]);
      return;
    }
    for (const socket of [this.#client, this.#target]) {
      if (isHole) socket.pause();
      else socket.resume();
    }
  }

  end() {
    for (const socket of [this.#client, this.#target]) {
      if (socket !== null && !socket.destroyed) socket.resetAndDestroy();
    }
  }

  #connect(candidates) {
    this.#isConnecting = true;
    const port = candidates.shift();
    if (port === undefined || this.#client.destroyed) {
      this.end();
      return;
    }
    const target = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    target.once('error', () => this.#connect(candidates));
    target.once('connect', () => {
      target.removeAllListeners('error');
      target.setNoDelay(true);
      target.on('error', () => this.end());
      target.on('close', () => this.end());
      this.#target = target;
      this.#forward(this.#client, target);
      this.#forward(target, this.#client);
      this.update();
    });
  }

  #forward(from, to) {
    from.on('data', (chunk) => {
      if (this.#proxy.delayMs > 0) setTimeout(() => this.#write(from, to, chunk), this.#proxy.delayMs);
      else this.#write(from, to, chunk);
    });
    from.on('end', () => setTimeout(() => to.end(), this.#proxy.delayMs));
    from.pause();
  }

  #write(from, to, chunk) {
    if (to.destroyed || to.write(chunk)) return;
    from.pause();
    to.once('drain', () => this.update());
  }
}

function isHealthy(port, path) {
  return new Promise((resolve) => {
    const request = get({ port, host: '127.0.0.1', path, timeout: LOOK_TIMEOUT_MS, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}
