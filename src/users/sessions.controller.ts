import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CountedAs } from '../auth/counted-as.decorator.js';
import { Public } from '../auth/public.decorator.js';
import { type Client, ThisClient } from '../http/client.decorator.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { LoginDto } from './dto/login.dto.js';
import { RefreshDto } from './dto/refresh.dto.js';
import { RegisterDto } from './dto/register.dto.js';
import { SessionDto } from './dto/session.dto.js';
import { SessionsService } from './sessions.service.js';

@ApiTags('Accounts')
@Public()
@Controller('auth')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  /**
   * Register
   *
   * @remarks
   * Makes a student and signs them in. Closed where `REGISTRATION` is not `open` (`registration_closed`).
   */
  @ApiOperation({ operationId: 'auth_register', security: [] })
  @ApiCreatedResponse({ type: SessionDto, description: 'The account was made, and its user is signed in.' })
  @Problems(400, 403, 409, 413, 415, 422, 503)
  @CountedAs('signIn')
  @Post('register')
  register(@Body() body: RegisterDto, @ThisClient() client: Client): Promise<SessionDto> {
    return this.sessions.register(body, client);
  }

  /**
   * Sign in
   *
   * @remarks
   * Gives an access token for 15 minutes and a refresh token for 30 days. An unknown address and a wrong password get the
   * same answer (`invalid_credentials`). After five failures in a row each further one doubles a pause (`too_many_attempts`, 429),
   * up to 15 minutes, and so does each wrong code. An account with a second factor answers 401 `second_factor_required`: send
   * `code` as well (`second_factor_wrong`; each code works once). Places from which the account was signed in to lately are counted apart.
   */
  @ApiOperation({ operationId: 'auth_login', security: [] })
  @ApiOkResponse({ type: SessionDto, description: 'Signed in.' })
  @Problems(400, 401, 403, 413, 415, 422, 429, 503)
  @HttpCode(200)
  @CountedAs('signIn')
  @Post('login')
  login(@Body() body: LoginDto, @ThisClient() client: Client): Promise<SessionDto> {
    return this.sessions.login(body, client);
  }

  /**
   * Refresh
   *
   * @remarks
   * Exchanges a refresh token for a new access token and the next refresh token. Within 10 seconds the same token gives the
   * same successor; later it ends everything that followed from its sign-in (`refresh_token_reused`).
   */
  @ApiOperation({ operationId: 'auth_refresh', security: [] })
  @ApiOkResponse({ type: SessionDto, description: 'The session goes on with new tokens.' })
  @Problems(400, 401, 413, 415, 422, 503)
  @HttpCode(200)
  @Post('refresh')
  refresh(@Body() { refreshToken }: RefreshDto, @ThisClient() client: Client): Promise<SessionDto> {
    return this.sessions.refresh(refreshToken, client);
  }

  /**
   * Sign out
   *
   * @remarks
   * Ends the session of a refresh token, also when the token has been used or is unknown. The last access token runs out by
   * itself.
   */
  @ApiOperation({ operationId: 'auth_logout', security: [] })
  @ApiNoContentResponse({ description: 'The session has ended.' })
  @Problems(400, 413, 415, 422, 503)
  @HttpCode(204)
  @Post('logout')
  logout(@Body() { refreshToken }: RefreshDto): Promise<void> {
    return this.sessions.logout(refreshToken);
  }
}
