import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Roles } from '../auth/roles.decorator.js';
import { type ExpectedVersions, IfMatch } from '../http/entity-tag.js';
import { mapPage } from '../http/page.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { IdPipe } from '../http/uuid.pipe.js';
import { ListUsersDto } from './dto/list-users.dto.js';
import { ManageUserDto } from './dto/manage-user.dto.js';
import { ManagedUserDto } from './dto/managed-user.dto.js';
import { UserPageDto } from './dto/user-page.dto.js';
import { UsersService } from './users.service.js';

@ApiTags('Users')
@ApiBearerAuth()
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  /**
   * List users
   *
   * @remarks
   * For administrators; newest first.
   */
  @ApiOperation({ operationId: 'users_list' })
  @ApiOkResponse({ type: UserPageDto, description: 'One page of users.' })
  @Problems(401, 403, 422)
  @Roles('admin')
  @Get()
  async list(@Query() list: ListUsersDto): Promise<UserPageDto> {
    return mapPage(await this.users.listUsers(list), (user) => ManagedUserDto.from(user));
  }

  /**
   * Get a user
   *
   * @remarks
   * Administrators see everyone, all others themselves.
   */
  @ApiOperation({ operationId: 'users_get' })
  @ApiOkResponse({ type: ManagedUserDto, description: 'The user.' })
  @Problems(401, 404)
  @Get(':id')
  async get(@Param('id', IdPipe) id: string, @CurrentUser() asker: Principal): Promise<ManagedUserDto> {
    return ManagedUserDto.from(await this.users.getUser(id, asker));
  }

  /**
   * Change a user
   *
   * @remarks
   * For administrators: a JSON merge patch of name, role or `disabled`. The last active administrator stays one
   * (`last_admin`).
   */
  @ApiOperation({ operationId: 'users_update' })
  @ApiOkResponse({ type: ManagedUserDto, description: 'The user as changed.' })
  @Problems(400, 401, 403, 404, 409, 412, 413, 415, 422)
  @Roles('admin')
  @Patch(':id')
  async update(
    @Param('id', IdPipe) id: string,
    @Body() changes: ManageUserDto,
    @IfMatch() expected: ExpectedVersions,
    @CurrentUser() asker: Principal,
  ): Promise<ManagedUserDto> {
    return ManagedUserDto.from(await this.users.manage(asker, id, changes, expected));
  }
}
