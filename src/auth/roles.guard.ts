import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError } from '../errors/domain-error.js';
import type { AuthenticatedRequest } from './current-user.decorator.js';
import type { Principal } from './principal.js';
import { ALLOWED_ROLES } from './roles.decorator.js';

/** The one place where platform roles are enforced; runs behind the guard that tells who asks. */
@Injectable()
export class RolesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const allowed = this.reflector.getAllAndOverride<readonly Principal['role'][] | undefined>(ALLOWED_ROLES, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (allowed === undefined) return true;
    const { user } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (user !== undefined && allowed.includes(user.role)) return true;
    throw new DomainError('forbidden', 'forbidden', `Only for the role ${allowed.join(' or ')}.`);
  }
}
