import { JwtService } from '@nestjs/jwt';
import type { DataSource } from 'typeorm';
import { AuditEntry } from '../../src/audit/audit-entry.entity.js';
import { AuditHead } from '../../src/audit/audit-head.entity.js';
import { AuditLog } from '../../src/audit/audit-log.js';
import { AccessTokens } from '../../src/auth/access-tokens.js';
import { SecretBox } from '../../src/auth/secret-box.js';
import { SigningKeys } from '../../src/auth/signing-keys.js';
import { type Environment, parseEnvironment } from '../../src/config/env.js';
import { createDataSource } from '../../src/database/data-source.js';
import { migrate } from '../../src/database/migrator.js';
import { Transactions } from '../../src/database/transactions.js';
import { parseContent, placeOf } from '../../src/mail/mail-content.js';
import { MailOutbox } from '../../src/mail/mail-outbox.js';
import { Mail } from '../../src/mail/mail.entity.js';
import { AccountDirectory } from '../../src/users/account-directory.js';
import { AccountMails } from '../../src/users/account-mails.js';
import { AccountToken } from '../../src/users/account-token.entity.js';
import { AccountTokens } from '../../src/users/account-tokens.js';
import { AfterAnswer } from '../../src/users/after-answer.js';
import { EmailService } from '../../src/users/email.service.js';
import { FirstAdministrator } from '../../src/users/first-administrator.js';
import { LoginAttemptRow } from '../../src/users/login-attempts.entity.js';
import { LoginAttempts } from '../../src/users/login-attempts.js';
import { OwnPassword } from '../../src/users/own-password.js';
import { PasswordHasher } from '../../src/users/password-hasher.js';
import { PasswordResetService } from '../../src/users/password-reset.service.js';
import { RecoveryCode } from '../../src/users/recovery-code.entity.js';
import { RefreshToken } from '../../src/users/refresh-token.entity.js';
import { RefreshTokenSweeper } from '../../src/users/refresh-token-sweeper.js';
import { RefreshTokens } from '../../src/users/refresh-tokens.js';
import { SecondFactor } from '../../src/users/second-factor.entity.js';
import { SecondFactorService } from '../../src/users/second-factor.service.js';
import { SecondFactors } from '../../src/users/second-factors.js';
import { SessionIssuer } from '../../src/users/session-issuer.js';
import { SessionsService } from '../../src/users/sessions.service.js';
import { User } from '../../src/users/user.entity.js';
import { UsersService } from '../../src/users/users.service.js';
import { createTemporaryDatabase } from './temporary-database.js';

/** The services of accounts on a database of their own, without HTTP. */
export async function accountServices(variables: Readonly<Record<string, string>> = {}): Promise<AccountServices> {
  const database = await createTemporaryDatabase();
  const environment = parseEnvironment({
    DATABASE_URL: database.url,
    JWT_SECRET: 'integration-tests-sign-with-this-key',
    ...variables,
  });
  const entities = [
    User,
    RefreshToken,
    LoginAttemptRow,
    AccountToken,
    SecondFactor,
    RecoveryCode,
    Mail,
    AuditEntry,
    AuditHead,
  ];
  const dataSource = createDataSource(environment, entities, { guardWrites: true });
  await dataSource.initialize();
  // Migrations write outside of Transactions.run, as they must.
  const migrating = createDataSource(environment, []);
  await migrating.initialize();
  await migrate(migrating, environment);
  await migrating.destroy();
  const passwords = new PasswordHasher();
  await passwords.onModuleInit();
  return new AccountServices(environment, dataSource, passwords, () => database.drop());
}

export class AccountServices {
  readonly transactions: Transactions;
  readonly sessions: SessionsService;
  readonly users: UsersService;
  readonly emails: EmailService;
  readonly secondFactor: SecondFactorService;
  readonly resets: PasswordResetService;
  readonly sweeper: RefreshTokenSweeper;
  readonly firstAdministrator: FirstAdministrator;
  readonly later = new AfterAnswer();
  private readonly box: SecretBox;

  constructor(
    readonly environment: Environment,
    readonly dataSource: DataSource,
    passwords: PasswordHasher,
    private readonly drop: () => Promise<void>,
  ) {
    const keys = new SigningKeys(environment.jwtSecrets);
    this.box = new SecretBox(keys);
    this.transactions = new Transactions(dataSource);
    const { transactions, later } = this;
    const rows = dataSource.getRepository(User);
    const audit = new AuditLog();
    const refreshTokens = new RefreshTokens(keys);
    const attempts = new LoginAttempts(transactions);
    const tokens = new AccountTokens(transactions);
    const mails = new AccountMails(environment, new MailOutbox(environment, this.box));
    const directory = new AccountDirectory(rows, environment);
    const factors = new SecondFactors(this.box, audit);
    const own = new OwnPassword(rows, passwords, attempts);
    this.emails = new EmailService(rows, transactions, tokens, mails, own, directory, audit);
    this.sessions = new SessionsService(
      rows,
      environment,
      transactions,
      passwords,
      new SessionIssuer(new AccessTokens(new JwtService({}), keys), refreshTokens),
      refreshTokens,
      attempts,
      this.emails,
      factors,
      audit,
    );
    this.secondFactor = new SecondFactorService(
      dataSource.getRepository(SecondFactor),
      transactions,
      factors,
      this.box,
      own,
      attempts,
      mails,
      audit,
    );
    this.users = new UsersService(rows, transactions, passwords, refreshTokens, directory, own, mails, audit);
    this.resets = new PasswordResetService(
      rows,
      transactions,
      later,
      tokens,
      mails,
      passwords,
      attempts,
      refreshTokens,
      directory,
      audit,
    );
    this.sweeper = new RefreshTokenSweeper(dataSource.getRepository(RefreshToken), transactions, attempts, tokens);
    this.firstAdministrator = new FirstAdministrator(rows, environment, transactions, passwords, refreshTokens, audit);
  }

  /** The texts of mails to an address, oldest first. They wait: nobody sends them. */
  async mailsTo(recipient: string): Promise<readonly string[]> {
    const rows = await this.dataSource.getRepository(Mail).find({ where: { recipient }, order: { id: 'ASC' } });
    return rows.map(({ id, content }) => parseContent(this.box.open(placeOf(id), content ?? ''))?.text ?? '');
  }

  /** The tokens of the links that were mailed to an address, oldest first. */
  async tokensMailedTo(recipient: string): Promise<readonly string[]> {
    return (await this.mailsTo(recipient)).flatMap((text) => /\?token=([\w-]+)/.exec(text)?.[1] ?? []);
  }

  async close(): Promise<void> {
    await this.later.onApplicationShutdown();
    await this.transactions.onApplicationShutdown();
    await this.dataSource.destroy();
    await this.drop();
  }
}
