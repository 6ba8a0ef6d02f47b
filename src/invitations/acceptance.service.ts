import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import type { Principal } from '../auth/principal.js';
import { Environment } from '../config/env.js';
import { Course } from '../courses/course.entity.js';
import { Enrolment, type CourseRole } from '../courses/enrolment.entity.js';
import { databaseNow } from '../database/database-clock.js';
import { isUniqueViolation } from '../database/database-errors.js';
import { newId } from '../database/new-id.js';
import { rowLock } from '../database/row-lock.js';
import { Transactions } from '../database/transactions.js';
import { DomainError, type FieldError } from '../errors/domain-error.js';
import type { Client } from '../http/client.decorator.js';
import { withAnswer } from '../http/answer.js';
import { invalidToken } from '../users/account-tokens.js';
import { insertAccount } from '../users/new-account.js';
import { PasswordHasher } from '../users/password-hasher.js';
import { refuseGuessablePassword } from '../users/password-rules.js';
import { SessionIssuer } from '../users/session-issuer.js';
import { User } from '../users/user.entity.js';
import type { AcceptInvitationDto } from './dto/accept-invitation.dto.js';
import { AcceptedInvitationDto } from './dto/accepted-invitation.dto.js';
import { Invitation } from './invitation.entity.js';
import { claimInvitation, hashOfInvitation, registrationClosed, requireNotArchived } from './invite.service.js';

/** What the page of an invitation shows to whoever has its token. */
export interface ShownInvitation {
  readonly email: string;
  readonly courseTitle: string | null;
  readonly hasAccount: boolean;
}

/** Lets in who was invited: with a new account, or with the one that has the address which the mail went to. */
@Injectable()
export class AcceptanceService {
  constructor(
    @InjectRepository(Invitation) private readonly invitations: Repository<Invitation>,
    private readonly environment: Environment,
    private readonly transactions: Transactions,
    private readonly passwords: PasswordHasher,
    private readonly sessions: SessionIssuer,
    private readonly audit: AuditLog,
  ) {}

  async accept(asker: Principal | null, dto: AcceptInvitationDto, client: Client): Promise<AcceptedInvitationDto> {
    const found = await this.find(dto.token);
    if (found === null) throw invalidToken();
    return asker === null ? this.register(found, dto, client) : this.join(found, asker.userId);
  }

  /** Null for a token that is of no use. */
  async show(token: string): Promise<ShownInvitation | null> {
    const found = await this.find(token);
    if (found === null) return null;
    const { manager } = this.invitations;
    const course = found.courseId === null ? null : await manager.findOneBy(Course, { id: found.courseId });
    const hasAccount = await manager.existsBy(User, { email: found.email });
    return { email: found.email, courseTitle: course?.title ?? null, hasAccount };
  }

  private async find(token: string): Promise<Invitation | null> {
    const { manager } = this.invitations;
    const found = await manager.findOneBy(Invitation, { tokenHash: hashOfInvitation(token) });
    if (found === null || found.acceptedAt !== null || found.expiresAt <= (await databaseNow(manager))) return null;
    return found;
  }

  /** Makes an account, and signs in. The mail was read, so the address is theirs. */
  private async register(
    found: Invitation,
    { name, password }: AcceptInvitationDto,
    client: Client,
  ): Promise<AcceptedInvitationDto> {
    const { email } = found;
    if (await this.invitations.manager.existsBy(User, { email })) throw accountExists();
    if (this.environment.registration === 'closed') throw registrationClosed();
    if (name === undefined || password === undefined) {
      const missing: FieldError[] = [];
      if (name === undefined) missing.push({ path: '/name', message: 'is needed for a new account' });
      if (password === undefined) missing.push({ path: '/password', message: 'is needed for a new account' });
      throw DomainError.invalid(missing);
    }
    refuseGuessablePassword(password, email);
    const passwordHash = await this.passwords.hash(password);
    try {
      return await this.transactions.run(async (manager) => {
        const role = found.courseId === null && found.role === 'instructor' ? 'instructor' : 'student';
        const user = await insertAccount(manager, { email, name, passwordHash, role, isEmailVerified: true });
        await this.take(manager, found, user);
        const session = await this.sessions.begin(manager, user, client);
        await this.note(manager, found, user.id, true);
        return withAnswer(AcceptedInvitationDto.of({ courseId: found.courseId, role: found.role, session }), {
          status: 201,
        });
      });
    } catch (error) {
      throw isUniqueViolation(error) ? accountExists() : error;
    }
  }

