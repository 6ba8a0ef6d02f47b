import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from './auth/auth.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Environment } from './config/env.js';
import { DatabaseModule } from './database/database.module.js';
import { HttpModule } from './http/http.module.js';
import { loggerModule } from './logging.js';
import { UsersModule } from './users/users.module.js';

export interface AppChoices {
  /** Refuse writes that do not go through `Transactions.run`; for tests. */
  readonly guardWrites?: boolean;
}

/** What the HTTP process is made of. With `role: all` the worker runs in it as well. */
@Module({})
export class AppModule {
  static with(environment: Environment, choices: AppChoices = {}): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(environment),
        loggerModule(environment),
        DatabaseModule.forRoot(choices),
        HttpModule,
        AuthModule.with(UsersModule),
        UsersModule,
      ],
    };
  }
}
