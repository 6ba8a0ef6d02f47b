import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isEmail } from 'class-validator';
import { type EntityManager, In, IsNull, LessThan, MoreThan, type Repository } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import type { Principal } from '../auth/principal.js';
import { Environment } from '../config/env.js';
import { CourseAccess } from '../courses/course-access.js';
import { Course } from '../courses/course.entity.js';
import { Enrolment } from '../courses/enrolment.entity.js';
import { databaseNow } from '../database/database-clock.js';
import { isUniqueViolation } from '../database/database-errors.js';
import { newId } from '../database/new-id.js';
import { Transactions } from '../database/transactions.js';
import { DomainError } from '../errors/domain-error.js';
import type { ListQueryDto } from '../http/list-query.dto.js';
import { findPage, mapPage } from '../http/page.js';
import { isMailable } from '../mail/mail-address.js';
import { MailOutbox } from '../mail/mail-outbox.js';
import { oneLine, paragraphs } from '../mail/mail-text.js';
import { normaliseEmail } from '../users/email-address.js';
import { User } from '../users/user.entity.js';
import type { InvitationOutcome, InvitationOutcomesDto } from './dto/invitation-outcomes.dto.js';
import type { InvitationPageDto } from './dto/invitation-page.dto.js';
import { InvitationDto } from './dto/invitation.dto.js';
import type { InviteToCourseDto } from './dto/invite-to-course.dto.js';
import type { InviteToPlatformDto } from './dto/invite-to-platform.dto.js';
import { Invitation, PLATFORM } from './invitation.entity.js';

const DAY_MS = 24 * 3_600_000;
const LIFETIME_MS = 14 * DAY_MS;
/** Whoever was invited so lately has the mail, or will: pressing twice sends one. */
const AGAIN_AFTER_MS = 10 * 60_000;
/** Mails of invitations to one address in a day, from whatever courses. */
const MOST_TO_ONE_A_DAY = 10;
const MOST_BY_ONE_A_DAY = 3_000;
const KEPT_MS = 30 * DAY_MS;
/** Addresses of one transaction: others must not wait for five hundred. */
const CHUNK = 25;
const MOST_TRIES = 3;

interface Wish {
  readonly scope: string;
  readonly courseId: string | null;
  readonly role: Invitation['role'];
  /** What they are invited to, as the end of "You are invited to". */
  readonly what: string;
}

