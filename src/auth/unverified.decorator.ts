import { type CustomDecorator, SetMetadata } from '@nestjs/common';

export const OPEN_TO_UNVERIFIED = 'assay:open-to-unverified';

/**
 * Opens a route to people who have not confirmed their e-mail address, where the installation requires it: what they need to do
 * so, and to look after their own account.
 */
export const Unverified = (): CustomDecorator => SetMetadata(OPEN_TO_UNVERIFIED, true);
