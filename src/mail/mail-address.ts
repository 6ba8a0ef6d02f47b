/**
 * One address and nothing that anybody could take for two: quoted local parts may hold commas and brackets, and programs differ
 * in how they read them (as in CVE-2025-13033). Nobody has such an address.
 */
const PLAIN_ADDRESS = /^[^\p{C}\p{Z}@<>()[\]\\,;:"]+@[^\p{C}\p{Z}@<>()[\]\\,;:"]+$/u;

/** Whether mails can be sent to an address. */
export function isMailable(address: string): boolean {
  return PLAIN_ADDRESS.test(address);
}
