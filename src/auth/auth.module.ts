import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { AccessTokenGuard } from './access-token.guard.js';
import { AccessTokenStrategy } from './access-token.strategy.js';
import { AccessTokenVerifier } from './access-token-verifier.js';
import { ClockCheck } from './clock-check.js';
import { RatesModule } from '../rates/rates.module.js';
import { RateGuard } from './rate.guard.js';
import { RolesGuard } from './roles.guard.js';
import { ScopeGuard } from './scope.guard.js';
import { TokensModule } from './tokens.module.js';
import { VerifiedGuard } from './verified.guard.js';

/** Closes all routes of the application but those marked `@Public()`. */
@Module({})
export class AuthModule {
  /**
   * @param accounts the module that exports an `AccountStatus` and `PersonalTokens`
   */
  static with(accounts: Type): DynamicModule {
    return {
      module: AuthModule,
      imports: [PassportModule, JwtModule.register({}), TokensModule, RatesModule, accounts],
      providers: [
        AccessTokenStrategy,
        AccessTokenVerifier,
        ClockCheck,
        // In this order: who asks, whether they ask too often, whether they are who they say, then whether they may, and whether
        // this token of theirs may.
        { provide: APP_GUARD, useClass: AccessTokenGuard },
        { provide: APP_GUARD, useClass: RateGuard },
        { provide: APP_GUARD, useClass: VerifiedGuard },
        { provide: APP_GUARD, useClass: RolesGuard },
        { provide: APP_GUARD, useClass: ScopeGuard },
      ],
      exports: [AccessTokenVerifier],
    };
  }
}
