import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { AccountStatus } from '../auth/account-status.js';
import { PersonalTokens } from '../auth/personal-tokens.js';
import { TokensModule } from '../auth/tokens.module.js';
import { MailModule } from '../mail/mail.module.js';
import { AccountDirectory } from './account-directory.js';
import { AccountMails } from './account-mails.js';
import { AccountToken } from './account-token.entity.js';
import { AccountTokens } from './account-tokens.js';
import { AfterAnswer } from './after-answer.js';
import { EmailService } from './email.service.js';
import { FirstAdministrator } from './first-administrator.js';
import { LoginAttempts } from './login-attempts.js';
import { LoginAttemptRow } from './login-attempts.entity.js';
import { MailedLinksController } from './mailed-links.controller.js';
import { MeController } from './me.controller.js';
import { OwnEmailController } from './own-email.controller.js';
import { OwnPassword } from './own-password.js';
import { OwnSessionsController } from './own-sessions.controller.js';
import { OwnSessionsService } from './own-sessions.service.js';
import { PasswordHasher } from './password-hasher.js';
import { PasswordResetService } from './password-reset.service.js';
import { PersonalAccessToken } from './personal-access-token.entity.js';
import { PersonalAccessTokens } from './personal-access-tokens.js';
import { RecoveryCode } from './recovery-code.entity.js';
import { RefreshToken } from './refresh-token.entity.js';
import { RefreshTokenSweeper } from './refresh-token-sweeper.js';
import { RefreshTokens } from './refresh-tokens.js';
import { SecondFactor } from './second-factor.entity.js';
import { SecondFactorController } from './second-factor.controller.js';
import { SecondFactorService } from './second-factor.service.js';
import { SecondFactors } from './second-factors.js';
import { SessionIssuer } from './session-issuer.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';
import { TokensController } from './tokens.controller.js';
import { TokensService } from './tokens.service.js';
import { User } from './user.entity.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';

/** Accounts: who there is, how they sign in, and who may act. */
@Module({
  imports: [
    TypeOrmModule.forFeature([
      User,
      RefreshToken,
      PersonalAccessToken,
      LoginAttemptRow,
      AccountToken,
      SecondFactor,
      RecoveryCode,
    ]),
    TokensModule,
    AuditModule,
    MailModule,
  ],
  // `users/me/…` before `users/:id/…`.
  controllers: [
    SessionsController,
    MailedLinksController,
    MeController,
    OwnEmailController,
    TokensController,
    OwnSessionsController,
    SecondFactorController,
    UsersController,
  ],
  providers: [
    UsersService,
    SessionsService,
    PasswordHasher,
    RefreshTokens,
    RefreshTokenSweeper,
    FirstAdministrator,
    AccountDirectory,
    PersonalAccessTokens,
    TokensService,
    LoginAttempts,
    OwnSessionsService,
    AccountTokens,
    AccountMails,
    AfterAnswer,
    OwnPassword,
    PasswordResetService,
    EmailService,
    SessionIssuer,
    SecondFactors,
    SecondFactorService,
    { provide: AccountStatus, useExisting: AccountDirectory },
    { provide: PersonalTokens, useExisting: PersonalAccessTokens },
  ],
  exports: [AccountStatus, PersonalTokens, PasswordHasher, SessionIssuer],
})
export class UsersModule {}
