/** The header of a JWT as it was sent, unverified; null when it cannot be read. */
export function readTokenHeader(token: string): { readonly [name: string]: unknown } | null {
  const [encoded = ''] = token.split('.', 1);
  try {
    const header: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
    return typeof header === 'object' && header !== null && !Array.isArray(header) ? { ...header } : null;
  } catch {
    // Not JSON, so not a token of ours; the caller refuses it as it does any other.
    return null;
  }
}
