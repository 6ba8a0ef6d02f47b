import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountStatus } from '../auth/account-status.js';
import { TokensModule } from '../auth/tokens.module.js';
import { AccountDirectory } from './account-directory.js';
import { FirstAdministrator } from './first-administrator.js';
import { MeController } from './me.controller.js';
import { PasswordHasher } from './password-hasher.js';
import { RefreshToken } from './refresh-token.entity.js';
import { RefreshTokenSweeper } from './refresh-token-sweeper.js';
import { RefreshTokens } from './refresh-tokens.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';
import { User } from './user.entity.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';

/** Accounts: who there is, how they sign in, and who may act. */
@Module({
  imports: [TypeOrmModule.forFeature([User, RefreshToken]), TokensModule],
  controllers: [SessionsController, MeController, UsersController],
  providers: [
    UsersService,
    SessionsService,
    PasswordHasher,
    RefreshTokens,
    RefreshTokenSweeper,
    FirstAdministrator,
    AccountDirectory,
    { provide: AccountStatus, useExisting: AccountDirectory },
  ],
  exports: [AccountStatus],
})
export class UsersModule {}
