import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError } from '../errors/domain-error.js';
import type { AuthenticatedRequest } from './current-user.decorator.js';
import { OPEN_TO_UNVERIFIED } from './unverified.decorator.js';

/** The one place that keeps out who has to confirm their e-mail address first (`EMAIL_VERIFICATION=required`). */
@Injectable()
export class VerifiedGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const { user } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (user?.mustVerifyEmail !== true) return true;
    const isOpen = this.reflector.getAllAndOverride<boolean | undefined>(OPEN_TO_UNVERIFIED, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (isOpen === true) return true;
    throw new DomainError(
      'forbidden',
      'email_unverified',
      'Confirm your e-mail address first: POST /api/v1/users/me/email/verification mails a link.',
    );
  }
}
