import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { clientOf } from './http/client.decorator.js';
import { DtoValidationPipe } from './http/validation.pipe.js';
import type { FormField } from './pages/html-page.js';
import { type LinkPage, linkPages, type SentForm } from './pages/link-pages.js';
import { AcceptanceService } from './invitations/acceptance.service.js';
import { AcceptInvitationDto } from './invitations/dto/accept-invitation.dto.js';
import { LoginDto } from './users/dto/login.dto.js';
import { MailedTokenDto } from './users/dto/mailed-token.dto.js';
import { ResetPasswordDto } from './users/dto/reset-password.dto.js';
import { EmailService } from './users/email.service.js';
import { PasswordResetService } from './users/password-reset.service.js';
import { SessionsService } from './users/sessions.service.js';

const PREFIX = '/api/v1/account';

const NEW_PASSWORD: FormField = {
  name: 'password',
  label: 'New password',
  hint: '8 to 128 characters; a whole sentence is a good password.',
  type: 'password',
  autocomplete: 'new-password',
  required: true,
};

const pipe = new DtoValidationPipe();

/** What a form sent, checked by the same rules as the body of the route that does the same. */
async function checked<Dto>(form: SentForm, metatype: Type<Dto>): Promise<Dto> {
  const dto: unknown = await pipe.transform({ ...form }, { type: 'body', metatype });
  if (dto instanceof metatype) return dto;
  throw new Error('The validation pipe gave something else than it was asked for.');
}

/** Serves what mailed links lead to: Assay has no web front end, and people who follow a link have no REST client at hand. */
export async function serveAccountPages(app: NestFastifyApplication): Promise<void> {
  const resets = app.get(PasswordResetService, { strict: false });
  const emails = app.get(EmailService, { strict: false });
  const resetPassword: LinkPage = {
    name: 'reset-password',
    title: 'Choose a new password',
    button: 'Change password',
    describe: async () => ({ paragraphs: ['All sessions of the account end.'], fields: [NEW_PASSWORD] }),
    submit: async (form, client) => {
      await resets.reset(await checked(form, ResetPasswordDto), client);
      return ['Your password was changed. Sign in with it.'];
    },
  };
  const verifyEmail: LinkPage = {
    name: 'verify-email',
    title: 'Confirm your e-mail address',
    button: 'Confirm',
    describe: async () => ({
      paragraphs: ['Confirm that the address which this link was sent to is yours.'],
      fields: [],
    }),
    submit: async (form) => {
      await emails.verify((await checked(form, MailedTokenDto)).token);
      return ['Your e-mail address is confirmed.'];
    },
  };
  const confirmEmail: LinkPage = {
    name: 'confirm-email',
    title: 'Confirm your new e-mail address',
    button: 'Change address',
    describe: async () => ({ paragraphs: ['From then on you sign in with the new address.'], fields: [] }),
    submit: async (form) => {
      await emails.change((await checked(form, MailedTokenDto)).token);
      return ['Your account has its new e-mail address.'];
    },
  };
  const pages = [resetPassword, verifyEmail, confirmEmail, invitationPage(app)];
  await app.register(linkPages(pages, clientOf), { prefix: PREFIX });
}

/** Who has an account signs in with its password, and is in; who has none chooses one. */
function invitationPage(app: NestFastifyApplication): LinkPage {
  const acceptance = app.get(AcceptanceService, { strict: false });
  const sessions = app.get(SessionsService, { strict: false });
  const name: FormField = { name: 'name', label: 'Your name', type: 'text', autocomplete: 'name', required: true };
  const present: FormField = {
    name: 'password',
    label: 'Password',
    type: 'password',
    autocomplete: 'current-password',
    required: true,
  };
  const code: FormField = {
    name: 'code',
    label: 'Code',
    hint: 'Only if your account has a second factor.',
    type: 'text',
    autocomplete: 'one-time-code',
    required: false,
  };
  return {
    name: 'accept-invitation',
    title: 'Your invitation',
    button: 'Accept',
    describe: async (token) => {
      const shown = await acceptance.show(token);
      if (shown === null) return { paragraphs: ['This link does not work, or not any more.'], fields: [] };
      const what = shown.courseTitle === null ? 'make an account' : `the course "${shown.courseTitle}"`;
      const how = shown.hasAccount
        ? `Sign in as ${shown.email} to accept.`
        : `Your account will have the address ${shown.email}.`;
      const fields = shown.hasAccount ? [present, code] : [name, { ...NEW_PASSWORD, label: 'Password' }];
      return { paragraphs: [`You are invited to ${what}.`, how], fields };
    },
    submit: async (form, client) => {
      const shown = await acceptance.show(form['token'] ?? '');
      if (shown?.hasAccount !== true) {
        await acceptance.accept(null, await checked(form, AcceptInvitationDto), client);
        return ['You are in. Your account is made: sign in with it.'];
      }
      const { token, code: sentCode = '', ...rest } = form;
      const credentials = sentCode === '' ? rest : { ...rest, code: sentCode };
      const login = await checked({ ...credentials, email: shown.email }, LoginDto);
      const { user, refreshToken } = await sessions.login(login, client);
      // The page needs no session: what it signed in for is done at once.
      await sessions.logout(refreshToken);
      await acceptance.accept({ userId: user.id, role: user.role }, { token: token ?? '' }, client);
      return ['You are in. Sign in as you always do.'];
    },
  };
}
