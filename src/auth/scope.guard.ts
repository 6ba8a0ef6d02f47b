import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError } from '../errors/domain-error.js';
import type { AuthenticatedRequest } from './current-user.decorator.js';
import type { Principal } from './principal.js';
import { ALLOWED_ROLES } from './roles.decorator.js';
import { REQUIRED_SCOPE, type RequiredScope, SESSION_ONLY } from './scope.decorator.js';

/** The one place where scopes of personal access tokens are enforced. A session has no scopes, and passes. */
@Injectable()
export class ScopeGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const { user, method } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (user?.scopes === undefined) return true;
    const places = [context.getHandler(), context.getClass()];
    const required =
      this.reflector.getAllAndOverride<RequiredScope | undefined>(REQUIRED_SCOPE, places) ??
      usualScope(
        method,
        this.reflector.getAllAndOverride<readonly Principal['role'][] | undefined>(ALLOWED_ROLES, places),
      );
    requireScope(user, required);
    return true;
  }
}

/** @throws DomainError `forbidden` for a personal access token that lacks the scope. A session has no scopes, and passes. */
export function requireScope({ scopes }: Principal, required: RequiredScope): void {
  if (scopes === undefined || scopes.some((scope) => scope === required)) return;
  if (required === SESSION_ONLY) {
    throw new DomainError(
      'forbidden',
      'session_required',
      'A personal access token does not do here, whatever its scopes: sign in, and send the access token that this gives.',
    );
  }
  throw new DomainError(
    'forbidden',
    'insufficient_scope',
    `This personal access token lacks the scope "${required}": make one that has it.`,
  );
}

function usualScope(method: string, roles: readonly Principal['role'][] | undefined): RequiredScope {
  if (roles?.length === 1 && roles[0] === 'admin') return 'admin';
  return method === 'GET' || method === 'HEAD' ? 'read' : 'manage';
}
