import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Scope } from '../auth/scope.decorator.js';
import { Unverified } from '../auth/unverified.decorator.js';
import { type Client, ThisClient } from '../http/client.decorator.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { ChangeEmailDto } from './dto/change-email.dto.js';
import { EmailService } from './email.service.js';

@ApiTags('Accounts')
@ApiBearerAuth()
@Unverified()
@Controller('users/me')
export class OwnEmailController {
  constructor(private readonly emails: EmailService) {}

  /**
   * Ask for a mail that confirms my address
   *
   * @remarks
   * 409 `email_verified` where it is confirmed already; 429 `mailed_recently` after three mails within an hour.
   */
  @ApiOperation({ operationId: 'users_askForVerification' })
  @ApiAcceptedResponse({ description: 'A mail is on its way.' })
  @Problems(401, 403, 409, 429, 503)
  @Scope('session')
  @HttpCode(202)
  @Post('email/verification')
  askForVerification(@CurrentUser() asker: Principal): Promise<void> {
    return this.emails.askForVerification(asker.userId);
  }

  /**
   * Change my e-mail address
   *
   * @remarks
   * Mails a link to the new address, and news to the present one, which stays until the link is opened. Needs the password.
   */
  @ApiOperation({ operationId: 'users_changeEmail' })
  @ApiAcceptedResponse({ description: 'A mail is on its way to the new address.' })
  @Problems(400, 401, 403, 413, 415, 422, 429, 503)
  @Scope('session')
  @HttpCode(202)
  @Post('email')
  change(@CurrentUser() asker: Principal, @Body() body: ChangeEmailDto, @ThisClient() client: Client): Promise<void> {
    return this.emails.askForChange(asker.userId, body, client);
  }
}
