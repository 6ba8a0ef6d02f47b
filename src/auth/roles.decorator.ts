import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import type { Principal } from './principal.js';

export const ALLOWED_ROLES = 'assay:roles';

/** Who may use a route, by their role on the platform. Without it: everyone who is signed in. */
export const Roles = (...roles: readonly [Principal['role'], ...Principal['role'][]]): CustomDecorator =>
  SetMetadata(ALLOWED_ROLES, roles);
