import { AsyncLocalStorage } from 'node:async_hooks';

/** Where something that is done comes from. */
interface Origin {
  /** The address of the client; null where it is not known. */
  readonly address: string | null;
}

const LONGEST_ADDRESS = 45;

const current = new AsyncLocalStorage<Origin>();

/** Does something so that the audit entries of it tell where it came from, whatever it waits for. */
export function runFrom<T>(address: string, work: () => T): T {
  return current.run({ address: address === '' ? null : address.slice(0, LONGEST_ADDRESS) }, work);
}

/** The address of the client for whom this is done; null for what a process does by itself. */
export function currentAddress(): string | null {
  return current.getStore()?.address ?? null;
}
