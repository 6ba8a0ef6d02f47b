import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Roles } from '../auth/roles.decorator.js';
import { Idempotent } from '../http/idempotent.interceptor.js';
import { ListQueryDto } from '../http/list-query.dto.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { IdPipe } from '../http/uuid.pipe.js';
import { InvitationOutcomesDto } from './dto/invitation-outcomes.dto.js';
import { InvitationPageDto } from './dto/invitation-page.dto.js';
import { InviteToPlatformDto } from './dto/invite-to-platform.dto.js';
import { InviteService } from './invite.service.js';

@ApiTags('Invitations')
@ApiBearerAuth()
@Roles('admin')
@Controller('invitations')
export class PlatformInvitationsController {
  constructor(private readonly invitations: InviteService) {}

  /** Invite people to make an account */
  @ApiOperation({
    operationId: 'invitations_inviteToPlatform',
    description:
      'For administrators. Each address gets a mail with a link that works once and for 14 days, unless `REGISTRATION` is `closed`.',
  })
  @Idempotent()
  @ApiOkResponse({ type: InvitationOutcomesDto, description: 'What came of each address.' })
  @Problems(400, 401, 403, 413, 415, 422, 429, 503)
  @HttpCode(200)
  @Post()
  invite(@CurrentUser() asker: Principal, @Body() dto: InviteToPlatformDto): Promise<InvitationOutcomesDto> {
    return this.invitations.inviteToPlatform(asker, dto);
  }

  /** List the invitations to make an account */
  @ApiOperation({ operationId: 'invitations_listOfPlatform', description: 'For administrators.' })
  @ApiOkResponse({ type: InvitationPageDto, description: 'One page of invitations.' })
  @Problems(401, 403, 422)
  @Get()
  list(@Query() query: ListQueryDto): Promise<InvitationPageDto> {
    return this.invitations.listOfPlatform(query);
  }

  /** Take an invitation to make an account back */
  @ApiOperation({ operationId: 'invitations_revokeOfPlatform', description: 'For administrators.' })
  @ApiNoContentResponse({ description: 'Its link does not work any more.' })
  @Problems(401, 403, 404)
  @HttpCode(204)
  @Delete(':invitationId')
  revoke(@CurrentUser() asker: Principal, @Param('invitationId', IdPipe) invitationId: string): Promise<void> {
    return this.invitations.revokeOfPlatform(asker, invitationId);
  }
}
