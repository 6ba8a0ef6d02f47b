import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CountedAs } from '../auth/counted-as.decorator.js';
import { Public } from '../auth/public.decorator.js';
import { type Client, ThisClient } from '../http/client.decorator.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { ForgotPasswordDto } from './dto/forgot-password.dto.js';
import { MailedTokenDto } from './dto/mailed-token.dto.js';
import { ResetPasswordDto } from './dto/reset-password.dto.js';
import { EmailService } from './email.service.js';
import { PasswordResetService } from './password-reset.service.js';

@ApiTags('Accounts')
@Public()
@CountedAs('signIn')
@Controller('auth')
export class MailedLinksController {
  constructor(
    private readonly resets: PasswordResetService,
    private readonly emails: EmailService,
  ) {}

  /**
   * Forgotten password
   *
   * @remarks
   * Mails a link to the address, if there is an account with it; the answer is the same in any case. Three mails an hour at
   * most. 503 `mail_not_set_up` where the server sends no mails.
   */
  @ApiOperation({ operationId: 'auth_forgotPassword', security: [] })
  @ApiAcceptedResponse({ description: 'If there is such an account, a mail is on its way.' })
  @Problems(400, 413, 415, 422, 503)
  @HttpCode(202)
  @Post('password/forgot')
  forgot(@Body() { email }: ForgotPasswordDto): void {
    this.resets.forgot(email);
  }

  /**
   * Reset password
   *
   * @remarks
   * Sets a new password with the token of a mailed link, which works once and within 30 minutes (`token_invalid`). All sessions
   * end. Works while signing in is refused for too many wrong passwords, and ends that.
   */
  @ApiOperation({ operationId: 'auth_resetPassword', security: [] })
  @ApiNoContentResponse({ description: 'The password was changed: sign in with it.' })
  @Problems(400, 413, 415, 422, 503)
  @HttpCode(204)
  @Post('password/reset')
  reset(@Body() body: ResetPasswordDto, @ThisClient() client: Client): Promise<void> {
    return this.resets.reset(body, client);
  }

  /**
   * Confirm an e-mail address
   *
   * @remarks
   * With the token of a mailed link, which works once and within 24 hours (`token_invalid`).
   */
  @ApiOperation({ operationId: 'auth_verifyEmail', security: [] })
  @ApiNoContentResponse({ description: 'The address is confirmed.' })
  @Problems(400, 413, 415, 422)
  @HttpCode(204)
  @Post('email/verify')
  verify(@Body() { token }: MailedTokenDto): Promise<void> {
    return this.emails.verify(token);
  }

  /**
   * Confirm a new e-mail address
   *
   * @remarks
   * With the token of the link that was mailed to it, which works once and within an hour (`token_invalid`). The account has the
   * new address from then on. `email_taken` where another account has it.
   */
  @ApiOperation({ operationId: 'auth_changeEmail', security: [] })
  @ApiNoContentResponse({ description: 'The account has the new address.' })
  @Problems(400, 409, 413, 415, 422)
  @HttpCode(204)
  @Post('email/change')
  change(@Body() { token }: MailedTokenDto): Promise<void> {
    return this.emails.change(token);
  }
}
