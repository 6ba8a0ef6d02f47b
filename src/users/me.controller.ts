import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Scope } from '../auth/scope.decorator.js';
import { Unverified } from '../auth/unverified.decorator.js';
import { type Client, ThisClient } from '../http/client.decorator.js';
import { type ExpectedVersions, IfMatch } from '../http/entity-tag.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { UpdateMeDto } from './dto/update-me.dto.js';
import { UserDto } from './dto/user.dto.js';
import { UsersService } from './users.service.js';

@ApiTags('Accounts')
@ApiBearerAuth()
@Unverified()
@Controller('users/me')
export class MeController {
  constructor(private readonly users: UsersService) {}

  /**
   * Who am I
   *
   * @remarks
   * The signed-in user.
   */
  @ApiOperation({ operationId: 'users_getMe' })
  @ApiOkResponse({ type: UserDto, description: 'The signed-in user.' })
  @Problems(401)
  @Get()
  async get(@CurrentUser() asker: Principal): Promise<UserDto> {
    return UserDto.from(await this.users.getUser(asker.userId, asker));
  }

  /**
   * Change my account
   *
   * @remarks
   * A JSON merge patch of name or password. A new password needs the current one and ends all sessions; wrong ones
   * count as failed sign-ins (`too_many_attempts`).
   */
  @ApiOperation({ operationId: 'users_updateMe' })
  @ApiOkResponse({ type: UserDto, description: 'The user as changed.' })
  @Problems(400, 401, 403, 409, 412, 413, 415, 422, 429, 503)
  @Scope('session')
  @Patch()
  async update(
    @CurrentUser() asker: Principal,
    @Body() changes: UpdateMeDto,
    @IfMatch() expected: ExpectedVersions,
    @ThisClient() client: Client,
  ): Promise<UserDto> {
    return UserDto.from(await this.users.updateOwn(asker.userId, changes, expected, client));
  }
}
