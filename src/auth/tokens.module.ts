import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { Environment } from '../config/env.js';
import { AccessTokens } from './access-tokens.js';
import { dataFolderOf } from './data-folder.js';
import { readKeptSecret } from './kept-secret.js';
import { SecretBox } from './secret-box.js';
import { SigningKeys } from './signing-keys.js';

/** Makes tokens and keeps secrets; what signs users in imports it. */
@Module({
  imports: [JwtModule.register({})],
  providers: [
    {
      provide: SigningKeys,
      inject: [Environment],
      useFactory: async (environment: Environment): Promise<SigningKeys> => {
        const { jwtSecrets } = environment;
        if (jwtSecrets.length > 0) return new SigningKeys(jwtSecrets);
        return new SigningKeys([await readKeptSecret(join(dataFolderOf(environment), 'jwt-secret'))]);
      },
    },
    AccessTokens,
    SecretBox,
  ],
  exports: [SigningKeys, AccessTokens, SecretBox],
})
export class TokensModule {}