  /** @throws DomainError `forbidden` (`invitation_for_other`) for who has another address */
  private async join(found: Invitation, userId: string): Promise<AcceptedInvitationDto> {
    const attempt = (): Promise<AcceptedInvitationDto> =>
      this.transactions.run(async (manager) => {
        const user = await manager.findOne(User, { where: { id: userId }, ...rowLock(manager) });
        if (user === null || user.disabled) throw DomainError.notFound('user');
        if (user.email !== found.email) {
          throw new DomainError(
            'forbidden',
            'invitation_for_other',
            'This invitation was sent to another address: sign in with the account that has it, or ask to be invited anew.',
          );
        }
        if (found.courseId === null) throw alreadyRegistered();
        const role = await this.take(manager, found, user);
        if (user.emailVerifiedAt === null) {
          await manager.update(User, { id: userId }, { emailVerifiedAt: await databaseNow(manager) });
        }
        await this.note(manager, found, userId, false);
        return AcceptedInvitationDto.of({ courseId: found.courseId, role, session: null });
      });
    try {
      return await attempt();
    } catch (error) {
      // Somebody added them at the same moment: this time they are in.
      if (isUniqueViolation(error)) return attempt();
      throw error;
    }
  }

  /** @returns the role that they have now: whoever is in the course keeps theirs */
  private async take(manager: EntityManager, found: Invitation, user: User): Promise<Invitation['role']> {
    if (!(await mayStillInvite(manager, found))) throw invalidToken();
    if (!(await claimInvitation(manager, found.id, user.id))) throw invalidToken();
    const { courseId } = found;
    if (courseId === null) return found.role;
    const course = await manager.findOneBy(Course, { id: courseId });
    if (course === null) throw invalidToken();
    requireNotArchived(course);
    const present = await manager.findOneBy(Enrolment, { courseId, userId: user.id });
    if (present !== null) return present.role;
    const role = courseRoleOf(found);
    await manager.insert(Enrolment, {
      id: newId(),
      courseId,
      userId: user.id,
      role,
      createdAt: await databaseNow(manager),
      version: 1,
    });
    return role;
  }

  private note(manager: EntityManager, found: Invitation, userId: string, isNewAccount: boolean): Promise<void> {
    return this.audit.record(manager, {
      actorId: userId,
      action: 'invitation.accepted',
      targetType: 'invitation',
      targetId: found.id,
      courseId: found.courseId,
      detail: { role: found.role, isNewAccount, invitedBy: found.invitedBy },
    });
  }
}

/** An invitation is worth what whoever sent it may do now: those of people who were disabled, or left, let nobody in. */
async function mayStillInvite(manager: EntityManager, { invitedBy, courseId }: Invitation): Promise<boolean> {
  const inviter = await manager.findOneBy(User, { id: invitedBy });
  if (inviter === null || inviter.disabled) return false;
  if (inviter.role === 'admin') return true;
  return courseId !== null && manager.existsBy(Enrolment, { courseId, userId: invitedBy, role: 'instructor' });
}

function courseRoleOf({ role }: Invitation): CourseRole {
  if (role === 'admin') throw new Error('An invitation to a course has a role that courses do not have.');
  return role;
}

function accountExists(): DomainError {
  return new DomainError(
    'conflict',
    'account_exists',
    'There is an account with the invited address: sign in with it, and send the token again with its access token.',
  );
}

function alreadyRegistered(): DomainError {
  return new DomainError('conflict', 'already_registered', 'You have an account already: there is nothing to accept.');
}
