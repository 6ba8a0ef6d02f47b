import { type CustomDecorator, SetMetadata } from '@nestjs/common';

export const PUBLIC_ROUTE = 'assay:public';
export const OR_SIGNED_IN = 'or_signed_in';

/** Opens a route to everyone; whoever sends a token is signed in, and refused if it is not valid. */
export const PublicOrSignedIn = (): CustomDecorator => SetMetadata(PUBLIC_ROUTE, OR_SIGNED_IN);

/** Opens a route to everyone. All others need a valid access token. */
export const Public = (): CustomDecorator => SetMetadata(PUBLIC_ROUTE, true);
