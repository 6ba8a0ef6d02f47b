/**
 * What a personal access token may be used for, besides what its owner may do: a token never opens more than its owner's role
 * does. Each stands alone: `manage` does not include `read`.
 */
export const TOKEN_SCOPES = ['read', 'submit', 'manage', 'admin'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];
