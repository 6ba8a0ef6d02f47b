import { type CustomDecorator, SetMetadata } from '@nestjs/common';

export const PUBLIC_ROUTE = 'assay:public';

/** Opens a route to everyone. All others need a valid access token. */
export const Public = (): CustomDecorator => SetMetadata(PUBLIC_ROUTE, true);