export function hashOfInvitation(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Invites people by mail, lists who was invited, and takes invitations back. */
@Injectable()
export class InviteService {
  constructor(
    @InjectRepository(Invitation) private readonly invitations: Repository<Invitation>,
    private readonly environment: Environment,
    private readonly transactions: Transactions,
    private readonly access: CourseAccess,
    private readonly outbox: MailOutbox,
    private readonly audit: AuditLog,
  ) {}

  inviteToCourse(asker: Principal, courseId: string, dto: InviteToCourseDto): Promise<InvitationOutcomesDto> {
    return this.invite(asker, dto.emails, async (manager) => {
      // Asked each time: whoever is taken out of the course meanwhile invites nobody any more.
      const { course } = await this.access.getManagerStanding(asker, courseId, manager);
      requireNotArchived(course);
      const what = `the course "${oneLine(course.title)}" (${oneLine(course.code, 40)}) as ${dto.role}`;
      return { scope: courseId, courseId, role: dto.role, what };
    });
  }

  inviteToPlatform(asker: Principal, { emails, role }: InviteToPlatformDto): Promise<InvitationOutcomesDto> {
    if (this.environment.registration === 'closed') throw registrationClosed();
    const what = `make an account at ${this.environment.publicUrl}`;
    return this.invite(asker, emails, () => Promise.resolve({ scope: PLATFORM, courseId: null, role, what }));
  }

  async listOfCourse(asker: Principal, courseId: string, list: ListQueryDto): Promise<InvitationPageDto> {
    await this.access.getManagerStanding(asker, courseId);
    return this.list(courseId, list);
  }

  listOfPlatform(list: ListQueryDto): Promise<InvitationPageDto> {
    return this.list(PLATFORM, list);
  }

  /** @throws DomainError `not_found` */
  async revokeOfCourse(asker: Principal, courseId: string, id: string): Promise<void> {
    await this.transactions.run(async (manager) => {
      await this.access.getManagerStanding(asker, courseId, manager);
      await this.revoke(manager, asker, courseId, id);
    });
  }

  /** @throws DomainError `not_found` */
  async revokeOfPlatform(asker: Principal, id: string): Promise<void> {
    await this.transactions.run((manager) => this.revoke(manager, asker, PLATFORM, id));
  }

  private async list(scope: string, list: ListQueryDto): Promise<InvitationPageDto> {
    const query = this.invitations.createQueryBuilder('invitation').where('invitation.scope = :scope', { scope });
    return mapPage(await findPage(query, 'invitation', list), (one) => InvitationDto.from(one));
  }

  private async revoke(manager: EntityManager, asker: Principal, scope: string, id: string): Promise<void> {
    const found = await manager.findOneBy(Invitation, { id, scope });
    if (found === null || (await manager.delete(Invitation, { id })).affected !== 1) {
      throw DomainError.notFound('invitation');
    }
    await this.audit.record(manager, {
      actorId: asker.userId,
      action: 'invitation.revoked',
      targetType: 'invitation',
      targetId: id,
      courseId: found.courseId,
      detail: { role: found.role },
    });
  }

  private async invite(
    asker: Principal,
    emails: readonly string[],
    wishOf: (manager: EntityManager) => Promise<Wish>,
  ): Promise<InvitationOutcomesDto> {
    this.outbox.requireMail();
    const seen = new Set<string>();
    const items: { email: string; outcome: InvitationOutcome }[] = [];
    for (let start = 0; start < emails.length; start += CHUNK) {
      const lines = emails.slice(start, start + CHUNK).map((email) => {
        const address = normaliseEmail(email);
        const isDuplicate = seen.has(address);
        seen.add(address);
        const refused = isAddress(address) ? (isDuplicate ? 'duplicate' : null) : 'invalid_address';
        return { email, address, refused } as const;
      });
      const wanted = lines.filter(({ refused }) => refused === null).map(({ address }) => address);
      const outcomes = await this.inviteChunk(asker, wanted, wishOf);
      for (const { email, address, refused } of lines) {
        items.push({ email, outcome: refused ?? outcomes.get(address) ?? 'invalid_address' });
      }
    }
    return { items };
  }

  /** Tried again where somebody else invited one of them at the very same moment. */
  private async inviteChunk(
    asker: Principal,
    addresses: readonly string[],
    wishOf: (manager: EntityManager) => Promise<Wish>,
  ): Promise<ReadonlyMap<string, InvitationOutcome>> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.transactions.run(async (manager) =>
          this.inviteAll(manager, asker, addresses, await wishOf(manager)),
        );
      } catch (error) {
        if (!isUniqueViolation(error) || tries === MOST_TRIES) throw error;
      }
    }
  }

  private async inviteAll(
    manager: EntityManager,
    asker: Principal,
    addresses: readonly string[],
    wish: Wish,
  ): Promise<ReadonlyMap<string, InvitationOutcome>> {
    const outcomes = new Map<string, InvitationOutcome>();
    if (addresses.length === 0) return outcomes;
    const now = await databaseNow(manager);
    await this.requireRoom(manager, asker.userId, addresses.length, now);
    const before = (ms: number): Date => new Date(now.getTime() - ms);
    await manager.delete(Invitation, { scope: wish.scope, expiresAt: LessThan(before(KEPT_MS)) });
    const there = await peopleThere(manager, wish, addresses);
    const earlier = await manager.findBy(Invitation, { scope: wish.scope, email: In([...addresses]) });
    const invited: string[] = [];
    for (const to of addresses) {
      const last = earlier.find(({ email }) => email === to);
      const isRecent = last !== undefined && last.acceptedAt === null && last.createdAt > before(AGAIN_AFTER_MS);
      const limit = { to, kind: 'invitation', most: MOST_TO_ONE_A_DAY, withinMs: DAY_MS };
      if (there.has(to)) {
        outcomes.set(to, wish.courseId === null ? 'already_registered' : 'already_member');
      } else if (isRecent || !(await this.outbox.maySend(manager, limit))) {
        outcomes.set(to, 'mailed_recently');
      } else {
        if (last !== undefined) await manager.delete(Invitation, { id: last.id });
        invited.push(await this.send(manager, asker, to, wish, now));
        outcomes.set(to, 'invited');
      }
    }
    if (invited.length > 0) await this.note(manager, asker, wish, invited);
    return outcomes;
  }

  private async send(manager: EntityManager, asker: Principal, to: string, wish: Wish, now: Date): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const id = newId();
    await manager.insert(Invitation, {
      id,
      scope: wish.scope,
      courseId: wish.courseId,
      email: to,
      role: wish.role,
      tokenHash: hashOfInvitation(token),
      invitedBy: asker.userId,
      createdAt: now,
      expiresAt: new Date(now.getTime() + LIFETIME_MS),
      acceptedAt: null,
      acceptedBy: null,
    });
    const link = `${this.environment.publicUrl}/api/v1/account/accept-invitation?token=${token}`;
    await this.outbox.add(manager, {
      kind: 'invitation',
      to,
      subject: wish.courseId === null ? 'You are invited' : `You are invited to ${wish.what}`,
      text: paragraphs(
        `You are invited to ${wish.what}.`,
        ['Within 14 days, open:', link],
        'The invitation is for this address. If you do not want it, you need not do anything.',
      ),
      usefulForMs: LIFETIME_MS,
    });
    return id;
  }

  private async requireRoom(manager: EntityManager, invitedBy: string, count: number, now: Date): Promise<void> {
    const createdAt = MoreThan(new Date(now.getTime() - DAY_MS));
    if ((await manager.countBy(Invitation, { invitedBy, createdAt })) + count <= MOST_BY_ONE_A_DAY) return;
    throw new DomainError(
      'limit_exceeded',
      'too_many_invitations',
      `You have invited ${MOST_BY_ONE_A_DAY} people within a day: go on tomorrow.`,
      { retryAfterSeconds: 3_600 },
    );
  }

  private note(manager: EntityManager, asker: Principal, wish: Wish, ids: readonly string[]): Promise<void> {
    return this.audit.record(manager, {
      actorId: asker.userId,
      action: 'invitation.sent',
      targetType: wish.courseId === null ? 'platform' : 'course',
      targetId: wish.scope,
      courseId: wish.courseId,
      detail: { role: wish.role, invitations: ids },
    });
  }
}

