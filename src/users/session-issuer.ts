import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ACCESS_TOKEN_SECONDS, AccessTokens } from '../auth/access-tokens.js';
import type { Client } from '../http/client.decorator.js';
import { SessionDto } from './dto/session.dto.js';
import { RefreshTokens } from './refresh-tokens.js';
import type { User } from './user.entity.js';

/** Gives out what somebody who is signed in has. */
@Injectable()
export class SessionIssuer {
  constructor(
    private readonly accessTokens: AccessTokens,
    private readonly refreshTokens: RefreshTokens,
  ) {}

  /** Begins a session. The row of the user is locked, or new. */
  async begin(manager: EntityManager, user: User, client: Client): Promise<SessionDto> {
    const { token, sessionId } = await this.refreshTokens.issue(manager, user.id, client);
    return this.sessionOf(user, token, sessionId);
  }

  sessionOf(user: User, refreshToken: string, sessionId: string): SessionDto {
    const accessToken = this.accessTokens.sign({ userId: user.id, role: user.role, sessionId }, user.tokenVersion);
    return SessionDto.from(user, { accessToken, refreshToken, expiresIn: ACCESS_TOKEN_SECONDS });
  }
}
