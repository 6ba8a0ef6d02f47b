import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TokensModule } from '../auth/tokens.module.js';
import { Environment } from '../config/env.js';
import { LogMailTransport } from './log-mail-transport.js';
import { MailOutbox } from './mail-outbox.js';
import { MailRelay } from './mail-relay.js';
import { MailTransport } from './mail-transport.js';
import { Mail } from './mail.entity.js';
import { SmtpMailTransport } from './smtp-mail-transport.js';

/** Outgoing mail. */
@Module({
  imports: [TypeOrmModule.forFeature([Mail]), TokensModule],
  providers: [
    MailOutbox,
    MailRelay,
    {
      provide: MailTransport,
      inject: [Environment],
      useFactory: ({ mail }: Environment): MailTransport =>
        mail.kind === 'smtp' ? new SmtpMailTransport(mail.server) : new LogMailTransport(),
    },
  ],
  exports: [MailOutbox],
})
export class MailModule {}
