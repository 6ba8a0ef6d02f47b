import { ApiProperty } from '@nestjs/swagger';
import type { User } from '../user.entity.js';
import { UserDto } from './user.dto.js';

/** What signing in gives. */
export class SessionDto {
  /** Who is signed in. */
  user: UserDto;

  /**
   * Send it as `Authorization: Bearer …`.
   * @example "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJyb2xlIjoic3R1ZGVudCJ9.2Zl0m3S9"
   */
  accessToken: string;

  /**
   * For `POST /auth/refresh`, once; valid for 30 days.
   * @example "pQ3vXb0Yk7tq2m5dV8cR1nLwZs4eHj6uGaTfKyPxBoE"
   */
  refreshToken: string;

  /**
   * Seconds until the access token expires.
   * @example 900
   */
  @ApiProperty({ type: 'integer' })
  expiresIn: number;

  static from(user: User, tokens: Pick<SessionDto, 'accessToken' | 'refreshToken' | 'expiresIn'>): SessionDto {
    return Object.assign(new SessionDto(), { user: UserDto.from(user), ...tokens });
  }
}
