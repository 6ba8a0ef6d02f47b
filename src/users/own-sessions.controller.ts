import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Roles } from '../auth/roles.decorator.js';
import { Scope } from '../auth/scope.decorator.js';
import { Unverified } from '../auth/unverified.decorator.js';
import { ListQueryDto } from '../http/list-query.dto.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { IdPipe } from '../http/uuid.pipe.js';
import { OwnSessionPageDto } from './dto/own-session-page.dto.js';
import { OwnSessionsService } from './own-sessions.service.js';

@ApiTags('Accounts')
@ApiBearerAuth()
@Unverified()
@Controller('users')
export class OwnSessionsController {
  constructor(private readonly sessions: OwnSessionsService) {}

  /** List my sessions */
  @ApiOperation({
    operationId: 'sessions_list',
    description: 'The sign-ins that still live. The last renewed is first.',
  })
  @ApiOkResponse({ type: OwnSessionPageDto, description: 'One page of sessions.' })
  @Problems(401, 403, 422)
  @Scope('session')
  @Get('me/sessions')
  list(@CurrentUser() asker: Principal, @Query() list: ListQueryDto): Promise<OwnSessionPageDto> {
    return this.sessions.list(asker, list);
  }

  /** End one of my sessions */
  @ApiOperation({
    operationId: 'sessions_end',
    description:
      'Its refresh token is refused at once. Access tokens of all sessions are refused within a second; the others renew theirs.',
  })
  @ApiNoContentResponse({ description: 'The session has ended.' })
  @Problems(401, 403, 404)
  @Scope('session')
  @HttpCode(204)
  @Delete('me/sessions/:sessionId')
  end(@CurrentUser() asker: Principal, @Param('sessionId', IdPipe) sessionId: string): Promise<void> {
    return this.sessions.end(asker, sessionId);
  }

  /** End all my sessions */
  @ApiOperation({ operationId: 'sessions_endAll', description: 'This one too. Personal access tokens go on.' })
  @ApiNoContentResponse({ description: 'All sessions have ended.' })
  @Problems(401, 403)
  @Scope('session')
  @HttpCode(204)
  @Delete('me/sessions')
  endAll(@CurrentUser() asker: Principal): Promise<void> {
    return this.sessions.endAll(asker, asker.userId);
  }

  /** End all sessions of a user */
  @ApiOperation({ operationId: 'sessions_endAllOf', description: 'For administrators. Personal access tokens go on.' })
  @ApiNoContentResponse({ description: 'All sessions have ended.' })
  @Problems(401, 403, 404)
  @Roles('admin')
  @HttpCode(204)
  @Delete(':userId/sessions')
  endAllOf(@CurrentUser() asker: Principal, @Param('userId', IdPipe) userId: string): Promise<void> {
    return this.sessions.endAll(asker, userId);
  }
}
