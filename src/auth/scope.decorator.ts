import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import type { TokenScope } from './token-scopes.js';

export const REQUIRED_SCOPE = 'assay:scope';

/** No personal access token opens the route, whatever its scopes: it takes a signed-in person. */
export const SESSION_ONLY = 'session';
export type RequiredScope = TokenScope | typeof SESSION_ONLY;

/**
 * Which scope a personal access token needs for a route. Without it: `admin` where only administrators may use the route, else
 * `read` for GET and `manage` for all others.
 */
export const Scope = (scope: RequiredScope): CustomDecorator => SetMetadata(REQUIRED_SCOPE, scope);
