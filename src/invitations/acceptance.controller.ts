import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { MaybeUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { PublicOrSignedIn } from '../auth/public.decorator.js';
import { Scope } from '../auth/scope.decorator.js';
import { Unverified } from '../auth/unverified.decorator.js';
import { type Client, ThisClient } from '../http/client.decorator.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { AcceptanceService } from './acceptance.service.js';
import { AcceptInvitationDto } from './dto/accept-invitation.dto.js';
import { AcceptedInvitationDto } from './dto/accepted-invitation.dto.js';

@ApiTags('Invitations')
@Controller('auth/invitations')
export class AcceptanceController {
  constructor(private readonly acceptance: AcceptanceService) {}

  /**
   * Accept an invitation
   *
   * @remarks
   * Without an access token: makes an account with the invited address, and needs `name` and `password`; where there is one
   * already, 409 `account_exists`. With one: enrols its user, whose address must be the invited one (`invitation_for_other`). A
   * token works once (`token_invalid`), and while whoever sent it may still invite.
   */
  @ApiOperation({ operationId: 'invitations_accept', security: [{}, { bearer: [] }] })
  @ApiOkResponse({ type: AcceptedInvitationDto, description: 'The signed-in user is in the course.' })
  @ApiCreatedResponse({ type: AcceptedInvitationDto, description: 'An account was made, and its user is signed in.' })
  @Problems(400, 401, 403, 409, 413, 415, 422, 503)
  @PublicOrSignedIn()
  @Unverified()
  @Scope('session')
  @HttpCode(200)
  @Post('accept')
  accept(
    @MaybeUser() asker: Principal | null,
    @Body() dto: AcceptInvitationDto,
    @ThisClient() client: Client,
  ): Promise<AcceptedInvitationDto> {
    return this.acceptance.accept(asker, dto, client);
  }
}