function isAddress(address: string): boolean {
  return isMailable(address) && isEmail(address);
}

/** Addresses of those who are in already: in the course, or on the platform. */
async function peopleThere(
  manager: EntityManager,
  { courseId }: Wish,
  addresses: readonly string[],
): Promise<ReadonlySet<string>> {
  const people = await manager.find(User, { select: { id: true, email: true }, where: { email: In([...addresses]) } });
  if (courseId === null || people.length === 0) return new Set(people.map(({ email }) => email));
  const members = await manager.findBy(Enrolment, { courseId, userId: In(people.map(({ id }) => id)) });
  const ids = new Set(members.map(({ userId }) => userId));
  return new Set(people.filter(({ id }) => ids.has(id)).map(({ email }) => email));
}

export function requireNotArchived({ status }: Course): void {
  if (status !== 'archived') return;
  throw new DomainError('conflict', 'course_archived', 'The course is archived: nobody comes into it any more.');
}

export function registrationClosed(): DomainError {
  return new DomainError(
    'forbidden',
    'registration_closed',
    'No accounts are made here any more: ask an administrator.',
  );
}

/** Of two who accept at once, one does. @returns false where it was accepted, replaced or revoked meanwhile */
export async function claimInvitation(manager: EntityManager, id: string, userId: string): Promise<boolean> {
  const changes = { acceptedAt: await databaseNow(manager), acceptedBy: userId };
  return (await manager.update(Invitation, { id, acceptedAt: IsNull() }, changes)).affected === 1;
}
